//! What loading a contract takes: validation, metering, the engine.

use std::sync::LazyLock;

use hebe_host_ei::{Prices, Profile, Revision};
use hebe_vm::{
    meter::{Meter, Metered, Metering},
    validate::{Validated, validate},
};
use serde_json::{Value, json};
use wasmi::CompilationMode;

use crate::{
    execution::first_call,
    programs::Program,
    report::heading,
    sampler::{Comparison, Sampler},
};

/// Nanoseconds per byte of the contract as it was written.
pub(crate) struct Load {
    pub(crate) validate: f64,
    pub(crate) meter: f64,
    /// Bytes of the metered module ÷ bytes of the contract.
    pub(crate) size: f64,
}

impl Load {
    pub(crate) fn of(code: &[u8], sampler: Sampler) -> Self {
        let module = checked(code);
        let per_byte = |microseconds: f64| microseconds * 1e3 / code.len() as f64;
        Self {
            validate: per_byte(sampler.time(|| checked(code))),
            meter: per_byte(sampler.time(|| metered(&module))),
            size: metered(&module).bytes().len() as f64 / code.len() as f64,
        }
    }

    pub(crate) fn sum(&self) -> f64 {
        self.validate + self.meter
    }
}

/// Prints a table of these contracts: the steps of the VM, the engine's own with all functions translated, and a
/// fresh VM's from bytes to the first result. The engine's times are for metered code.
pub(crate) fn table(contracts: &[(&str, &[u8], &Program)], sampler: Sampler) -> Value {
    heading(
        "Loading",
        "         ns per byte of code:   size   engine, ns per byte:           first call,",
        "  bytes validate  meter    sum  ratio new module  ratio translated  ratio      µs  ratio",
    );
    let row = |(name, code, program): &(&str, &[u8], &Program)| {
        let load = Load::of(code, sampler);
        let lazy = compile(code, CompilationMode::LazyTranslation, sampler);
        let eager = compile(code, CompilationMode::Eager, sampler);
        let first = first_call(code, program, sampler);
        let engine_ns = |times: &Comparison| times.metered * 1e3 / code.len() as f64;
        println!(
            "{name:28}{:7} {:8.2} {:6.2} {:6.2} {:6.3} {:10.2} {:6.3} {:10.2} {:6.3} {:7.1} {:6.3}",
            code.len(),
            load.validate,
            load.meter,
            load.sum(),
            load.size,
            engine_ns(&lazy),
            lazy.ratio,
            engine_ns(&eager),
            eager.ratio,
            first.metered,
            first.ratio,
        );
        json!({
            "name": name, "bytes": code.len(), "validate_ns_per_byte": load.validate,
            "meter_ns_per_byte": load.meter, "sum_ns_per_byte": load.sum(), "size_ratio": load.size,
            "module": comparison(&lazy), "translated": comparison(&eager), "first_call": comparison(&first),
        })
    };
    contracts.iter().map(row).collect()
}

fn comparison(times: &Comparison) -> Value {
    json!({ "unmetered_us": times.unmetered, "metered_us": times.metered, "ratio": times.ratio })
}

pub(crate) fn checked(code: &[u8]) -> Validated<'_> {
    validate(code, &Profile::EXTENDED, Revision::Byzantium, false).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn metered(module: &Validated<'_>) -> Metered {
    static METER: LazyLock<Meter> = LazyLock::new(|| Meter::new(Metering::Inline, &Prices::UNIT));
    METER.load(module)
}

/// Compares what the engine takes for the contract as it was written and metered.
pub(crate) fn compile(code: &[u8], mode: CompilationMode, sampler: Sampler) -> Comparison {
    let module = checked(code);
    let metered = metered(&module);
    sampler.compare(
        |metering| (engine(mode), if metering == Metering::None { code } else { metered.bytes() }),
        |(engine, bytes)| {
            let module = wasmi::Module::new(&engine, bytes).expect("it was validated");
            (engine, module)
        },
    )
}

/// An engine with the settings of the VM's, but for the time of translation. It is a new one each time, since it
/// keeps what it compiled.
fn engine(mode: CompilationMode) -> wasmi::Engine {
    let mut config = wasmi::Config::default();
    config.floats(false);
    config.ignore_custom_sections(true);
    config.compilation_mode(mode);
    wasmi::Engine::new(&config)
}
