//! The interpreter wasmi.

mod apart;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hebe_host_ei::{Fault, Frame, Guest, Halt, Host, Stop, Trap, abi::*, for_each_eei, functions};
use wasmi::{
    Caller, CompilationMode, Config, Error, Global, Linker, Memory, Module, ResourceLimiter, Store, TrapCode,
    TypedFunc, Val,
    errors::{ErrorKind, HostError, InstantiationError, MemoryError, TableError},
};
use wasmi_core::LimiterError;

use super::{
    guest::{Counters, Running, WithGas, called, called_with_gas, returned, settle, units},
    kept::{Kept, Place, Room},
};
use crate::{
    fault::caught,
    meter::{DEPTH_BUDGET, DEPTH_EXPORT, FRAME_DEPTH, GAS_EXPORT, Metered, RUN_EXPORT, WITH_GAS},
    trace::traced,
};

/// Frames of wasm code inside one another; a contract has at most [`DEPTH_BUDGET`] ÷ [`FRAME_DEPTH`], and one more that
/// ends it.
const MAX_RECURSION: usize = 16_384;
const _: () = assert!(MAX_RECURSION > (DEPTH_BUDGET as usize) / (FRAME_DEPTH as usize));

/// Bytes of a page of linear memory (wasm spec, "Memory Instances").
const PAGE: usize = 65_536;

/// Idle instances take no more than this together, in bytes.
const ROOM: usize = 64 << 20;
/// Nor are they of more contracts than this.
const ROOMS: usize = 4_096;

/// The engine on wasmi, for one kind of host.
pub(super) struct Wasmi<H: Host> {
    generation: Mutex<Arc<Generation<H>>>,
    memory_bytes: usize,
    room: Room<Instance<H>>,
}

/// A wasmi engine frees the code that it compiled only when it is dropped itself. So from time to time a new one
/// takes over, and the old one goes with the last of its modules.
struct Generation<H> {
    engine: wasmi::Engine,
    linker: Linker<Data<H>>,
}

/// A compiled module, and what it runs on.
pub(super) struct Code<H: Host> {
    module: Module,
    generation: Arc<Generation<H>>,
    /// Particles in a unit of its gas.
    unit: i64,
    /// It has stores.
    writes: bool,
    kept: Arc<Kept<Instance<H>>>,
}

impl<H: Host> Code<H> {
    /// Lets go of the idle instances: another engine runs the contract from now on.
    #[cfg_attr(not(feature = "wasmtime"), expect(dead_code, reason = "there is no other engine"))]
    pub(super) fn forget_instances(&self) {
        self.kept.clear();
    }
}

instance!(wasmi);

impl<H: Host> Generation<H> {
    fn new() -> Arc<Self> {
        let mut config = Config::default();
        config.floats(false);
        config.ignore_custom_sections(true);
        // Above what the meter's depth budget allows, so that a metered contract never gets there.
        config.set_max_recursion_depth(MAX_RECURSION);
        // What the meter wrote into a valid contract is valid. A function is looked at once more when it first runs: were it broken, that would
        // be this node's fault, then as at any other time, and never a result.
        config.compilation_mode(CompilationMode::Lazy);
        let engine = wasmi::Engine::new(&config);
        let linker = link(Linker::new(&engine));
        Arc::new(Self { engine, linker })
    }
}

impl<H: Host> Wasmi<H> {
    /// An engine whose memories grow up to `memory_pages`.
    pub(super) fn new(memory_pages: u32) -> Self {
        Self {
            generation: Mutex::new(Generation::new()),
            memory_bytes: memory_pages as usize * PAGE,
            room: Room::new(ROOM, ROOMS),
        }
    }

    fn generation(&self) -> MutexGuard<'_, Arc<Generation<H>>> {
        // Nothing panics while the lock is held, and what it holds is always whole.
        self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets a contract up. Its own data or elements may not fit, which ends it.
    fn instance(&self, code: &Code<H>) -> Result<Instance<H>, Error> {
        let data = Data::new(code.unit, self.memory_bytes);
        let mut store = Store::new(&code.generation.engine, data);
        store.limiter(|data| &mut data.bounds);
        let instance = code.generation.linker.instantiate_and_start(&mut store, &code.module)?;
        Instance::new(store, instance, |memory| code.kept.place(&self.room, memory))
    }
}

impl<H: Host> Wasmi<H> {
    /// Compiles a module. It was validated, so an engine that cannot is at fault itself.
    pub(super) fn compile(&self, module: &Metered) -> Result<Code<H>, Fault> {
        let generation = Arc::clone(&*self.generation());
        let (unit, changes) = (module.unit(), module.changes());
        let apart = apart::apart(module.bytes());
        let bytes = apart.as_deref().unwrap_or(module.bytes());
        debug_assert!(
            Module::validate(&generation.engine, bytes).is_ok(),
            "what is written into a module is valid"
        );
        let module =
            Module::new(&generation.engine, bytes).map_err(|error| Fault::Engine(error.to_string()))?;
        let kept = Kept::new(changes.others);
        Ok(Code { module, generation, unit, writes: changes.memory, kept })
    }

    /// Lets go of what was compiled so far: it is freed once nobody runs it.
    pub(super) fn renew(&self) {
        let new = Generation::new();
        // The old one may be the last of its kind and is dropped after the lock.
        let _old = std::mem::replace(&mut *self.generation(), new);
    }

