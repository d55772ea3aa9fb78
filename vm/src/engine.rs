//! What runs a module.

mod wasmi;

use hebe_host_ei::{Fault, Frame, Halt, Host};

use crate::meter::Metered;

pub use self::wasmi::Wasmi;

/// An engine compiles modules and runs their `main`.
///
/// Its choice may decide speed, never a result.
pub trait Engine<H: Host>: Send + Sync {
    /// A compiled module.
    type Code: Clone + Send + Sync;

    /// Compiles a module. It was validated, so an engine that cannot is at fault itself.
    fn compile(&self, module: &Metered) -> Result<Self::Code, Fault>;

    /// Lets go of what was compiled so far: it is freed once nobody runs it.
    fn renew(&self);

    /// Runs `main` with a frame and hands the frame back, also after a panic inside.
    fn run(&self, code: &Self::Code, frame: Frame<H>) -> (Frame<H>, Result<Halt, Fault>);
}
