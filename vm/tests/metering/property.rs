//! Over generated modules: the metered module computes the same and costs what the naive count says.

use arbitrary::Unstructured;
use hebe_host_ei::{Outcome, PARTICLES, Prices, Profile, StatusCode};
use hebe_vm::{
    meter::{GAS_EXPORT, Metering, meter},
    validate::validate,
};
use proptest::prelude::*;

use crate::{
    naive,
    support::{execute, wat},
};

/// Enough for what generated modules do before their own fuel ends.
const GAS: i64 = 1_000_000_000;

/// A module of wasm-smith's with the shape of a contract, without imports, that ends.
fn generate(seed: &[u8]) -> Option<Vec<u8>> {
    let shape = wat(r#"(module (memory (export "memory") 0) (func (export "main")))"#);
    let config = wasm_smith::Config {
        exports: Some(shape),
        allow_floats: false,
        allow_start_export: false,
        bulk_memory_enabled: true,
        exceptions_enabled: false,
        extended_const_enabled: true,
        gc_enabled: false,
        max_imports: 0,
        max_memories: 0,
        max_tables: 1,
        max_memory32_bytes: 1 << 20,
        memory64_enabled: false,
        min_memories: 0,
        multi_value_enabled: true,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        sign_extension_ops_enabled: true,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        ..wasm_smith::Config::default()
    };
    let mut module = wasm_smith::Module::new(config, &mut Unstructured::new(seed)).ok()?;
    module.ensure_termination(2_000).ok()?;
    let code = module.to_bytes();
    let is_contract = validate(&code, &Profile::EXTENDED, false).is_ok();
    is_contract.then_some(code)
}

/// What a successful execution costs in whole gas, from the count of its instructions.
fn in_gas(code: &[u8], prices: &Prices, count: i64) -> i64 {
    let facts = validate(code, &Profile::EXTENDED, false).expect("valid");
    let particles = count + facts.facts().start_cost(code.len(), prices);
    (particles + PARTICLES - 1) / PARTICLES
}

/// Linear memory after `main` of the metered module, with more gas than it can use.
fn metered_memory(code: &[u8], prices: &Prices) -> Vec<u8> {
    let module = validate(code, &Profile::EXTENDED, false).expect("valid");
    let metered = meter(&module, Metering::Inline, prices);
    let engine = wasmi::Engine::default();
    let module = wasmi::Module::new(&engine, metered.bytes()).expect("the metered module is valid");
    let mut store = wasmi::Store::new(&engine, ());
    let instance =
        wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module).expect("no imports");
    let gas = instance.get_global(&store, GAS_EXPORT).expect("exported");
    gas.set(&mut store, wasmi::Val::I64(i64::MAX / metered.unit())).expect("mutable");
    instance.get_typed_func::<(), ()>(&store, "main").expect("there").call(&mut store, ()).expect("returns");
    instance.get_memory(&store, "memory").expect("there").data(&store).to_vec()
}

fn check(code: &[u8], prices: &Prices) -> Result<bool, TestCaseError> {
    let outcome = execute(prices, code, GAS);
    let naive = naive::count(code, prices);
    let Some(used) = naive.as_ref().map(|(count, _)| in_gas(code, prices, *count)) else {
        // A trap costs everything, whichever it is; the meter's own depth may come before wasmi's.
        prop_assert!(outcome.status != StatusCode::Success, "{:?}", outcome);
        return Ok(false);
    };
    if used > GAS {
        // Some generated modules ask for very many pages.
        prop_assert_eq!(outcome, Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) });
        return Ok(false);
    }
    prop_assert_eq!(&outcome, &Outcome::success(GAS - used), "{:?}", outcome.reason);
    prop_assert_eq!(execute(prices, code, used), Outcome::success(0));
    prop_assert_eq!(Some(metered_memory(code, prices)), naive.map(|(_, memory)| memory));
    let short = Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) };
    prop_assert_eq!(execute(prices, code, used - 1), short);
    Ok(true)
}

#[test]
fn generated_modules_cost_what_their_instructions_cost() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let successes = std::cell::Cell::new(0);
    let seeds = proptest::collection::vec(any::<u8>(), 50..3_000);
    let result = runner.run(&seeds, |seed| {
        if let Some(code) = generate(&seed) {
            for prices in Prices::ALL {
                successes.set(successes.get() + u32::from(check(&code, prices)?));
            }
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    assert!(successes.get() > 100, "only {} modules ran to their end", successes.get());
}
