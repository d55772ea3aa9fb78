//! The interpreter wasmi.

mod apart;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hebe_host_ei::{Fault, Frame, Guest, Halt, Host, Stop, Trap, for_each_eei, functions, whole_gas};
use wasmi::{
    AsContextMut, Caller, CompilationMode, Config, Error, Global, Linker, Memory, Module, ResourceLimiter,
    Store, TrapCode, Val,
    errors::{ErrorKind, HostError, InstantiationError, MemoryError, TableError},
};
use wasmi_core::LimiterError;

use super::Engine;
use crate::{
    fault::caught,
    meter::{DEPTH_BUDGET, DEPTH_EXPORT, EXHAUSTED, FRAME_DEPTH, GAS_EXPORT, Metered, Start},
    trace::traced,
};

/// Frames of wasm code inside one another; a contract has at most [`DEPTH_BUDGET`] ÷ [`FRAME_DEPTH`], and one more that
/// ends it.
const MAX_RECURSION: usize = 16_384;
const _: () = assert!(MAX_RECURSION > (DEPTH_BUDGET as usize) / (FRAME_DEPTH as usize));

/// Bytes of a page of linear memory (wasm spec, "Memory Instances").
const PAGE: usize = 65_536;

/// The engine on wasmi, for one kind of host.
pub struct Wasmi<H> {
    generation: Mutex<Arc<Generation<H>>>,
    memory_bytes: usize,
}

/// A wasmi engine frees the code that it compiled only when it is dropped itself. So from time to time a new one
/// takes over, and the old one goes with the last of its modules.
struct Generation<H> {
    engine: wasmi::Engine,
    linker: Linker<Data<H>>,
}

/// A compiled module, and what it runs on.
pub struct Code<H> {
    module: Module,
    generation: Arc<Generation<H>>,
    start: Start,
    /// Particles in a unit of its gas.
    unit: i64,
}

impl<H> Clone for Code<H> {
    fn clone(&self) -> Self {
        Self {
            module: self.module.clone(),
            generation: Arc::clone(&self.generation),
            start: self.start,
            unit: self.unit,
        }
    }
}

impl<H: Host> Generation<H> {
    fn new() -> Arc<Self> {
        let mut config = Config::default();
        config.floats(false);
        config.ignore_custom_sections(true);
        // Above what the meter's depth budget allows, so that a metered contract never gets there.
        config.set_max_recursion_depth(MAX_RECURSION);
        // Validated at once, so that validity does not depend on what runs; translated when it runs.
        config.compilation_mode(CompilationMode::LazyTranslation);
        let engine = wasmi::Engine::new(&config);
        let linker = link(&engine);
        Arc::new(Self { engine, linker })
    }
}

/// What a store holds.
struct Data<H> {
    frame: Frame<H>,
    memory: Option<Memory>,
    /// The global of gas, where the module counts it.
    gas: Option<Gas>,
    bounds: Bounds,
}

impl<H: Host> Wasmi<H> {
    /// An engine whose memories grow up to `memory_pages`.
    pub fn new(memory_pages: u32) -> Self {
        Self { generation: Mutex::new(Generation::new()), memory_bytes: memory_pages as usize * PAGE }
    }

    fn generation(&self) -> MutexGuard<'_, Arc<Generation<H>>> {
        // Nothing panics while the lock is held, and what it holds is always whole.
        self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs `main`. The error outside is one of instantiation.
fn run_main<H: Host>(store: &mut Store<Data<H>>, code: &Code<H>) -> Result<Result<Halt, Fault>, Error> {
    let instance = code.generation.linker.instantiate_and_start(&mut *store, &code.module)?;
    store.data_mut().memory = instance.get_memory(&*store, "memory");
    if matches!(code.start, Start::Charged(_)) {
        let global = instance.get_global(&*store, GAS_EXPORT).ok_or_else(|| Error::new("no gas"))?;
        store.data_mut().gas = Some(Gas { global, unit: code.unit });
        give_gas(&mut *store)?;
    }
    let main = instance.get_typed_func::<(), ()>(&*store, "main")?;
    let end = main.call(&mut *store, ()).map_or_else(classify, |()| Ok(Halt::Return));
    let depth = instance.get_global(&*store, DEPTH_EXPORT).and_then(|depth| depth.get(&*store).i64());
    Ok(end.map(|halt| settle(store, halt, depth)))
}

impl<H: Host> Engine<H> for Wasmi<H> {
    type Code = Code<H>;

    fn compile(&self, module: &Metered) -> Result<Code<H>, Fault> {
        let generation = Arc::clone(&*self.generation());
        let (start, unit) = (module.start(), module.unit());
        let apart = apart::apart(module.bytes());
        let module = Module::new(&generation.engine, apart.as_deref().unwrap_or(module.bytes()));
        module
            .map(|module| Code { module, generation, start, unit })
            .map_err(|error| Fault::Engine(error.to_string()))
    }

    fn renew(&self) {
        let new = Generation::new();
        // The old one may be the last of its kind and is dropped after the lock.
        let _old = std::mem::replace(&mut *self.generation(), new);
    }

