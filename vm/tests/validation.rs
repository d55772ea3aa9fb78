//! The shape of a contract, rule by rule, and what a person reads when one is broken.
//!
//! Rules: `contract_interface.md` of the ewasm design documents; the wasm spec for the language.

use hebe_host_ei::{Limits, Profile};
use hebe_vm::validate::{InvalidCode, Violation, validate};
use wasm_encoder::{CodeSection, CustomSection, Function, FunctionSection, Instruction, Module, TypeSection};

/// A contract with `main`, `memory` and something more.
fn contract(more: &str, body: &str) -> Vec<u8> {
    let text = format!(r#"(module {more} (memory (export "memory") 1) (func $main (export "main") {body}))"#);
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn check(code: &[u8]) -> Result<(), InvalidCode> {
    validate(code, &Profile::EXTENDED, false).map(|_| ())
}

/// The message of a refusal.
#[track_caller]
fn refusal(code: &[u8]) -> String {
    check(code).expect_err("refused").to_string()
}

#[track_caller]
fn refusal_of(text: &str) -> String {
    refusal(&wat::parse_str(text).expect("wat"))
}

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

/// `debug` exists when debugging is on, `ethereum` always, and a table or a memory is never imported.
#[test]
fn debug_is_an_import_only_when_debugging() {
    let code = contract(r#"(import "debug" "printMem" (func (param i32 i32)))"#, "");
    assert!(validate(&code, &Profile::R4, true).is_ok());
    assert!(validate(&code, &Profile::R4, false).is_err());
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

/// Proposals that no profile has.
#[test]
fn other_proposals_are_refused() {
    for (more, body, word) in [
        ("", "(drop (v128.const i64x2 0 0))", "SIMD"),
        ("", "(drop (i32.atomic.load (i32.const 0)))", "threads"),
        ("(table 1 externref)", "", "reference types"),
        ("(tag)", "", "exceptions"),
        ("(func $f (return_call $f))", "", "tail calls"),
        ("(memory 1)", "", "multi"),
    ] {
        let text = refusal(&contract(more, body)).to_lowercase();
        assert!(text.contains(&word.to_lowercase()), "{text}");
    }
}

/// The difference between the profiles: what `extended` takes and `r4`, the wasm MVP, does not.
#[test]
fn extended_takes_what_todays_compilers_emit() {
    for (more, body) in [
        ("", "(drop (i32.extend8_s (i32.const 0)))"),
        ("", "(block (result i32 i32) (i32.const 0) (i32.const 0)) drop drop"),
        ("", "(memory.copy (i32.const 0) (i32.const 0) (i32.const 0))"),
        ("", "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))"),
        ("(global i32 (i32.add (i32.const 0) (i32.const 0)))", ""),
    ] {
        let code = contract(more, body);
        assert!(validate(&code, &Profile::EXTENDED, false).is_ok(), "{more} {body}");
        assert!(validate(&code, &Profile::R4, false).is_err(), "{more} {body}");
    }
}

/// LLVM writes the table of `call_indirect` as a LEB128 of five bytes (reference types proposal).
#[test]
fn extended_takes_llvms_call_indirect() {
    let code = contract("(table 1 funcref) (type $t (func))", "(call_indirect (type $t) (i32.const 0))");
    let at = code.windows(4).position(|bytes| bytes == [0x11, 0, 0, 0x0b]).expect("call_indirect");
    let mut long = code.clone();
    long.splice(at + 2..at + 3, [0x80, 0x80, 0x80, 0x80, 0]);
    // Four bytes more in the function and in the code section.
    let body = at - 4;
    long[body] += 4;
    long[body - 2] += 4;
    assert!(validate(&code, &Profile::R4, false).is_ok());
    assert_eq!(validate(&long, &Profile::EXTENDED, false).map(|_| ()), Ok(()));
    assert!(validate(&long, &Profile::R4, false).is_err());
}

/// A contract under a profile with one small limit, and with the same limit one higher.
#[track_caller]
fn at_the_limit(set: impl Fn(&mut Limits, u32), bound: u32, code: &[u8], name: &str) {
    let profile = |bound| {
        let mut profile = Profile::EXTENDED;
        set(&mut profile.limits, bound);
        profile
    };
    assert_eq!(validate(code, &profile(bound), false).map(|_| ()), Ok(()), "{name}");
    let error = validate(code, &profile(bound - 1), false).expect_err("one too many");
    match &error.violation {
        Violation::Limit { limit, found, bound: told, .. } => {
            assert_eq!((*limit, *found, *told), (name, u64::from(bound), bound - 1), "{error}");
        }
        other => panic!("{name}: {other}"),
    }
}

/// Each limit takes exactly what it says, and says by how much it is exceeded.
#[test]
fn limits_take_what_they_say() {
    let import = r#"(import "ethereum" "getGasLeft" (func (result i64)))"#;
    let code = contract("", "");
    at_the_limit(|l, n| l.module_bytes = n, code.len() as u32, &code, "module_bytes");
    at_the_limit(
        |l, n| l.types = n,
        3,
        &contract("(type (func (param i32))) (type (func (param i64)))", ""),
        "types",
    );
    at_the_limit(|l, n| l.functions = n, 3, &contract("(func) (func)", ""), "functions");
    at_the_limit(|l, n| l.imports = n, 2, &contract(&import.repeat(2), ""), "imports");
    at_the_limit(|l, n| l.globals = n, 2, &contract(&"(global i32 (i32.const 0))".repeat(2), ""), "globals");
    at_the_limit(|l, n| l.tables = n, 1, &contract("(table 1 funcref)", ""), "tables");
    at_the_limit(|l, n| l.table_elements = n, 7, &contract("(table 7 funcref)", ""), "table_elements");
    at_the_limit(|l, n| l.memory_pages = n, 1, &contract("", ""), "memory_pages");
    at_the_limit(
        |l, n| l.data_segments = n,
        2,
        &contract(&r#"(data (i32.const 0) "x")"#.repeat(2), ""),
        "data_segments",
    );
    let elements = format!("(table 1 funcref) {}", "(elem (i32.const 0) $main)".repeat(2));
    at_the_limit(|l, n| l.element_segments = n, 2, &contract(&elements, ""), "element_segments");
    at_the_limit(|l, n| l.name_bytes = n, 10, &contract(import, ""), "name_bytes");
    at_the_limit(|l, n| l.params = n, 4, &contract("(func (param i32 i32 i64 i32))", ""), "params");
    at_the_limit(|l, n| l.results = n, 2, &contract("(type (func (result i32 i64)))", ""), "results");
    at_the_limit(|l, n| l.locals = n, 3, &contract("", "(local i32 i64 i32)"), "locals");
    at_the_limit(
        |l, n| l.all_locals = n,
        3,
        &contract("(func (local i32 i32))", "(local i32)"),
        "all_locals",
    );
    let operands = "(drop (i32.add (i32.const 0) (i32.add (i32.const 0) (i32.const 0))))";
    at_the_limit(|l, n| l.operands = n, 3, &contract("", operands), "operands");
    at_the_limit(|l, n| l.block_nesting = n, 3, &contract("", "(block (loop (block)))"), "block_nesting");
    at_the_limit(|l, n| l.loop_nesting = n, 2, &contract("", "(loop (block (loop))) (loop)"), "loop_nesting");
    let table = "(block (block (br_table 0 1 0 1 (i32.const 0))))";
    at_the_limit(|l, n| l.br_table_targets = n, 3, &contract("", table), "br_table_targets");
    // Size of the body: its locals (1 byte for none), 9 nops and the end.
    at_the_limit(|l, n| l.body_bytes = n, 11, &contract("", &"nop ".repeat(9)), "body_bytes");
}

/// Custom sections count together, names included. The text format's own name section counts too, so this
/// module is made by hand.
#[test]
fn custom_sections_count_together() {
    let mut code =
        wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "main")))"#).expect("wat");
    for name in ["a", "b"] {
        let section = CustomSection { name: name.into(), data: vec![0; 10].into() };
        code.push(0);
        wasm_encoder::Encode::encode(&section, &mut code);
    }
    // Each has its name's length, its name and 10 bytes.
    at_the_limit(|l, n| l.custom_bytes = n, 24, &code, "custom_bytes");
}

/// Counts that no module can hold end in an error, quickly and without the memory they ask for.
#[test]
fn absurd_counts_are_refused() {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut body = Function::new([(u32::MAX, wasm_encoder::ValType::I32)]);
    body.instruction(&Instruction::End);
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&code);
    let text = refusal(&module.finish());
    assert!(text.starts_with("4294967295 locals of a function; the limit locals is 1024"), "{text}");
    assert!(text.contains("in function 0"), "{text}");

    for section in 1..=12 {
        let mut code = b"\0asm\x01\0\0\0".to_vec();
        code.extend([section, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]);
        assert!(check(&code).is_err(), "section {section}");
    }
}

/// A megabyte of zeros behind a header, and a module one byte too large.
#[test]
fn large_garbage_is_refused() {
    let zeros = |length: usize| [b"\0asm\x01\0\0\0".to_vec(), vec![0; length]].concat();
    assert!(check(&zeros((1 << 20) - 8)).is_err());
    let message = "1048577 bytes of the module; the limit module_bytes is 1048576 (at offset 0x0)";
    assert_eq!(refusal(&zeros((1 << 20) - 7)), message);
}
