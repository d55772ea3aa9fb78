//! Over bytes, modules that were damaged, and generated modules: the survey and `validate` agree.

use arbitrary::Unstructured;
use hebe_host_ei::{Profile, Revision};
use hebe_vm::validate::{Validated, call_depth, survey, validate};
use proptest::prelude::*;

use crate::{facts, support::wat};

/// Checks both profiles: `survey` finds nothing exactly if `validate` accepts, and else what `validate` says is
/// among the findings.
fn agree(code: &[u8]) -> Result<(), TestCaseError> {
    for profile in Profile::ALL {
        let survey = survey(code, profile, Revision::Byzantium, false);
        match validate(code, profile, Revision::Byzantium, false) {
            Ok(valid) => {
                prop_assert_eq!(
                    (&survey.findings[..], survey.more, survey.unchecked_from),
                    (&[][..], 0, None)
                );
                let surveyed = survey.validated.as_ref();
                prop_assert_eq!(surveyed.map(Validated::facts), Some(valid.facts()));
                prop_assert!(survey.features.iter().all(|found| found.taken), "{:?}", survey.features);
                prop_assert!(survey.limits.iter().all(|limit| limit.used <= limit.bound.into()));
                prop_assert_eq!(&valid.facts().functions, &facts::count(code));
                prop_assert!(call_depth(&valid).takes() >= 16);
            }
            Err(error) => {
                prop_assert!(survey.validated.is_none());
                let among = survey.findings.iter().any(|finding| finding.error == error);
                prop_assert!(among, "{error}\nis not among\n{:#?}", survey.findings);
            }
        }
    }
    Ok(())
}

/// A module of wasm-smith's with every feature that it can make, or the shape of a contract.
fn generate(seed: &[u8], contract: bool, switches: u16) -> Option<Vec<u8>> {
    let on = |bit: u32| switches >> bit & 1 == 1;
    let mut config = wasm_smith::Config {
        allow_floats: on(0),
        allow_start_export: on(1),
        bulk_memory_enabled: on(2),
        exceptions_enabled: on(3),
        extended_const_enabled: on(4),
        gc_enabled: on(5),
        memory64_enabled: on(6),
        multi_value_enabled: on(7),
        reference_types_enabled: on(5) || on(8),
        relaxed_simd_enabled: on(9) && on(10),
        sign_extension_ops_enabled: on(11),
        simd_enabled: on(10),
        tail_call_enabled: on(12),
        threads_enabled: on(13),
        max_imports: if on(14) { 0 } else { 4 },
        max_memories: 2,
        ..wasm_smith::Config::default()
    };
    if contract {
        config.exports = Some(wat(r#"(module (memory (export "memory") 0) (func (export "main")))"#));
        (config.max_imports, config.min_memories, config.max_memories, config.max_tables) = (0, 0, 0, 1);
    }
    Some(wasm_smith::Module::new(config, &mut Unstructured::new(seed)).ok()?.to_bytes())
}

/// Flips, cuts, doubles or overwrites a byte.
fn damage(code: &mut Vec<u8>, damages: &[(u8, usize, u8)]) {
    for (kind, at, byte) in damages {
        let at = at % code.len();
        match kind % 4 {
            0 => code[at] ^= 1 << (byte % 8),
            1 => code.truncate(at.max(8)),
            2 => code.insert(at, *byte),
            _ => code[at] = *byte,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn over_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), header in any::<bool>()) {
        let code = if header { [b"\0asm\x01\0\0\0".to_vec(), bytes].concat() } else { bytes };
        agree(&code)?;
    }

    #[test]
    fn over_damaged_contracts(
        which in 0..3_usize,
        damages in prop::collection::vec(any::<(u8, usize, u8)>(), 0..4),
    ) {
        let name = ["counter/counter", "token/token", "factory/factory"][which];
        let path = format!("{}/../contracts/{name}.wasm", env!("CARGO_MANIFEST_DIR"));
        let mut code = std::fs::read(path).expect("a contract");
        damage(&mut code, &damages);
        agree(&code)?;
    }

    #[test]
    fn over_generated_modules(
        seed in prop::collection::vec(any::<u8>(), 100..3000),
        contract in any::<bool>(),
        switches in any::<u16>(),
        damages in prop::collection::vec(any::<(u8, usize, u8)>(), 0..2),
    ) {
        // Half of the contracts have what `extended` takes and nothing else.
        let switches = if contract && switches & 1 == 1 { 0b0000_1000_1001_0100 } else { switches };
        if let Some(mut code) = generate(&seed, contract, switches) {
            damage(&mut code, &damages);
            agree(&code)?;
        }
    }
}

/// The generated contracts above are contracts often enough to mean something.
#[test]
fn generated_contracts_are_valid() {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    let codes = (0..100).filter_map(|_| {
        let seed: Vec<u8> = (0..1000).map(|_| next()).collect();
        generate(&seed, true, 0b0000_1000_1001_0100)
    });
    let valid =
        codes.filter(|code| validate(code, &Profile::EXTENDED, Revision::Byzantium, false).is_ok()).count();
    assert!(valid >= 50, "{valid} of 100");
}