    fn run(&self, code: &Code<H>, mut frame: Frame<H>) -> (Frame<H>, Result<Halt, Fault>) {
        if let Some(halt) = start(&mut frame, code.start) {
            return (frame, Ok(halt));
        }
        let bounds = Bounds { memory_bytes: self.memory_bytes, failed: false };
        let mut store = Store::new(&code.generation.engine, Data { frame, memory: None, gas: None, bounds });
        store.limiter(|data| &mut data.bounds);
        // The frame stays in the store, which outlives the unwinding: the host survives a panic.
        let end = caught(|| run_main(&mut store, code).unwrap_or_else(classify));
        let data = store.into_data();
        let end = if data.bounds.failed { Err(Fault::OutOfMemory) } else { end };
        (data.frame, end)
    }
}

/// The global in which a module counts its gas.
#[derive(Clone, Copy)]
struct Gas {
    global: Global,
    /// Particles in one of its units.
    unit: i64,
}

/// Hands the gas over to the module, in whole units. The rest of a unit stays behind.
fn give_gas<H: Host>(store: impl AsContextMut<Data = Data<H>>) -> Result<(), Error> {
    let data = store.as_context();
    let Some(Gas { global, unit }) = data.data().gas else { return Ok(()) };
    let units = data.data().frame.gas.particles().div_euclid(unit);
    global.set(store, Val::I64(units)).map_err(|error| Error::new(error.to_string()))
}

/// Takes the gas back from the module. False if it has run out.
fn take_gas<H: Host>(mut store: impl AsContextMut<Data = Data<H>>) -> bool {
    let context = store.as_context();
    let Some(Gas { global, unit }) = context.data().gas else { return true };
    let units = global.get(context).i64().unwrap_or(EXHAUSTED);
    if units < 0 {
        return false;
    }
    let mut context = store.as_context_mut();
    let gas = &mut context.data_mut().frame.gas;
    gas.set_particles(units * unit + gas.particles().rem_euclid(unit));
    true
}

/// Pays for starting a contract, or says that there is not enough.
fn start<H: Host>(frame: &mut Frame<H>, start: Start) -> Option<Halt> {
    let is_paid = match start {
        Start::Charged(particles) => frame.gas.spend_particles(particles),
        Start::ChargedInside(particles) => frame.gas.particles() >= particles,
        Start::Free => true,
    };
    let charge = whole_gas(start.particles());
    (!is_paid).then(|| Halt::StartNotPaid { charge, left: frame.gas.left() })
}

/// How a contract really ended, once its counters are read: an injected check ends it with `unreachable`, and gas below
/// zero at the end is gas that ran out after the last check.
fn settle<H: Host>(store: &mut Store<Data<H>>, halt: Halt, depth: Option<i64>) -> Halt {
    if halt == Halt::Unreachable && depth.is_some_and(|depth| depth < 0) {
        return Halt::StackOverflow;
    }
    let Some(Gas { global, .. }) = store.data().gas else { return halt };
    match halt {
        Halt::Unreachable if global.get(&*store).i64() == Some(EXHAUSTED) => Halt::GasExhausted,
        Halt::Return if !take_gas(store) => Halt::GasExhausted,
        _ => halt,
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

macro_rules! link {
    ($( $module:ident $name:ident = $function:ident($($arg:ident: $ty:tt),*) -> $result:tt, $gas:literal, $about:literal; )*) => {
        /// Links every host function.
        fn link<H: Host>(engine: &wasmi::Engine) -> Linker<Data<H>> {
            let mut linker = Linker::new(engine);
            $(
                let linked = linker.func_wrap(
                    stringify!($module),
                    stringify!($name),
                    |mut caller: Caller<'_, Data<H>>, $($arg: $ty),*| -> Result<$result, Error> {
                        called(&mut caller, |guest| {
                            traced(guest, stringify!($name), &[$(i64::from($arg)),*], |g| {
                                functions::$function(g, $($arg),*).map_err(Stop::from)
                            })
                        })
                    },
                );
                linked.expect("every name is listed once");
            )*
            linker
        }
    };
}
for_each_eei!(link);

/// Runs a host function between reading the gas that the module has counted and writing back what is left.
fn called<H: Host, T>(
    caller: &mut Caller<'_, Data<H>>,
    function: impl FnOnce(&mut Guest<'_, H>) -> Result<T, Stop>,
) -> Result<T, Error> {
    if !take_gas(&mut *caller) {
        return Err(Error::host(Stopped(Halt::GasExhausted.into())));
    }
    let mut guest = guest(caller);
    let result = contained(|| function(&mut guest))?;
    give_gas(caller)?;
    Ok(result)
}

/// Runs a host function. A panic must not reach the interpreter, whose instructions are `extern "sysv64"`
/// functions: it could not unwind through them and would abort the process.
fn contained<T>(function: impl FnOnce() -> Result<T, Stop>) -> Result<T, Error> {
    let result = caught(|| Ok(function()));
    result.unwrap_or_else(|fault| Err(fault.into())).map_err(|stop| Error::host(Stopped(stop)))
}

/// Linear memory and the frame. A start section is refused, so there is a memory whenever code runs.
fn guest<'a, H: Host>(caller: &'a mut Caller<'_, Data<H>>) -> Guest<'a, H> {
    match caller.data().memory {
        Some(memory) => {
            let (memory, data) = memory.data_and_store_mut(caller);
            Guest { memory, frame: &mut data.frame }
        }
        None => Guest { memory: &mut [], frame: &mut caller.data_mut().frame },
    }
}

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
    use hebe_host_ei::{Prices, Profile, mock::MockHost};

    /// A generation goes with the last of its modules, and not before.
    #[test]
    fn renewing_frees_what_nobody_uses() {
        let wasm =
            wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "main")))"#).expect("wat");
        let module =
            meter(&validate(&wasm, &Profile::R4, false).expect("valid"), Metering::None, &Prices::UNIT);
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
