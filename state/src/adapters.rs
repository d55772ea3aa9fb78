//! The VMs that there are: Hebe linked in, or any EVMC library.

use hebe::{abi, loader::Instance};
use hebe_host_ei::{Fault, Message, Outcome, Revision};
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
        Self::execute(self, revision, code, message, host).1
    }
}

impl FrameVm for Instance {
    /// A VM that says it runs EVM code gets all code, another one wasm.
    fn takes(&self, code: &[u8]) -> bool {
        self.capabilities() & abi::CAPABILITY_EVM1 != 0 || code.starts_with(WASM_MAGIC)
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
