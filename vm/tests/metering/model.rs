//! What must come of a contract: the counting module ([`crate::naive`]) run with a small Ethereum Environment Interface
//! of its own, written from `docs/eei.md`.

use hebe_host_ei::{Prices, StatusCode};
use wasmi::{Config, Engine, Error, Module, Store, Val, errors::ErrorKind};

use crate::{
    interface::{Event, GAS, Seen, Stop, World, link, spent},
    naive::{Counted, DEPTH, DEPTH_LEFT, FRAME, count},
};

/// What must come of a run.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// How it ends.
    pub(crate) status: StatusCode,
    /// True if it may also end out of gas: it traps, and so close to the end of the gas, or after it, that what is paid for
    /// code which is not run any more may be noticed before.
    pub(crate) or_out_of_gas: bool,
    pub(crate) gas_left: i64,
    /// Particles spent, whatever gas there was.
    pub(crate) spent: i128,
    pub(crate) output: Vec<u8>,
    pub(crate) refund: i64,
    pub(crate) events: Vec<Event>,
    pub(crate) seen: Seen,
    /// Linear memory after `main` has returned.
    pub(crate) memory: Vec<u8>,
}

impl Expected {
    /// Gas used, rounded up.
    pub(crate) fn used(&self) -> i64 {
        i64::try_from((self.spent + GAS - 1) / GAS).expect("far less")
    }

    /// True for the ends that keep the gas left.
    pub(crate) fn keeps_gas(&self) -> bool {
        matches!(self.status, StatusCode::Success | StatusCode::Revert)
    }
}

/// A module that counts, ready to be run often.
pub(crate) struct Model {
    engine: Engine,
    module: Module,
    counted: Counted,
}

/// What wasm that is paid by nobody costs.
pub(crate) fn free() -> Prices {
    let nothing = crate::price::drawn(|| 0);
    Prices { br: 0, br_if: 0, br_table: 0, call: 0, call_indirect: 0, ..nothing }
}

impl Model {
    pub(crate) fn new(code: &[u8], prices: &Prices) -> Self {
        let counted = count(code, prices);
        let mut config = Config::default();
        // Two frames for each of the contract's, of which the smallest takes 16 of 32,768.
        config.set_max_recursion_depth(2 * 2_048 + 1).set_max_stack_height(16 << 20);
        let engine = Engine::new(&config);
        let module = Module::new(&engine, &counted.code).expect("the counting module is valid");
        Self { engine, module, counted }
    }

    /// What starting the contract costs, in particles.
    pub(crate) fn start(&self) -> i64 {
        self.counted.start
    }

    /// What must come of a message with this gas and call data.
    pub(crate) fn run(&self, gas: i64, input: &[u8]) -> Expected {
        let start = self.counted.start;
        let mut store = Store::new(&self.engine, World::new(gas, start, input));
        if i128::from(start) > i128::from(gas) * GAS {
            return Self::end(StatusCode::OutOfGas, false, i128::from(start), store.into_data(), Vec::new());
        }
        let linker = link(&self.engine);
        // The active segments may not fit.
        let Ok(instance) = linker.instantiate_and_start(&mut store, &self.module) else {
            return Self::end(StatusCode::WasmTrap, false, i128::from(start), store.into_data(), Vec::new());
        };
        store.data_mut().instance = Some(instance);
        let main = instance.get_typed_func::<(), ()>(&store, "main").expect("there");
        let result = main.call(&mut store, ());
        let spent = spent(&store, instance);
        let gas = i128::from(gas) * GAS;
        let memory = instance.get_memory(&store, "memory").expect("there").data(&store).to_vec();
        let (status, vague) = match result {
            Ok(()) if spent > gas => (StatusCode::OutOfGas, false),
            Ok(()) => (StatusCode::Success, false),
            Err(error) => match error.downcast_ref::<Stop>() {
                Some(Stop(status)) => (*status, false),
                None => {
                    let Val::I32(depth) = instance.get_global(&store, DEPTH_LEFT).expect("there").get(&store)
                    else {
                        panic!("i32")
                    };
                    // Any frame may have paid for what it does not come to.
                    let frames = 1 + i128::from(DEPTH - depth) / i128::from(FRAME);
                    (trap(&error, depth), spent + frames * i128::from(self.counted.written) > gas)
                }
            },
        };
        Self::end(status, vague, spent, store.into_data(), memory)
    }

    fn end(status: StatusCode, or_out_of_gas: bool, spent: i128, world: World, memory: Vec<u8>) -> Expected {
        let keeps_gas = matches!(status, StatusCode::Success | StatusCode::Revert);
        let left = i128::from(world.gas) * GAS - spent;
        Expected {
            status,
            or_out_of_gas,
            gas_left: if keeps_gas { i64::try_from(left / GAS).expect("less than given") } else { 0 },
            spent,
            output: if keeps_gas { world.output } else { Vec::new() },
            refund: if status == StatusCode::Success { world.refund } else { 0 },
            events: world.events,
            seen: world.seen,
            memory,
        }
    }
}

fn trap(error: &Error, depth: i32) -> StatusCode {
    match error.kind() {
        ErrorKind::TrapCode(wasmi::TrapCode::UnreachableCodeReached) if depth < 0 => {
            StatusCode::StackOverflow
        }
        ErrorKind::TrapCode(wasmi::TrapCode::UnreachableCodeReached) => {
            StatusCode::WasmUnreachableInstruction
        }
        ErrorKind::TrapCode(wasmi::TrapCode::StackOverflow) => panic!("the model's own stack is too small"),
        _ => StatusCode::WasmTrap,
    }
}
