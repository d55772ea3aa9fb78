//! wasmi and Wasmtime as they are: unmetered, with host functions that do only what they must.

use hebe_benches::support::{CODE, SENDER};
use hebe_host_ei::{Bytes32, Host};

/// What a contract finds and leaves.
pub(crate) struct World<H> {
    pub(crate) input: Vec<u8>,
    pub(crate) host: H,
    pub(crate) output: Vec<u8>,
    finished: bool,
}

impl<H: Host> World<H> {
    pub(crate) fn new(input: Vec<u8>, host: H) -> Self {
        Self { input, host, output: Vec::new(), finished: false }
    }

    fn load(&mut self, memory: &mut [u8], key: u32, to: u32) {
        let value = self.host.get_storage(&CODE, &word(memory, key));
        range(memory, to, 32).copy_from_slice(&value.0);
    }

    fn store(&mut self, memory: &mut [u8], key: u32, value: u32) {
        let (key, value) = (word(memory, key), word(memory, value));
        self.host.set_storage(&CODE, &key, &value);
    }

    fn log(&mut self, memory: &mut [u8], (data, length): (u32, u32), topics: &[u32]) {
        let topics: Vec<Bytes32> = topics.iter().map(|topic| word(memory, *topic)).collect();
        self.host.emit_log(&CODE, range(memory, data, length), &topics);
    }

    fn finish(&mut self, memory: &mut [u8], data: u32, length: u32) {
        self.output = range(memory, data, length).to_vec();
        self.finished = true;
    }
}

fn range(memory: &mut [u8], at: u32, length: u32) -> &mut [u8] {
    &mut memory[at as usize..][..length as usize]
}

fn word(memory: &mut [u8], at: u32) -> Bytes32 {
    Bytes32(range(memory, at, 32).try_into().expect("32 bytes"))
}

/// A compiled contract on a bare engine.
pub(crate) trait Bare<H> {
    /// Runs it in a fresh instance; it succeeds.
    fn run(&self, world: World<H>) -> World<H>;
}

/// The bare engines by name: as the VM's engines are called, with `bare` in front.
pub(crate) fn engines<H: Host>(code: &[u8]) -> Vec<(&'static str, Box<dyn Bare<H>>)> {
    vec![
        ("bare wasmi", Box::new(on_wasmi::Program::new(&wasmi_engine(), code))),
        (
            "bare winch",
            Box::new(on_wasmtime::Program::new(&wasmtime_engine(wasmtime::Strategy::Winch), code)),
        ),
        (
            "bare cranelift",
            Box::new(on_wasmtime::Program::new(&wasmtime_engine(wasmtime::Strategy::Cranelift), code)),
        ),
    ]
}

/// Lets Wasmtime set the process's handlers of signals now. Hebe's Winch sets others, for its Wasmtime is the library's own, and
/// steps aside for the interpreter if someone has set handlers since. So in a process of both, the bare engines come first.
pub(crate) fn set_handlers() {
    wasmtime_engine(wasmtime::Strategy::Cranelift);
}

fn wasmi_engine() -> wasmi::Engine {
    let mut config = wasmi::Config::default();
    config.compilation_mode(wasmi::CompilationMode::Eager);
    wasmi::Engine::new(&config)
}

fn wasmtime_engine(strategy: wasmtime::Strategy) -> wasmtime::Engine {
    let mut pool = wasmtime::PoolingAllocationConfig::default();
    pool.total_core_instances(2).total_memories(2).total_tables(2);
    let mut config = wasmtime::Config::new();
    config.strategy(strategy);
    config.allocation_strategy(wasmtime::InstanceAllocationStrategy::Pooling(pool));
    wasmtime::Engine::new(&config).expect("a configuration that fits this machine")
}

