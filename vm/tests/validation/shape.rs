//! The shape of a contract, rule by rule, and what a person reads when one is broken.

use hebe_host_ei::{IMPORTS, Import, Profile, Revision};
use hebe_vm::validate::{survey, validate};

use crate::support::{check, contract, refusal, refusal_of};

#[test]
fn the_smallest_contract_is_valid() {
    assert_eq!(check(&contract("", "")), Ok(()));
}

/// Every way to import wrongly, with what is said about it.
#[test]
fn imports_are_known_functions_with_their_signature() {
    for (import, message) in [
        (
            r#"(import "ethereum" "getGasLef" (func (result i64)))"#,
            r#"the import "ethereum" "getGasLef" does not exist (at offset 0x1e)"#,
        ),
        (
            r#"(import "ethereum" "getGasLeft " (func (result i64)))"#,
            r#"the import "ethereum" "getGasLeft " does not exist (at offset 0x1e)"#,
        ),
        (
            r#"(import "env" "getGasLeft" (func (result i64)))"#,
            r#"the import "env" "getGasLeft" is from another module than `ethereum` (at offset 0x1e)"#,
        ),
        (
            r#"(import "ethereum" "getGasLeft" (func (result i32)))"#,
            "the import `getGasLeft` has the type () -> (i32); its signature is getGasLeft() -> i64 (at offset 0x1e)",
        ),
        (
            r#"(import "ethereum" "useGas" (func (param i32)))"#,
            "the import `useGas` has the type (i32) -> (); its signature is useGas(amount: i64) (at offset 0x1e)",
        ),
        (
            r#"(import "ethereum" "useGas" (func (param i64 i64)))"#,
            "the import `useGas` has the type (i64, i64) -> (); its signature is useGas(amount: i64) (at offset 0x1f)",
        ),
        (
            r#"(import "ethereum" "useGas" (global i32))"#,
            r#"the import "ethereum" "useGas" is a global; only functions can be imported (at offset 0x1a)"#,
        ),
        (
            r#"(import "debug" "print32" (func (param i32)))"#,
            r#"the import "debug" "print32" does not exist: debugging is off (at offset 0x1e)"#,
        ),
    ] {
        let text = refusal(&contract(import, ""));
        // The offset depends on the module's types; what is said before it does not.
        let words = |text: &str| text.split(" (at offset 0x").next().map(str::to_owned);
        assert_eq!(words(&text), words(message));
        assert!(text.contains(" (at offset 0x"), "{text}");
    }
}

/// A name is itself and nothing else: no other case, no part, no zero byte, nothing around it.
#[test]
fn import_names_are_matched_whole() {
    let refused = |module: &str, name: &str| {
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], [wasm_encoder::ValType::I64]);
        let mut imports = wasm_encoder::ImportSection::new();
        imports.import(module, name, wasm_encoder::EntityType::Function(0));
        let mut code = wasm_encoder::Module::new();
        code.section(&types).section(&imports);
        refusal(&code.finish())
    };
    // The name itself is right: the module ends without `main`.
    assert!(refused("ethereum", "getGasLeft").starts_with("no export `main`"));
    let names = [
        "",
        "getgasleft",
        "GETGASLEFT",
        "getGasLef",
        "getGasLeft\0",
        "\0getGasLeft",
        " getGasLeft",
        "getGasLeft\u{200b}",
    ];
    for name in names {
        let text = refused("ethereum", name);
        assert!(text.starts_with(&format!("the import \"ethereum\" {name:?} does not exist")), "{text}");
    }
    for module in ["", "Ethereum", "ethereum\0", "ethereum ", "ethereumx", "ethere", "\u{435}thereum"] {
        let text = refused(module, "getGasLeft");
        let start = format!("the import {module:?} \"getGasLeft\" is from another module than `ethereum`");
        assert!(text.starts_with(&start), "{text}");
    }
}

