//! The VM that a command uses: Hebe as it is linked in, or any EVMC 12 library.

use std::sync::Arc;

use clap::Args;
use hebe::{
    abi::{CAPABILITY_EVM1, CAPABILITY_EWASM, CAPABILITY_PRECOMPILES},
    loader::{Instance, Spec},
};
use hebe_state::FrameVm;
use hebe_vm::{Config, Vm};

use crate::{error::Error, values};

/// Which VM, with which options.
#[derive(Args, Debug)]
pub(crate) struct VmArgs {
    /// A shared library that speaks EVMC 12, in place of the VM linked in
    #[arg(long, value_name = "PATH[,OPTION=VALUE,…]")]
    vm: Option<Spec>,
    /// An option of the VM linked in (`hebe vm-info` lists them)
    #[arg(short = 'o', long = "option", value_name = "NAME=VALUE", value_parser = values::option)]
    options: Vec<(String, String)>,
}

/// A VM, ready to run.
pub(crate) struct Chosen {
    pub(crate) vm: Arc<dyn FrameVm>,
    /// Name and version.
    pub(crate) name: String,
    /// True for the VM linked in.
    pub(crate) linked_in: bool,
}

impl VmArgs {
    /// Opens the VM. The defaults are for the one linked in, before the person's own options.
    pub(crate) fn open(&self, defaults: &[(&str, &str)]) -> Result<Chosen, Error> {
        match &self.vm {
            Some(_) if !self.options.is_empty() => Err(Error::usage(
                "-o sets options of the VM linked in; put those of a library behind its path: \
                 --vm PATH,NAME=VALUE",
            )),
            Some(spec) => {
                let instance = load(spec)?;
                let name = format!("{} {}", instance.name(), instance.version());
                Ok(Chosen { vm: Arc::new(instance), name, linked_in: false })
            }
            None => {
                let own = self.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                let mut config = Config::default();
                for (name, value) in defaults.iter().copied().chain(own) {
                    config.set(name, Some(value)).map_err(|error| Error::usage(error.to_string()))?;
                }
                let name = format!("hebe {}", hebe_vm::VERSION);
                Ok(Chosen { vm: Arc::new(Vm::new(config)), name, linked_in: true })
            }
        }
    }
}

/// Opens a library and sets its options.
pub(crate) fn load(spec: &Spec) -> Result<Instance, Error> {
    spec.load().map_err(|error| Error::usage(error.to_string()))
}

/// Each of EVMC's capabilities: its bit, its name and what it means.
pub(crate) const CAPABILITIES: [(u32, &str, &str); 3] = [
    (CAPABILITY_EVM1, "EVM1", "runs EVM bytecode"),
    (CAPABILITY_EWASM, "EWASM", "runs ewasm contracts"),
    (CAPABILITY_PRECOMPILES, "PRECOMPILES", "runs precompiled contracts"),
];
