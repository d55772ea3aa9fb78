//! Who runs a frame.

use hebe_host_ei::{Fault, Message, Outcome, Revision, StatusCode};

use crate::RevmHost;

/// What a wasm binary begins with.
pub(crate) const WASM_MAGIC: &[u8] = b"\0asm";

/// A VM that runs the frames whose code it takes; revm's interpreter runs the others.
///
/// Code that begins with the wasm magic and is not taken fails: byte 0 is STOP to an EVM, and a
/// contract must not succeed without having run.
pub trait FrameVm: Send + Sync {
    /// True if this VM runs the code. It is never asked about empty code.
    fn takes(&self, code: &[u8]) -> bool {
        code.starts_with(WASM_MAGIC)
    }

    /// Runs a frame. In a create, `code` is the init code, `message.input` is empty and
    /// `message.recipient` is the new account.
    ///
    /// The host must be used on the calling thread and not after the return. A fault or a panic
    /// voids the whole transaction, and so does an outcome with a negative status.
    fn execute(
        &self,
        revision: Revision,
        message: Message,
        code: &[u8],
        host: RevmHost,
    ) -> Result<Outcome, Fault>;

    /// True for a VM that reports no refunds and leaves them to its host. A VM of EVMC 10 or later reports
    /// its own together with those of its nested calls, at every revision.
    fn host_refunds(&self) -> bool {
        false
    }

    /// False if code that this VM takes must not be deployed. Also asked when EVM code deploys it.
    fn valid_deployment(&self, revision: Revision, code: &[u8]) -> bool {
        let _ = (revision, code);
        true
    }
}

/// Takes every code and fails at once: what a transaction leaves behind when its call achieves nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct FailingVm;

impl FrameVm for FailingVm {
    fn takes(&self, _: &[u8]) -> bool {
        true
    }

    fn execute(&self, _: Revision, _: Message, _: &[u8], _: RevmHost) -> Result<Outcome, Fault> {
        Ok(Outcome { status: StatusCode::Failure, ..Outcome::success(0) })
    }
}
