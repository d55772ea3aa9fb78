//! `hebe vm-info`: what a VM is and which options it has.

use std::process::ExitCode;

use clap::Args;
use hebe::{
    abi::ABI_VERSION,
    loader::{Instance, OptionRefused, Spec},
};
use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    print::{self, Style, field, one_line},
    vms::{self, CAPABILITIES, OptionArgs},
};

pub(crate) const AFTER_HELP: &str = "\
Two nodes whose Hebes show the same consensus fingerprint agree on the result of every contract. A library that \
is no Hebe cannot list its options: then well-known names are tried, on a new VM and with a value that nothing \
takes.

Options behind the library's path, or with -o those of the VM linked in, are set: so one sees whether they are taken, and why not. \
Nothing runs, and no folder for cache-dir is made.

Examples:
  hebe vm-info
  hebe vm-info -o metering=none -o cache-dir=/var/cache/hebe
  hebe vm-info ./target/release/libhebe.so
  hebe vm-info ./libhebe.so,profile=r4,log=stderr --json
  hebe vm-info ./libhebe.so,cache-dir=/var/cache/one,,two

Exit code: 0, or 2 if there is no such VM or it refuses an option.";

#[derive(Args, Debug)]
pub(crate) struct VmInfoArgs {
    /// A shared library that speaks EVMC 12; without it, the VM linked in. A comma in its path or in a value is written twice
    #[arg(value_name = "PATH[,OPTION=VALUE,…]")]
    library: Option<Spec>,
    #[command(flatten)]
    options: OptionArgs,
    /// Answer with one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Info {
    name: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    abi: i32,
    capabilities: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    /// The options are those that answered; there may be others.
    probed: bool,
    options: Vec<OptionInfo>,
}

#[derive(Default, Deserialize, Serialize)]
struct OptionInfo {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<String>,
}

/// What `hebe_describe` answers, as far as it is wanted here.
#[derive(Deserialize)]
struct Description {
    fingerprint: String,
    options: Vec<OptionInfo>,
}

pub(crate) fn run(args: &VmInfoArgs) -> Result<ExitCode, Error> {
    let info = match &args.library {
        None => {
            // What it shows does not depend on options, but whether it takes them is worth knowing.
            args.options.config(&[])?;
            linked_in()
        }
        Some(spec) => {
            args.options.none_for_a_library("hebe vm-info PATH")?;
            library(spec)?
        }
    };
    print::to_stdout(&if args.json { print::json_line(&info) } else { info.text(Style::stdout()) })?;
    Ok(ExitCode::SUCCESS)
}

fn linked_in() -> Info {
    let options = hebe_vm::OPTIONS.iter().map(|option| OptionInfo {
        name: option.name.to_owned(),
        values: Some(option.values.to_owned()),
        default: Some(option.default.to_owned()),
        about: Some(option.about.to_owned()),
    });
    Info {
        name: "hebe".to_owned(),
        version: hebe_vm::VERSION.to_owned(),
        path: None,
        abi: ABI_VERSION,
        capabilities: capability_names(hebe::capabilities(&hebe_vm::Config::default())),
        fingerprint: Some(hebe_vm::fingerprint()),
        probed: false,
        options: options.collect(),
    }
}

fn library(spec: &Spec) -> Result<Info, Error> {
    let vm = vms::load(spec)?;
    let description = vm.describe().and_then(|json| serde_json::from_str::<Description>(&json).ok());
    let probed = description.is_none();
    let (fingerprint, options) = match description {
        Some(description) => (Some(description.fingerprint), description.options),
        None => (None, probe(spec)?),
    };
    Ok(Info {
        name: vm.name().to_owned(),
        version: vm.version().to_owned(),
        path: Some(spec.path.display().to_string()),
        abi: ABI_VERSION,
        capabilities: capability_names(vm.capabilities()),
        fingerprint,
        probed,
        options,
    })
}

/// Options of VMs that people use with EVMC: Hera, evmone, the example of EVMC, Hebe.
const WELL_KNOWN: [&str; 19] = [
    "engine",
    "metering",
    "evm1mode",
    "benchmark",
    "evmtrace",
    "sys:sentinel",
    "sys:evm2wasm",
    "sys:runevm",
    "O",
    "advanced",
    "cgoto",
    "trace",
    "histogram",
    "validate_eof",
    "verbose",
    "profile",
    "cache-bytes",
    "debug",
    "log",
];

/// No number, no word, and no file that could be read or made.
const IMPOSSIBLE: &str = "/dev/null/no such value";

/// The well-known options that a VM has, found out on a new one that runs nothing.
fn probe(spec: &Spec) -> Result<Vec<OptionInfo>, Error> {
    let mut scratch = vms::load(&Spec { path: spec.path.clone(), options: Vec::new() })?;
    let known = WELL_KNOWN.iter().filter(|name| knows(&mut scratch, name));
    Ok(known.map(|name| OptionInfo { name: (*name).to_owned(), ..OptionInfo::default() }).collect())
}

fn knows(vm: &mut Instance, name: &str) -> bool {
    let answer = vm.set_option(name, Some(IMPOSSIBLE));
    !matches!(answer, Err(OptionRefused::InvalidName | OptionRefused::NoOptions))
}

fn capability_names(bits: u32) -> Vec<&'static str> {
    CAPABILITIES.iter().filter(|(bit, ..)| bits & bit != 0).map(|(_, name, _)| *name).collect()
}

impl Info {
    fn text(&self, style: Style) -> String {
        let mut text = field(style, "name", &one_line(&self.name));
        text += &field(style, "version", &one_line(&self.version));
        if let Some(path) = &self.path {
            text += &field(style, "library", &one_line(path));
        }
        text += &field(style, "interface", &format!("EVMC ABI {}", self.abi));
        text += &field(style, "capabilities", &self.capability_text());
        if let Some(fingerprint) = &self.fingerprint {
            text += &field(style, "fingerprint", &one_line(fingerprint));
        }
        let how = match (self.probed, self.options.is_empty()) {
            (true, true) => "none of the well-known names is known to it (found by trying them)",
            (true, false) => "found by trying well-known names; there may be others",
            (false, _) => "",
        };
        text += field(style, "options", how).trim_end();
        text += "\n";
        self.options.iter().fold(text, |text, option| text + &option.text(style))
    }

    fn capability_text(&self) -> String {
        let held = CAPABILITIES.iter().filter(|(_, name, _)| self.capabilities.contains(name));
        let lines: Vec<String> = held.map(|(_, name, about)| format!("{name}: {about}")).collect();
        if lines.is_empty() { "none".to_owned() } else { lines.join("\n") }
    }
}

impl OptionInfo {
    fn text(&self, style: Style) -> String {
        let mut text = format!("  {}", style.label(&one_line(&self.name)));
        if let Some(values) = &self.values {
            text += &format!(" = {}", one_line(values));
        }
        if let Some(default) = self.default.as_ref().filter(|default| !default.is_empty()) {
            text += &format!(" (default {})", one_line(default));
        }
        text += "\n";
        if let Some(about) = &self.about {
            text += &format!("      {}\n", one_line(about));
        }
        text
    }
}
