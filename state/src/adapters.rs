//! The VMs that there are: Hebe linked in, or any EVMC library.

use hebe::{
    abi::{CAPABILITY_EVM1, CAPABILITY_EWASM},
    loader::Instance,
};
use hebe_host_ei::{Fault, Message, Outcome, Revision, StatusCode};
use hebe_vm::Vm;

use crate::{FrameVm, RevmHost, vms::WASM_MAGIC};

impl FrameVm for Vm<RevmHost> {
    fn execute(
        &self,
        revision: Revision,
        message: Message,
        code: &[u8],
        host: RevmHost,
    ) -> Result<Outcome, Fault> {
        match Self::execute(self, revision, code, message, host).1? {
            // A rejection voids the transaction, as a fault does; like this, its reason stays.
            Outcome { status: status @ StatusCode::Rejected, reason: Some(reason), .. } => {
                Err(Fault::Engine(format!("{status}: {reason}")))
            }
            outcome => Ok(outcome),
        }
    }
}

impl FrameVm for Instance {
    /// What it says it runs. An EVM alone would take wasm's first byte for STOP and succeed without having run.
    fn takes(&self, code: &[u8]) -> bool {
        let needed = if code.starts_with(WASM_MAGIC) { CAPABILITY_EWASM } else { CAPABILITY_EVM1 };
        self.capabilities() & needed != 0
    }

    fn execute(
        &self,
        revision: Revision,
        message: Message,
        code: &[u8],
        host: RevmHost,
    ) -> Result<Outcome, Fault> {
        Self::execute(self, revision, code, message, host).1
    }

    /// Hera is older than the rule that a VM reports its refunds.
    fn host_refunds(&self) -> bool {
        self.name() == "hera"
    }
}
