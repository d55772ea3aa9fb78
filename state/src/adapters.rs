//! The VMs that there are: Hebe linked in, or any EVMC library.

use hebe::{
    abi::{CAPABILITY_EVM1, CAPABILITY_EWASM},
    loader::Instance,
};
use hebe_host_ei::{Fault, Message, Outcome, Revision, StatusCode};
use hebe_vm::Vm;

use crate::{FrameVm, RevmHost, vms::WASM_MAGIC};

impl FrameVm for Vm<RevmHost> {
    fn takes(&self, code: &[u8]) -> bool {
        code.starts_with(WASM_MAGIC) || self.config().runs_evm()
    }

    fn execute(
        &self,
        revision: Revision,
        message: Message,
        code: &[u8],
        host: RevmHost,
    ) -> Result<Outcome, Fault> {
        rejected(Self::execute(self, revision, code, message, host).1?, "hebe")
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
        rejected(Self::execute(self, revision, code, message, host).1?, self.name())
    }

    /// Hera is older than the rule that a VM reports its refunds.
    fn host_refunds(&self) -> bool {
        self.name() == "hera"
    }
}

/// A rejection voids the transaction, as a fault does, but is none of this node's.
fn rejected(outcome: Outcome, vm: &str) -> Result<Outcome, Fault> {
    match outcome {
        Outcome { status: StatusCode::Rejected, reason: Some(reason), .. } => {
            Err(Fault::Rejected(reason.to_string()))
        }
        Outcome { status: StatusCode::Rejected, .. } => {
            Err(Fault::Rejected(format!("{vm} rejects this code or this revision, and does not say why")))
        }
        outcome => Ok(outcome),
    }
}
