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
    [alone(config), (0..2 * RUNS as u64).map(|number| switching(config, number)).collect()].concat()
}

/// Each engine by itself.
pub(crate) fn alone(config: &Config) -> Vec<Config> {
    EngineChoice::ALL.iter().map(|(_, engine)| Config { engine: *engine, ..config.clone() }).collect()
}

/// The switches at one call or another.
pub(crate) fn switching(config: &Config, number: u64) -> Config {
    let at = number / 2 % RUNS as u64;
    // Odd ones go straight from the interpreter to Cranelift.
    let (winch, cranelift) = if number.is_multiple_of(2) { (at, at + 1) } else { (u64::MAX, at) };
    Config { engine: EngineChoice::Tiered, tiering: Tiering::AtCall { winch, cranelift }, ..config.clone() }
}
