//! `hebe meter`: the module that runs, or that is deployed, in place of a contract.

use std::{fs, io, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use hebe_host_ei::{PARTICLES, Revision};
use hebe_vm::{
    Config, OPTIONS,
    meter::{Meter, Metering},
    validate::{InvalidCode, validate},
};
use serde::Serialize;

use crate::{
    code,
    error::{Error, FAILED},
    print::{self, Style, field},
    values,
    vms::ScheduleReport,
};

pub(crate) const AFTER_HELP: &str = "\
With --mode inline it is what the VM makes of a contract when it loads it: gas and depth in two globals, which only \
the VM reads and sets. That is for looking at; it is no contract, and nothing to deploy. With --mode sentinel it is a \
contract that charges itself through `ethereum.useGas`: what metering=sentinel deploys.

Charges of inline stand in the greatest unit that all prices of the schedule share, which the answer tells in particles, \
10,000 to a gas; those of sentinel stand in gas. docs/metering.md has the rule. The contract should not be metered yet.

Examples:
  hebe meter contracts/counter/counter.wasm --wat
  hebe meter contracts/token/token.wasm -o token.metered.wasm --mode sentinel
  hebe meter contracts/token/token.wasm --wat --schedule haswell
  hebe meter contracts/token/token.wasm -o token.metered.wasm --schedule schedules/unit.toml --json

Exit code: 0, 1 if the contract is not valid (`hebe check` says all that is wrong), 2 bad arguments or input, 3 the \
answer could not be written.";

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Mode {
    /// What runs
    Inline,
    /// What is deployed
    Sentinel,
}

#[derive(Args, Debug)]
pub(crate) struct MeterArgs {
    /// The contract: a file with wasm, WAT or hex; `-` for standard input; or hex itself, after 0x
    #[arg(value_name = "CODE")]
    code: String,
    /// Where the metered module goes; `-` for standard output
    #[arg(short, long, value_name = "OUT", required_unless_present = "wat")]
    output: Option<String>,
    /// Write the text format; without -o to standard output
    #[arg(long)]
    wat: bool,
    /// What to make of the contract
    #[arg(long, value_enum, default_value = "inline")]
    mode: Mode,
    /// What instructions cost: unit, haswell or a TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = "unit")]
    schedule: String,
    /// Which wasm the contract may have: r4 or extended
    #[arg(long, value_name = "NAME", default_value = "extended")]
    profile: String,
    /// Ethereum revision at which it is to run, by name or EVMC's number: later ones have more host functions
    #[arg(long, value_name = "NAME", default_value = values::DEFAULT_REVISION)]
    rev: Revision,
    /// Allow imports from the module `debug`
    #[arg(long)]
    debug: bool,
    /// Answer with one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    metering: &'static str,
    schedule: ScheduleReport,
    profile: &'static str,
    bytes: usize,
    metered_bytes: usize,
    /// Particles, of which 10,000 are a gas, in a unit of the charges.
    unit_particles: i64,
    /// What starting it costs.
    start_particles: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &MeterArgs) -> Result<ExitCode, Error> {
    let code = code::read_wasm(&args.code)?;
    args.check()?;
    let config = args.config()?;
    let metered = match metered(&code, &config, args.rev) {
        Ok(metered) => metered,
        Err(invalid) => {
            let more = "(`hebe check` tells everything that is wrong, and what to do)";
            print::to_stderr(&format!("{} {invalid}\n{more}\n", Style::stderr().bad("not a contract:")));
            return Ok(ExitCode::from(FAILED));
        }
    };
    let out = if args.wat { text(&metered.bytes)?.into_bytes() } else { metered.bytes.clone() };
    let file = args.output.as_deref().filter(|path| *path != "-").map(PathBuf::from);
    match &file {
        Some(path) => fs::write(path, &out)
            .map_err(|error| Error::usage(format!("cannot write {}: {error}", path.display())))?,
        None => print::bytes_to_stdout(&out)?,
    }
    let report = Report {
        metering: config.metering.name(),
        schedule: ScheduleReport::new(&config.prices),
        profile: config.profile.name,
        bytes: code.len(),
        metered_bytes: metered.bytes.len(),
        unit_particles: metered.unit,
        start_particles: metered.start,
        output: file,
    };
    report.tell(args.json)?;
    Ok(ExitCode::SUCCESS)
}

struct Output {
    bytes: Vec<u8>,
    unit: i64,
    start: i64,
}

fn metered(code: &[u8], config: &Config, revision: Revision) -> Result<Output, InvalidCode> {
    let debug = config.debug.is_some();
    let module = validate(code, &config.profile, revision, debug)?;
    let meter = Meter::new(config.metering, &config.prices);
    let start = module.facts().start_cost(code.len(), &config.prices);
    if config.metering == Metering::Inline {
        let metered = meter.load(&module);
        return Ok(Output { bytes: metered.bytes().to_vec(), unit: metered.unit(), start });
    }
    let bytes = meter.deploy(&module);
    validate(&bytes, &config.profile, revision, debug)?;
    Ok(Output { bytes, unit: PARTICLES, start })
}

fn text(wasm: &[u8]) -> Result<String, Error> {
    wasmprinter::print_bytes(wasm).map_err(|error| Error::Node(format!("cannot print the module: {error}")))
}

impl MeterArgs {
    /// What clap cannot check: a file that is taken for something else, or that would be lost.
    fn check(&self) -> Result<(), Error> {
        let Some(output) = self.output.as_deref() else { return Ok(()) };
        let option = output.split_once('=').map(|(name, _)| name);
        if OPTIONS.iter().any(|known| Some(known.name) == option) {
            return Err(Error::usage(format!(
                "-o is the file to write, not an option; --mode, --schedule and --profile are those of `hebe meter` \
                 (./{output} is a file)"
            )));
        }
        let same = |path: &str| fs::canonicalize(path).ok();
        if same(output).is_some_and(|file| same(&self.code) == Some(file)) {
            return Err(Error::usage(format!(
                "{output} is the contract itself; write the metered one elsewhere"
            )));
        }
        Ok(())
    }

    fn config(&self) -> Result<Config, Error> {
        let mut config = Config::default();
        let mode = if self.mode == Mode::Inline { "inline" } else { "sentinel" };
        let debug = if self.debug { "stderr" } else { "off" };
        let options =
            [("profile", &*self.profile), ("schedule", &self.schedule), ("metering", mode), ("debug", debug)];
        for (name, value) in options {
            config.set(name, Some(value)).map_err(|error| Error::usage(error.to_string()))?;
        }
        Ok(config)
    }
}

impl Report {
    /// On standard output, unless the module is there.
    fn tell(&self, json: bool) -> io::Result<()> {
        let style = if self.output.is_some() { Style::stdout() } else { Style::stderr() };
        let text = if json { print::json_line(self) } else { self.text(style) };
        if self.output.is_some() {
            return print::to_stdout(&text);
        }
        print::to_stderr(&text);
        Ok(())
    }

    fn text(&self, style: Style) -> String {
        let size = format!(
            "{} bytes from {}, × {:.2}",
            self.metered_bytes,
            self.bytes,
            self.metered_bytes as f64 / self.bytes as f64
        );
        let mut text = field(style, "metering", &format!("{}, profile {}", self.metering, self.profile));
        text += &field(style, "schedule", &self.schedule.text());
        text += &field(style, "size", &size);
        text += &field(
            style,
            "charges",
            &format!("in units of {} particles, 10,000 to a gas", self.unit_particles),
        );
        text += &field(style, "start", &format!("{} particles, charged before main", self.start_particles));
        if let Some(path) = &self.output {
            text += &field(style, "written to", &path.display().to_string());
        }
        text
    }
}