/// Names are UTF-8 (wasm spec, "Binary Format / Values / Names").
#[test]
fn names_that_are_no_text_are_refused() {
    let mut code = contract(r#"(import "ethereum" "getGasLeft" (func (result i64)))"#, "");
    let at = code.windows(8).position(|bytes| bytes == b"ethereum").expect("the module's name");
    code[at] = 0xff;
    assert!(refusal(&code).starts_with("malformed UTF-8 encoding"), "{}", refusal(&code));
}

/// A number may be written with more bytes than it needs, up to 5 for 32 bits (wasm spec, "Binary Format / Values /
/// Integers"), and no more.
#[test]
fn numbers_may_be_padded() {
    // A type section that says in so many bytes that it has one type, `() -> ()`.
    let padded = |zeros: usize| {
        let mut count = vec![0x81];
        count.resize(zeros, 0x80);
        count.push(0);
        let mut code = b"\0asm\x01\0\0\0\x01".to_vec();
        code.push(count.len() as u8 + 3);
        code.extend(&count);
        code.extend(b"\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\x07\x11\x02\x04main\0\0\x06memory\x02\0\x0a\x04\x01\x02\0\x0b");
        code
    };
    for profile in Profile::ALL {
        for zeros in 1..5 {
            assert_eq!(
                validate(&padded(zeros), profile, Revision::Byzantium, false).map(|_| ()),
                Ok(()),
                "{zeros}"
            );
        }
        let error = validate(&padded(5), profile, Revision::Byzantium, false).expect_err("too long");
        assert!(error.to_string().starts_with("invalid var_u32: integer representation too long"), "{error}");
    }
}

/// `debug` exists when debugging is on, `ethereum` always, and a table or a memory is never imported.
#[test]
fn debug_is_an_import_only_when_debugging() {
    let code = contract(r#"(import "debug" "printMem" (func (param i32 i32)))"#, "");
    assert!(validate(&code, &Profile::R4, Revision::Byzantium, true).is_ok());
    assert!(validate(&code, &Profile::R4, Revision::Byzantium, false).is_err());
    let import = r#"(module (import "ethereum" "memory" (memory 1)) (func (export "main")) (export "memory" (memory 0)))"#;
    assert!(refusal_of(import).contains(r#"the import "ethereum" "memory" is a memory"#));
}

/// `contract_interface.md`: exactly `main` and `memory`, no start function.
#[test]
fn exports_are_main_and_memory_and_nothing_else() {
    for (module, message) in [
        (r#"(module (memory (export "memory") 1))"#, "no export `main`"),
        (r#"(module (func (export "main")))"#, "no export `memory`"),
        (r#"(module (memory (export "main") 1))"#, "the export `main` is not a function"),
        (
            r#"(module (func (export "main")) (func (export "memory")))"#,
            "the export `memory` is not a memory",
        ),
        (
            r#"(module (memory (export "memory") 1) (func (export "main") (param i32)))"#,
            "the export `main` has the type (i32) -> ()",
        ),
        (
            r#"(module (memory (export "memory") 1) (func (export "main") (result i64) (i64.const 0)))"#,
            "the export `main` has the type () -> (i64)",
        ),
        (
            r#"(module (memory (export "memory") 1) (func (export "main")) (global (export "__heap_base") i32 (i32.const 0)))"#,
            r#"the export "__heap_base"; a contract exports `main` and `memory` and nothing else"#,
        ),
        (
            r#"(module (memory (export "memory") 1) (func $main (export "main")) (start $main))"#,
            "a start section; only `main` may run",
        ),
    ] {
        let text = refusal_of(module);
        assert!(text.starts_with(message), "{text}");
    }
}

/// Each function can be imported from its revision on, and under `r4` only if revision 4 of the interface has it; a survey says the same.
#[test]
fn imports_go_by_revision_and_profile() {
    for import in IMPORTS {
        let params: String = import.params.iter().map(|(_, ty)| format!("{ty} ")).collect();
        let result = import.result.map(|ty| format!("(result {ty})")).unwrap_or_default();
        let Import { module, name, since, .. } = import;
        let code = contract(&format!(r#"(import "{module}" "{name}" (func (param {params}) {result}))"#), "");
        for revision in Revision::ALL {
            for profile in Profile::ALL {
                let expected = since.is_none_or(|since| profile.extensions && since.revision <= *revision);
                assert_eq!(validate(&code, profile, *revision, true).is_ok(), expected, "{name} {revision}");
                assert_eq!(
                    survey(&code, profile, *revision, true).findings.is_empty(),
                    expected,
                    "{name} {revision}"
                );
            }
        }
    }
}

/// What a person reads of a function that comes later, or of which the profile has none.
#[test]
fn imports_that_do_not_exist_yet_are_explained() {
    let code = contract(r#"(import "ethereum" "getBaseFee" (func (param i32)))"#, "");
    let told =
        |profile, revision| validate(&code, profile, revision, false).expect_err("refused").to_string();
    let later = r#"the import "ethereum" "getBaseFee" does not exist at Berlin; it does from London on (EIP-3198) (at offset 0x15)"#;
    assert_eq!(told(&Profile::EXTENDED, Revision::Berlin), later);
    let profile = r#"the import "ethereum" "getBaseFee" does not exist in the profile r4, which has revision 4 of the interface alone (at offset 0x15)"#;
    assert_eq!(told(&Profile::R4, Revision::Berlin), profile);
    assert_eq!(told(&Profile::R4, Revision::Osaka), profile);
}

/// A host function may itself be `main`: one without parameters and results does not exist, so it is the
/// signature that refuses it.
#[test]
fn main_may_not_be_an_import_with_another_signature() {
    let module = r#"(module (import "ethereum" "getGasLeft" (func (result i64)))
        (memory (export "memory") 1) (export "main" (func 0)))"#;
    assert!(refusal_of(module).starts_with("the export `main` has the type () -> (i64)"));
}

/// No float anywhere: types, locals, globals, constants, instructions. An instruction is named, with its
/// function.
#[test]
fn floats_are_refused_wherever_they_stand() {
    for (more, body) in [
        ("(type (func (param f32)))", ""),
        ("(type (func (result f64)))", ""),
        ("(global f32 (f32.const 0))", ""),
        ("", "(local f64)"),
        ("", "(drop (f32.const 0))"),
        ("", "(drop (f64.load (i32.const 0)))"),
        ("", "(drop (i32.reinterpret_f32 (f32.const 0)))"),
        ("", "(block (result f32) unreachable) drop"),
    ] {
        let text = refusal(&contract(more, body));
        assert!(text.starts_with("floating-point"), "{text}");
    }
    let text = refusal(&contract("(func $helper)", "(drop (f32.add (f32.const 1) (f32.const 1)))"));
    assert!(text.contains("in function 1 \"main\", `f32.const`"), "{text}");
}

/// Version 1 alone; the parser's word for the rest.
#[test]
fn broken_modules_are_refused() {
    let mut code = contract("", "");
    code[4] = 2;
    assert_eq!(refusal(&code), "wasm version 2; a contract has version 1 (at offset 0x4)");
    // The component model's layer, which a parser may know.
    code[4..8].copy_from_slice(&[0x0d, 0, 1, 0]);
    assert!(refusal(&code).starts_with("wasm version 65549"));
    // Without a name section, whose end would be a place to cut.
    let code =
        wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "main")))"#).expect("wat");
    assert_eq!(check(&code), Ok(()));
    for length in 8..code.len() {
        assert!(check(&code[..length]).is_err(), "{length} of {} bytes", code.len());
    }
    assert!(refusal(&code[..12]).contains("unexpected end"));
}
