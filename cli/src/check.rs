//! `hebe check`: whether code is a contract, everything that speaks against it, and what it takes.

mod hints;
mod nearest;
mod report;
mod start;
mod text;

use std::process::ExitCode;

use clap::{Args, builder::PossibleValuesParser};
use hebe_host_ei::{Prices, Profile, Revision};
use hebe_vm::{Config, validate::survey};

use report::Report;

use crate::{
    code,
    error::{Error, FAILED},
    print::{self, Style},
    values,
};

pub(crate) const AFTER_HELP: &str = "\
Nothing runs. Every reason for which a VM would refuse CODE is told with its place and with what to do about it; \
then how much of each limit is used, which features of wasm there are, how deep calls can nest in one message, and \
what starting the contract costs.

Examples:
  hebe check contracts/token/token.wasm
  hebe check contracts/token/token.wasm --profile r4 --schedule haswell
  hebe check contracts/factory/factory.wat --json --rev Osaka
  wat2wasm my.wat --output=- | hebe check -

Exit code: 0 a contract, 1 not a contract, 2 bad arguments or input, 3 the answer could not be written.";

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// The contract: a file with wasm, WAT or hex; `-` for standard input; or hex itself, after 0x
    #[arg(value_name = "CODE")]
    code: String,
    /// Which wasm is a contract: the first release, or also what today's compilers emit
    #[arg(long, value_name = "NAME", default_value = "extended", value_parser = profile_names())]
    profile: String,
    /// Ethereum revision at which it is to run, by name or EVMC's number: later ones have more host functions
    #[arg(long, value_name = "NAME", default_value = values::DEFAULT_REVISION)]
    rev: Revision,
    /// Allow imports from the module debug
    #[arg(long)]
    debug: bool,
    /// The price list for what starting costs: unit, haswell or a TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = "unit")]
    schedule: String,
    /// Answer with one line of JSON
    #[arg(long)]
    json: bool,
}

fn profile_names() -> PossibleValuesParser {
    Profile::ALL.iter().map(|profile| profile.name).collect::<Vec<_>>().into()
}

/// The price list of this name, or in this file.
fn schedule(name: &str) -> Result<Prices, Error> {
    let mut config = Config::default();
    config.set("schedule", Some(name)).map_err(|error| Error::usage(error.to_string()))?;
    Ok(config.prices)
}

pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode, Error> {
    let code = code::read_wasm(&args.code)?;
    let profile = Profile::ALL.iter().find(|profile| profile.name == args.profile);
    let profile = profile.unwrap_or(&Profile::EXTENDED);
    let prices = schedule(&args.schedule)?;
    let report =
        Report::new(&survey(&code, profile, args.rev, args.debug), &code, profile, args.rev, &prices);
    let text = if args.json { print::json_line(&report) } else { report.text(Style::stdout()) };
    print::to_stdout(&text)?;
    Ok(if report.valid { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}