    /// Runs `main` with a frame and hands the frame back, also after a panic inside.
    pub(super) fn run(&self, code: &Code<H>, frame: Box<Frame<H>>) -> (Box<Frame<H>>, Result<Halt, Fault>) {
        let instance =
            code.kept.take().map_or_else(|| caught(|| Ok(self.instance(code))), |kept| Ok(Ok(kept)));
        let mut instance = match instance {
            Ok(Ok(instance)) => instance,
            Ok(Err(error)) => return (frame, classify(error)),
            Err(fault) => return (frame, Err(fault)),
        };
        let (frame, end) = instance.run(frame);
        if end.is_ok() && instance.restore(code.writes || frame.wrote_memory()) {
            code.kept.put(&self.room, instance);
        }
        (frame, end)
    }
}

/// Bounds on what a module may take of the machine.
struct Bounds {
    memory_bytes: usize,
    /// The system gave no memory. What the contract made of that is no result.
    failed: bool,
}

impl ResourceLimiter for Bounds {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        Ok(desired <= self.memory_bytes.min(maximum.unwrap_or(usize::MAX)))
    }

    fn memory_grow_failed(&mut self, error: &MemoryError) -> Result<(), LimiterError> {
        self.failed |= matches!(error, MemoryError::OutOfSystemMemory);
        Ok(())
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, LimiterError> {
        Ok(true)
    }

    fn table_grow_failed(&mut self, error: &TableError) -> Result<(), LimiterError> {
        self.failed |= matches!(error, TableError::OutOfSystemMemory);
        Ok(())
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        1
    }

    fn memories(&self) -> usize {
        1
    }
}

/// A host function's stop on its way through the engine.
#[derive(Debug)]
struct Stopped(Stop);

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl HostError for Stopped {}

/// What a validated module never gives.
fn no_memory() -> Error {
    Error::new("there is no memory")
}

/// A host function's stop as an error of the engine.
fn stopped(stop: Stop) -> Error {
    Error::host(Stopped(stop))
}

for_each_eei!(link);

/// Whether an engine's error is the contract's end or the engine's fault.
fn classify(error: Error) -> Result<Halt, Fault> {
    if error.downcast_ref::<Stopped>().is_some() {
        return match error.downcast::<Stopped>() {
            Some(Stopped(Stop::Halt(halt))) => Ok(halt),
            Some(Stopped(Stop::Fault(fault))) => Err(fault),
            None => Err(Fault::Engine("a host function's stop was lost".to_owned())),
        };
    }
    let trap = match error.kind() {
        ErrorKind::TrapCode(code) => return classify_trap(*code),
        ErrorKind::Memory(MemoryError::OutOfBoundsAccess) => Trap::MemoryOutOfBounds,
        ErrorKind::Table(TableError::InitOutOfBounds | TableError::CopyOutOfBounds)
        | ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => {
            Trap::TableOutOfBounds
        }
        ErrorKind::Memory(MemoryError::OutOfSystemMemory)
        | ErrorKind::Table(TableError::OutOfSystemMemory) => {
            return Err(Fault::OutOfMemory);
        }
        _ => return Err(Fault::Engine(error.to_string())),
    };
    Ok(trap.into())
}

/// Every trap code of this version of wasmi: one that a new version adds does not compile.
fn classify_trap(code: TrapCode) -> Result<Halt, Fault> {
    let trap = match code {
        TrapCode::UnreachableCodeReached => return Ok(Halt::Unreachable),
        TrapCode::OutOfSystemMemory => return Err(Fault::OutOfMemory),
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Trap::IndirectCallToNull,
        TrapCode::BadSignature => Trap::BadSignature,
        TrapCode::IntegerDivisionByZero => Trap::DivisionByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        // The engine's own stack is above what the contract's depth allows.
        TrapCode::StackOverflow
        | TrapCode::BadConversionToInteger
        | TrapCode::OutOfFuel
        | TrapCode::GrowthOperationLimited => {
            return Err(Fault::Engine(format!("an impossible trap: {code:?}")));
        }
    };
    Ok(trap.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        meter::{Metering, meter},
        validate::validate,
    };
    use hebe_host_ei::{Prices, Profile, Revision, mock::MockHost};

    /// A body that is not valid, which the meter would have to have made, is the node's fault when it runs.
    #[test]
    fn a_broken_function_is_a_fault_and_no_result() {
        let good = wat::parse_str(r#"(module (func (export "main") (drop (i32.const 7))))"#).expect("wat");
        // `drop` becomes `i64.eqz`, which wants another type.
        let broken: Vec<u8> = good.iter().map(|byte| if *byte == 0x1a { 0x50 } else { *byte }).collect();
        let generation = Generation::<MockHost>::new();
        let run = |code: &[u8]| {
            let module = Module::new(&generation.engine, code).expect("as yet nobody has looked at the body");
            let mut store = Store::new(&generation.engine, Data::new(1, 0));
            let instance = generation.linker.instantiate_and_start(&mut store, &module).expect("an instance");
            let main = instance.get_typed_func::<(), ()>(&store, "main").expect("main");
            main.call(&mut store, ())
        };
        assert!(run(&good).is_ok());
        assert!(matches!(classify(run(&broken).expect_err("broken")), Err(Fault::Engine(_))));
    }

    /// A generation goes with the last of its modules, and not before.
    #[test]
    fn renewing_frees_what_nobody_uses() {
        let wasm =
            wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "main")))"#).expect("wat");
        let module = meter(
            &validate(&wasm, &Profile::R4, Revision::Byzantium, false).expect("valid"),
            Metering::None,
            &Prices::UNIT,
        );
        let engine = Wasmi::<MockHost>::new(1);
        let code = engine.compile(&module).expect("compiled");
        let generation = Arc::downgrade(&code.generation);
        engine.renew();
        assert!(generation.upgrade().is_some());
        let next = engine.compile(&module).expect("compiled");
        assert!(!Arc::ptr_eq(&code.generation, &next.generation));
        drop(code);
        assert!(generation.upgrade().is_none());
    }
}
