//! The engines of wasmtime, one for each compiler in a process, however many VMs there are: what they reserve of the address space is
//! reserved once. They come into being when something is compiled for the first time.

use std::{cell::Cell, hash::Hasher, sync::OnceLock};

use hebe_host_ei::Fault;
use hebe_signals::{Handlers, keeping_alternate_stack};
use sha3::{Digest, Keccak256};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, WasmFeatures,
};

use crate::engine::NATIVE_STACK;

/// Which compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) enum Strategy {
    /// One walk over the code.
    Winch,
    /// An optimising compiler.
    Cranelift,
}

/// A hasher that has 32 bytes to say.
#[derive(Default)]
pub(super) struct Keccak(Keccak256);

impl Keccak {
    /// The hash of what was written.
    pub(super) fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl Hasher for Keccak {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest: [u8; 32] = self.0.clone().finalize().into();
        u64::from_le_bytes(*digest.first_chunk().unwrap_or(&[0; 8]))
    }
}

/// The largest memory of any profile: 256 pages.
const MEMORY: usize = 16 << 20;
/// Instances at once: a nest of 1024 calls, and idle ones.
const SLOTS: u32 = 1_536;

/// The handlers of the signals of faults as Winch's engine set them.
static HANDLERS: OnceLock<Handlers> = OnceLock::new();

/// The process's engine.
pub(in crate::engine) fn engine(strategy: Strategy) -> Result<&'static Engine, Fault> {
    static WINCH: OnceLock<Result<Engine, Fault>> = OnceLock::new();
    static CRANELIFT: OnceLock<Result<Engine, Fault>> = OnceLock::new();
    let engine = match strategy {
        Strategy::Winch => &WINCH,
        Strategy::Cranelift => &CRANELIFT,
    };
    let made = engine.get_or_init(|| {
        let before = Handlers::now();
        let made = Engine::new(&config(strategy));
        let now = Handlers::now();
        if strategy == Strategy::Winch && now != before {
            HANDLERS.get_or_init(|| now);
        }
        made.map_err(|error| Fault::Engine(format!("{strategy:?}: {error:#}")))
    });
    made.as_ref().map_err(Clone::clone)
}

fn config(strategy: Strategy) -> Config {
    let mut config = Config::new();
    config.strategy(match strategy {
        Strategy::Winch => wasmtime::Strategy::Winch,
        Strategy::Cranelift => wasmtime::Strategy::Cranelift,
    });
    config.cranelift_opt_level(OptLevel::Speed);
    config.wasm_features(WasmFeatures::all(), false);
    config.wasm_features(features(), true);
    // The second is for fibers, which nobody uses, but the first may not exceed it.
    config.max_wasm_stack(NATIVE_STACK).async_stack_size(2 * NATIVE_STACK);
    config.wasm_backtrace_max_frames(None);
    config.native_unwind_info(false);
    config.generate_address_map(false);
    // Bounds are compared, not guarded by pages: nothing depends on signal handlers but what Winch cannot do without.
    config.memory_reservation(MEMORY as u64);
    config.memory_reservation_for_growth(0);
    config.memory_guard_size(0);
    config.memory_may_move(false);
    config.guard_before_linear_memory(false);
    // A module with two bytes of data far apart would take as much as all that lies between.
    config.memory_guaranteed_dense_image_size(64 << 10);
    if strategy == Strategy::Cranelift {
        config.signals_based_traps(false);
    }
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    config
}

/// What the profiles have, and mutable globals that are exported, which the meter has.
fn features() -> WasmFeatures {
    WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::CALL_INDIRECT_OVERLONG
        | WasmFeatures::EXTENDED_CONST
}

fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(SLOTS)
        .total_memories(SLOTS)
        .total_tables(SLOTS)
        .max_memory_size(MEMORY)
        .table_elements(4_096)
        .max_memories_per_module(1)
        .max_tables_per_module(1)
        .max_core_instance_size(256 << 10)
        .max_unused_warm_slots(64)
        .linear_memory_keep_resident(64 << 10)
        .pagemap_scan(Enabled::No);
    pool
}

/// Whether Winch's traps still reach wasmtime: whoever loaded this library may have set handlers of its own since.
pub(in crate::engine) fn has_handlers() -> bool {
    HANDLERS.get().is_some_and(|handlers| *handlers == Handlers::now())
}

/// Readies this thread for compiled code. Wasmtime does that on the first call, and gives the thread an alternate signal stack; the
/// thread keeps its own.
pub(in crate::engine) fn ready_thread() {
    thread_local! {
        static IS_READY: Cell<bool> = const { Cell::new(false) };
    }
    if IS_READY.replace(true) {
        return;
    }
    keeping_alternate_stack(Engine::tls_eager_initialize);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compiler that cannot be would cost speed alone, and nobody would notice.
    #[test]
    fn both_compilers_exist() {
        for strategy in [Strategy::Winch, Strategy::Cranelift] {
            assert_eq!(engine(strategy).map(|_| ()), Ok(()));
        }
        assert!(has_handlers());
    }
}
