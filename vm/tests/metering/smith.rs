//! Contracts of wasm-smith's: without imports, but with everything that a profile takes in any order.

use arbitrary::Unstructured;
use hebe_host_ei::{Profile, Revision};
use hebe_vm::validate::validate;

use crate::support::wat;

/// Turns and calls until such a contract traps.
const FUEL: u32 = 2_000;

/// A contract that ends; what is none by our limits becomes the empty one.
pub(crate) fn contract(bytes: &[u8]) -> Vec<u8> {
    let shape = r#"(module (memory (export "memory") 0) (func (export "main")))"#;
    generate(bytes, wat(shape)).unwrap_or_else(|| wat(shape))
}

fn generate(bytes: &[u8], shape: Vec<u8>) -> Option<Vec<u8>> {
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
    let mut module = wasm_smith::Module::new(config, &mut Unstructured::new(bytes)).ok()?;
    module.ensure_termination(FUEL).ok()?;
    let code = module.to_bytes();
    let is_contract = validate(&code, &Profile::EXTENDED, Revision::Byzantium, false).is_ok();
    is_contract.then_some(code)
}
