//! Every engine, and every way from one to the next.

use hebe_vm::{
    Config,
    engine::{EngineChoice, Tiering},
};

/// How often a contract runs on each: so often that the last run is of an instance that has served before.
pub(crate) const RUNS: usize = 4;

/// Configurations that may differ in speed alone: each engine by itself, and the first few calls of a contract with the
/// switches between them at every call.
pub(crate) fn engines(config: &Config) -> Vec<Config> {
    let alone = EngineChoice::ALL.iter().map(|(_, engine)| Config { engine: *engine, ..config.clone() });
    let mut all: Vec<Config> = alone.collect();
    for winch in 0..RUNS as u64 {
        all.push(switching(config, winch, winch + 1));
        // Straight from the interpreter to Cranelift.
        all.push(switching(config, u64::MAX, winch));
    }
    all
}

fn switching(config: &Config, winch: u64, cranelift: u64) -> Config {
    Config { engine: EngineChoice::Tiered, tiering: Tiering::AtCall { winch, cranelift }, ..config.clone() }
}
