//! The VM that a command uses: Hebe as it is linked in, or any EVMC 12 library.

use std::sync::Arc;

use clap::Args;
use hebe::{
    abi::{CAPABILITY_EVM1, CAPABILITY_EWASM, CAPABILITY_PRECOMPILES},
    loader::{Instance, Spec},
};
use hebe_host_ei::Prices;
use hebe_state::FrameVm;
use hebe_vm::{Config, Vm, meter::Metering};
use serde::Serialize;

use crate::{error::Error, print, values};

/// Which VM, with which options.
#[derive(Args, Debug)]
pub(crate) struct VmArgs {
    /// A shared library that speaks EVMC 12, in place of the VM linked in; a comma in its path or in a value is written twice
    #[arg(long, value_name = "PATH[,OPTION=VALUE,…]")]
    vm: Option<Spec>,
    #[command(flatten)]
    options: OptionArgs,
}

/// Options of the VM linked in.
#[derive(Args, Debug)]
pub(crate) struct OptionArgs {
    /// An option of the VM linked in (repeatable; `hebe vm-info` lists them)
    #[arg(short = 'o', long = "option", value_name = "NAME=VALUE", value_parser = values::option)]
    options: Vec<(String, String)>,
}

impl OptionArgs {
    /// The settings: these defaults, unless the person says otherwise.
    pub(crate) fn config(&self, defaults: &[(&str, &str)]) -> Result<Config, Error> {
        let own = self.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut config = Config::default();
        for (name, value) in defaults.iter().copied().chain(own) {
            config
                .set(name, Some(value))
                .map_err(|error| Error::usage(print::one_line(&error.to_string())))?;
        }
        Ok(config)
    }

    /// An error if there are any where a library, named by this argument, is to run.
    pub(crate) fn none_for_a_library(&self, argument: &str) -> Result<(), Error> {
        if self.options.is_empty() {
            return Ok(());
        }
        Err(Error::usage(format!(
            "-o sets options of the VM linked in; put those of a library behind its path: {argument},NAME=VALUE"
        )))
    }
}

/// A VM, ready to run.
pub(crate) struct Chosen {
    pub(crate) vm: Arc<dyn FrameVm>,
    /// Name and version.
    pub(crate) name: String,
    /// True for the VM linked in.
    pub(crate) linked_in: bool,
    /// Who pays for wasm instructions there, if that is known: of a library it is not.
    pub(crate) metering: Option<MeteringReport>,
}

/// Who pays for wasm instructions, and how much.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MeteringReport {
    metering: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<ScheduleReport>,
}

/// A price list as answers name it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ScheduleReport {
    name: String,
    version: u32,
    hash: String,
}

impl MeteringReport {
    fn new(config: &Config) -> Self {
        let metered = config.metering != Metering::None;
        let schedule = metered.then(|| ScheduleReport::new(&config.prices));
        Self { metering: config.metering.name(), schedule }
    }

    /// True if code is metered before it is deployed, which a system contract offers, too.
    pub(crate) fn has_sentinel(&self) -> bool {
        self.metering == Metering::Sentinel.name()
    }

    pub(crate) fn text(&self) -> String {
        let schedule = self.schedule.as_ref().map(|schedule| format!(", schedule {}", schedule.text()));
        format!("{}{}", self.metering, schedule.unwrap_or_default())
    }
}

impl ScheduleReport {
    pub(crate) fn new(prices: &Prices) -> Self {
        let hash = print::hex(&hebe_vm::schedule::hash(prices));
        Self { name: prices.name.to_string(), version: prices.version, hash }
    }

    /// Name, version and the beginning of the hash.
    pub(crate) fn text(&self) -> String {
        format!("{} {} ({}…)", self.name, self.version, &self.hash[..10])
    }
}

impl VmArgs {
    /// Opens the VM with these defaults, unless the person says otherwise. A library gets those that it knows.
    pub(crate) fn open(&self, defaults: &[(&str, &str)]) -> Result<Chosen, Error> {
        let Some(spec) = &self.vm else {
            let config = self.options.config(defaults)?;
            let name = format!("hebe {}", hebe_vm::VERSION);
            let metering = Some(MeteringReport::new(&config));
            return Ok(Chosen { vm: Arc::new(Vm::new(config)), name, linked_in: true, metering });
        };
        self.options.none_for_a_library("--vm PATH")?;
        let mut instance = load(spec)?;
        for (name, value) in defaults {
            if !spec.options.iter().any(|(own, _)| own == name) {
                // One that does not know it is another VM, with defaults of its own.
                let _ = instance.set_option(name, Some(value));
            }
        }
        let name = format!("{} {}", instance.name(), instance.version());
        Ok(Chosen { vm: Arc::new(instance), name, linked_in: false, metering: None })
    }
}

/// Opens a library and sets its options.
pub(crate) fn load(spec: &Spec) -> Result<Instance, Error> {
    spec.load().map_err(|error| Error::usage(print::one_line(&error.to_string())))
}

/// Each of EVMC's capabilities: its bit, its name and what it means.
pub(crate) const CAPABILITIES: [(u32, &str, &str); 3] = [
    (CAPABILITY_EVM1, "EVM1", "runs EVM bytecode"),
    (CAPABILITY_EWASM, "EWASM", "runs ewasm contracts"),
    (CAPABILITY_PRECOMPILES, "PRECOMPILES", "runs precompiled contracts"),
];
