//! What runs a module: an interpreter, and compilers where they pay.
//!
//! The choice decides speed, never a result: gas belongs to the module, every engine calls the same host functions
//! (`guest.rs`), and each knows a contract's own end from a failure of its own.

mod guest;
#[macro_use]
mod instance;
mod kept;
#[macro_use]
mod link;
#[cfg(feature = "wasmtime")]
mod tiers;
mod wasmi;
#[cfg(feature = "wasmtime")]
mod wasmtime;
#[cfg(feature = "wasmtime")]
mod worker;

use std::sync::{Arc, OnceLock};

use hebe_host_ei::{Fault, Frame, Halt, Host};

use self::wasmi::Wasmi;
use crate::{
    meter::{Metered, Start},
    options::Config,
};

/// What runs wasm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The interpreter alone.
    Wasmi,
    /// Code of the compiler Winch, compiled when it is loaded.
    Winch,
    /// Code of the compiler Cranelift, compiled when it is loaded; of Winch for what Cranelift might take too long for.
    Cranelift,
    /// The interpreter first; what earned it is compiled in the background.
    #[default]
    Tiered,
}

impl EngineChoice {
    /// Those that this build has, with the names under which they are chosen.
    pub const ALL: &'static [(&'static str, Self)] = if cfg!(feature = "wasmtime") {
        &[
            ("tiered", Self::Tiered),
            ("wasmi", Self::Wasmi),
            ("winch", Self::Winch),
            ("cranelift", Self::Cranelift),
        ]
    } else {
        &[("tiered", Self::Tiered), ("wasmi", Self::Wasmi)]
    };
}

/// When [`EngineChoice::Tiered`] goes from one engine to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tiering {
    /// When a contract has run so long that compiling it pays; a thread of its own compiles, and the next call finds it.
    #[default]
    Earned,
    /// After so many calls of the contract; the call itself compiles. For tests.
    AtCall {
        /// Calls before Winch.
        winch: u64,
        /// Calls before Cranelift.
        cranelift: u64,
    },
}

/// What Cranelift gets at the most: bytes of a function body and of a module, and values times branches, of which it takes about two
/// million in a second.
const CRANELIFT_BODY: usize = 16 << 10;
const CRANELIFT_MODULE: usize = 256 << 10;
const CRANELIFT_WORK: u64 = 400_000;
/// Native stack for a contract's frames of compiled code, in bytes. Winch's take at most 8 bytes for each value that the depth budget
/// counts, and a little more; Cranelift's may take more than that ([`Effort::native_stack`](crate::meter::Effort::native_stack)).
const NATIVE_STACK: usize = 4 << 20;

/// Whether Cranelift is sure to be done with a module in time, and its code to have enough native stack. If not, Winch compiles it.
pub fn suits_cranelift(module: &Metered) -> bool {
    let effort = module.effort();
    module.bytes().len() <= CRANELIFT_MODULE
        && effort.longest_body <= CRANELIFT_BODY
        && effort.work <= CRANELIFT_WORK
        && effort.native_stack <= NATIVE_STACK as u64
}

/// What there is of machine code, for who wants to know how fast a VM is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MachineCode {
    /// Modules that Winch has compiled.
    pub winch: usize,
    /// Modules that Cranelift has compiled.
    pub cranelift: usize,
    /// Modules that came from files ([`Config::cache_dir`]).
    pub restored: usize,
    /// What all machine code that is there takes now, in bytes.
    pub bytes: usize,
}

/// The engines of a VM.
pub struct Engines<H: Host> {
    wasmi: Wasmi<H>,
    #[cfg(feature = "wasmtime")]
    tiers: tiers::Tiers<H>,
}

/// A contract as the engines have it.
pub struct Code<H: Host>(Arc<Compiled<H>>);

impl<H: Host> Clone for Code<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

struct Compiled<H: Host> {
    module: Metered,
    wasmi: OnceLock<wasmi::Code<H>>,
    #[cfg(feature = "wasmtime")]
    tiers: tiers::Slots<H>,
}

impl<H: Host> Engines<H> {
    /// The engines that a configuration asks for.
    pub fn new(config: &Config) -> Self {
        let pages = config.profile.limits.memory_pages;
        Self {
            wasmi: Wasmi::new(pages),
            #[cfg(feature = "wasmtime")]
            tiers: tiers::Tiers::new(config),
        }
    }

    /// Compiles a module as far as that is to be done before its first run.
    pub fn compile(&self, module: Metered) -> Result<Code<H>, Fault> {
        let code = Code(Arc::new(Compiled {
            module,
            wasmi: OnceLock::new(),
            #[cfg(feature = "wasmtime")]
            tiers: tiers::Slots::default(),
        }));
        #[cfg(feature = "wasmtime")]
        if self.tiers.load(&code.0) {
            return Ok(code);
        }
        self.interpreted(&code.0)?;
        Ok(code)
    }

    /// What there is of machine code.
    pub fn machine_code(&self) -> MachineCode {
        #[cfg(feature = "wasmtime")]
        return self.tiers.machine_code();
        #[cfg(not(feature = "wasmtime"))]
        MachineCode::default()
    }

    /// Lets go of what the interpreter compiled so far: it is freed once nobody runs it.
    pub fn renew(&self) {
        self.wasmi.renew();
    }

    /// Runs `main` with a frame and hands the frame back, also after a panic inside.
    pub fn run(&self, code: &Code<H>, mut frame: Box<Frame<H>>) -> (Box<Frame<H>>, Result<Halt, Fault>) {
        let code = &code.0;
        if let Some(halt) = guest::start(&mut frame, code.module.start()) {
            return (frame, Ok(halt));
        }
        #[cfg(feature = "wasmtime")]
        let heat = self.tiers.begin(code, &frame);
        let (frame, end) = self.run_best(code, frame);
        #[cfg(feature = "wasmtime")]
        self.tiers.end(code, heat, &frame);
        (frame, end)
    }

    /// Runs on the best there is.
    fn run_best(
        &self,
        code: &Arc<Compiled<H>>,
        frame: Box<Frame<H>>,
    ) -> (Box<Frame<H>>, Result<Halt, Fault>) {
        #[cfg(feature = "wasmtime")]
        let frame = match self.tiers.run(code, frame) {
            (frame, Some(end)) => return (frame, end),
            (frame, None) => frame,
        };
        match self.interpreted(code) {
            Ok(interpreted) => self.wasmi.run(interpreted, frame),
            Err(fault) => (frame, Err(fault)),
        }
    }

    /// The interpreter's own form of a contract, from the first time on that it is needed.
    fn interpreted<'a>(&self, code: &'a Compiled<H>) -> Result<&'a wasmi::Code<H>, Fault> {
        if let Some(known) = code.wasmi.get() {
            return Ok(known);
        }
        let made = self.wasmi.compile(&code.module)?;
        Ok(code.wasmi.get_or_init(|| made))
    }
}

/// What starting a contract costs.
impl<H: Host> Code<H> {
    /// See [`Metered::start`].
    pub fn start(&self) -> Start {
        self.0.module.start()
    }
}
