//! The compilers of wasmtime: Winch, which compiles fast, and Cranelift, whose code is fast.

mod process;
mod trap;

use std::{hash::Hash, sync::Arc};

use hebe_artifacts::Artifact;
use hebe_host_ei::{Fault, Frame, Guest, Halt, Host, Stop, abi::*, for_each_eei, functions};
use wasmtime::{
    Caller, Error, Global, InstancePre, Linker, Memory, Module, ResourceLimiter, Store, TypedFunc, Val,
};

use super::{
    guest::{Counters, Running, WithGas, called, called_with_gas, returned, settle, units},
    kept::{Kept, Place, Room},
};
use crate::{
    fault::caught,
    meter::{DEPTH_EXPORT, GAS_EXPORT, Metered, RUN_EXPORT, WITH_GAS},
    trace::traced,
};

use process::engine;
pub(super) use process::{Strategy, has_handlers, ready_thread};
use trap::{Stopped, classify};

/// Idle instances take no more than this together, in bytes.
const ROOM: usize = 64 << 20;
/// Nor are they of more contracts than this: each instance has a slot of the process's pool.
const ROOMS: usize = 128;

/// A compiler, for one kind of host.
pub(super) struct Compiler<H: Host> {
    strategy: Strategy,
    linker: Linker<Data<H>>,
    memory_bytes: usize,
    room: Room<Instance<H>>,
}

/// A compiled module.
pub(super) struct Code<H: Host> {
    ready: InstancePre<Data<H>>,
    /// Particles in a unit of its gas.
    unit: i64,
    /// It has stores.
    writes: bool,
    kept: Arc<Kept<Instance<H>>>,
}

instance!(wasmtime);

impl<H: Host> Compiler<H> {
    /// A compiler for contracts whose memories grow up to `memory_pages`.
    pub(super) fn new(strategy: Strategy, memory_pages: u32) -> Result<Self, Fault> {
        let linker = link(Linker::new(engine(strategy)?));
        let memory_bytes = memory_pages as usize * 65_536;
        Ok(Self { strategy, linker, memory_bytes, room: Room::new(ROOM, ROOMS) })
    }

    /// Compiles a module to machine code.
    pub(super) fn compile(&self, module: &Metered) -> Result<Module, Fault> {
        Module::new(engine(self.strategy)?, module.bytes()).map_err(|error| Fault::Engine(error.to_string()))
    }

    /// Under which name machine code of a module is kept: a hash over the module as it is compiled, which has every price, every limit of
    /// depth and the profile's choice in it, over the compiler, and over wasmtime's version, its settings and this machine's instructions.
    pub(super) fn key(&self, module: &Metered) -> [u8; 32] {
        let mut hash = process::Keccak::default();
        ("hebe-artifact-1", self.strategy).hash(&mut hash);
        if let Ok(engine) = engine(self.strategy) {
            engine.precompile_compatibility_hash().hash(&mut hash);
        }
        module.bytes().hash(&mut hash);
        hash.digest()
    }

    /// The module of an earlier start, if this machine and this version can run it.
    pub(super) fn restore(&self, artifact: &Artifact) -> Option<Module> {
        artifact.load(engine(self.strategy).ok()?)
    }

    /// Links machine code that was compiled from a module.
    pub(super) fn link(&self, compiled: &Module, module: &Metered) -> Result<Code<H>, Fault> {
        let ready =
            self.linker.instantiate_pre(compiled).map_err(|error| Fault::Engine(error.to_string()))?;
        let changes = module.changes();
        Ok(Code { ready, unit: module.unit(), writes: changes.memory, kept: Kept::new(changes.others) })
    }

    /// Sets a contract up. The contract's own data or elements may not fit, which ends it.
    fn instance(&self, code: &Code<H>) -> Result<Instance<H>, Error> {
        let data = Data::new(code.unit, self.memory_bytes);
        let mut store = Store::try_new(code.ready.module().engine(), data)?;
        store.limiter(|data| &mut data.bounds);
        let instance = code.ready.instantiate(&mut store)?;
        Instance::new(store, instance, |memory| code.kept.place(&self.room, memory))
    }

    /// Runs `main` with a frame and hands the frame back. Before anything has happened it may find that this process has no room
    /// for one more instance: then there is no end, and another engine should run the frame.
    pub(super) fn run(
        &self,
        code: &Code<H>,
        frame: Box<Frame<H>>,
    ) -> (Box<Frame<H>>, Option<Result<Halt, Fault>>) {
        let instance = match code.kept.take() {
            Some(kept) => Ok(Ok(kept)),
            None => caught(|| Ok(self.instance(code))),
        };
        let mut instance = match instance {
            Ok(Ok(instance)) => instance,
            Ok(Err(error)) if trap::is_contracts_own(&error) => return (frame, Some(classify(error))),
            Ok(Err(_)) => return (frame, None),
            Err(fault) => return (frame, Some(Err(fault))),
        };
        let (frame, end) = instance.run(frame);
        if end.is_ok() && instance.restore(code.writes || frame.wrote_memory()) {
            code.kept.put(&self.room, instance);
        }
        (frame, Some(end))
    }
}

/// Bounds on what a module may take of the machine.
struct Bounds {
    memory_bytes: usize,
    /// The system gave no memory. What the contract made of that is no result.
    failed: bool,
}

impl ResourceLimiter for Bounds {
    fn memory_growing(&mut self, _: usize, desired: usize, maximum: Option<usize>) -> Result<bool, Error> {
        Ok(desired <= self.memory_bytes.min(maximum.unwrap_or(usize::MAX)))
    }

    fn memory_grow_failed(&mut self, _: Error) -> Result<(), Error> {
        // Growth beyond the bounds above is refused without this.
        self.failed = true;
        Ok(())
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, Error> {
        Ok(true)
    }

    fn table_grow_failed(&mut self, _: Error) -> Result<(), Error> {
        self.failed = true;
        Ok(())
    }
}

/// What a validated module never gives.
fn no_memory() -> Error {
    Error::msg("there is no memory")
}

/// A host function's stop as an error of the engine.
fn stopped(stop: Stop) -> Error {
    Error::new(Stopped(stop))
}

for_each_eei!(link);