/// Both engines are used in the same words.
macro_rules! bare {
    ($module:ident, $engine:ident, $prepared:ty, $prepare:expr, $instantiate:expr, $error:expr) => {
        mod $module {
            use $engine::{Caller, Engine, Error, Linker, Memory, Module, Store};

            use super::{Bare, Host, SENDER, World, range};

            pub(super) struct Data<H> {
                world: World<H>,
                memory: Option<Memory>,
            }

            pub(super) struct Program<H: Host> {
                engine: Engine,
                prepared: $prepared,
            }

            impl<H: Host> Program<H> {
                pub(super) fn new(engine: &Engine, code: &[u8]) -> Self {
                    let module = Module::new(engine, code).expect("valid");
                    let linker = linker(engine).expect("distinct names");
                    Self { engine: engine.clone(), prepared: $prepare(linker, module) }
                }
            }

            impl<H: Host> Bare<H> for Program<H> {
                fn run(&self, world: World<H>) -> World<H> {
                    let mut store = Store::new(&self.engine, Data { world, memory: None });
                    let instance = $instantiate(&self.prepared, &mut store).expect("its imports are here");
                    let memory = instance.get_memory(&mut store, "memory");
                    store.data_mut().memory = memory;
                    let main = instance.get_typed_func::<(), ()>(&mut store, "main").expect("there");
                    let end = main.call(&mut store, ());
                    let world = store.into_data().world;
                    assert!(end.is_ok() || world.finished, "{end:?}");
                    world
                }
            }

            fn parts<'a, H: Host>(caller: &'a mut Caller<'_, Data<H>>) -> (&'a mut [u8], &'a mut World<H>) {
                let memory = caller.data().memory.expect("a contract exports it");
                let (memory, data) = memory.data_and_store_mut(caller);
                (memory, &mut data.world)
            }

            #[rustfmt::skip]
            fn linker<H: Host>(engine: &Engine) -> Result<Linker<Data<H>>, Error> {
                let mut linker = Linker::new(engine);
                let module = "ethereum";
                linker.func_wrap(module, "getCallDataSize", |caller: Caller<'_, Data<H>>| -> u32 {
                    caller.data().world.input.len() as u32
                })?;
                linker.func_wrap(module, "getGasLeft", |caller: Caller<'_, Data<H>>| -> i64 {
                    caller.data().world.input.len() as i64
                })?;
                linker.func_wrap(module, "callDataCopy", |mut caller: Caller<'_, Data<H>>, to: u32, offset: u32, length: u32| {
                    let (memory, world) = parts(&mut caller);
                    let data = &world.input[offset as usize..][..length as usize];
                    range(memory, to, length).copy_from_slice(data);
                })?;
                linker.func_wrap(module, "getCaller", |mut caller: Caller<'_, Data<H>>, to: u32| {
                    range(parts(&mut caller).0, to, 20).copy_from_slice(&SENDER.0);
                })?;
                linker.func_wrap(module, "getCallValue", |mut caller: Caller<'_, Data<H>>, to: u32| {
                    range(parts(&mut caller).0, to, 16).fill(0);
                })?;
                linker.func_wrap(module, "storageLoad", |mut caller: Caller<'_, Data<H>>, key: u32, to: u32| {
                    let (memory, world) = parts(&mut caller);
                    world.load(memory, key, to);
                })?;
                linker.func_wrap(module, "storageStore", |mut caller: Caller<'_, Data<H>>, key: u32, value: u32| {
                    let (memory, world) = parts(&mut caller);
                    world.store(memory, key, value);
                })?;
                linker.func_wrap(
                    module,
                    "log",
                    |mut caller: Caller<'_, Data<H>>, data: u32, length: u32, count: u32, a: u32, b: u32, c: u32, d: u32| {
                        let (memory, world) = parts(&mut caller);
                        world.log(memory, (data, length), &[a, b, c, d][..count as usize]);
                    },
                )?;
                linker.func_wrap(
                    module,
                    "finish",
                    |mut caller: Caller<'_, Data<H>>, data: u32, length: u32| -> Result<(), Error> {
                        let (memory, world) = parts(&mut caller);
                        world.finish(memory, data, length);
                        Err($error("finished"))
                    },
                )?;
                linker.func_wrap(module, "revert", |_: Caller<'_, Data<H>>, _: u32, _: u32| -> Result<(), Error> {
                    Err($error("reverted"))
                })?;
                Ok(linker)
            }
        }
    };
}

bare!(
    on_wasmi,
    wasmi,
    (Linker<Data<H>>, Module),
    |linker, module| (linker, module),
    |(linker, module): &(Linker<Data<H>>, Module), store: &mut Store<Data<H>>| linker
        .instantiate_and_start(store, module),
    Error::new
);

bare!(
    on_wasmtime,
    wasmtime,
    wasmtime::InstancePre<Data<H>>,
    |linker: Linker<Data<H>>, module: Module| linker.instantiate_pre(&module).expect("its imports are here"),
    |prepared: &wasmtime::InstancePre<Data<H>>, store: &mut Store<Data<H>>| prepared.instantiate(store),
    Error::msg
);
