//! Each limit takes exactly what it says, and says by how much it is exceeded.

use hebe_host_ei::{Limits, Message, Profile, Revision, StatusCode, mock::MockHost};
use hebe_vm::{
    Config, Vm,
    validate::{Violation, validate},
};
use wasm_encoder::{CodeSection, CustomSection, Function, FunctionSection, Instruction, Module, TypeSection};

use crate::support::{check, contract, refusal};

/// A contract under a profile with one small limit, and with the same limit one higher.
#[track_caller]
fn at_the_limit(set: impl Fn(&mut Limits, u32), bound: u32, code: &[u8], name: &str) {
    let profile = |bound| {
        let mut profile = Profile::EXTENDED;
        set(&mut profile.limits, bound);
        profile
    };
    assert_eq!(validate(code, &profile(bound), Revision::Byzantium, false).map(|_| ()), Ok(()), "{name}");
    let error = validate(code, &profile(bound - 1), Revision::Byzantium, false).expect_err("one too many");
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
    let table =
        "(drop (block (result i64) (block (result i64) (br_table 0 1 0 1 (i64.const 0) (i32.const 0)))))";
    at_the_limit(|l, n| l.br_table_values = n, 1, &contract("", table), "br_table_values");
    // Size of the body: its locals (1 byte for none), 9 nops and the end.
    at_the_limit(|l, n| l.body_bytes = n, 11, &contract("", &"nop ".repeat(9)), "body_bytes");
}

/// Makes a contract with so much of something.
type Make = fn(usize) -> Vec<u8>;

/// For each limit a contract with so much of it.
const AT_BOUNDS: &[(&str, Make)] = &[
    // Parameterless types of main and one of its own each.
    ("types", |n| contract(&numbered(n - 1, |i| format!("(type (func {}))", bits(i))), "")),
    ("functions", |n| contract(&"(func)".repeat(n - 1), "")),
    ("imports", |n| contract(&r#"(import "ethereum" "getGasLeft" (func (result i64)))"#.repeat(n), "")),
    ("globals", |n| contract(&"(global i32 (i32.const 0))".repeat(n), "")),
    ("table_elements", |n| contract(&format!("(table {n} funcref)"), "")),
    ("memory_pages", |n| {
        crate::support::wat(&format!(r#"(module (memory (export "memory") {n}) (func (export "main")))"#))
    }),
    ("data_segments", |n| contract(&r#"(data (i32.const 0) "x")"#.repeat(n), "")),
    ("element_segments", |n| {
        contract(&format!("(table 1 funcref) {}", "(elem (i32.const 0) $main)".repeat(n)), "")
    }),
    ("params", |n| contract(&format!("(func (param {}))", "i64 ".repeat(n)), "")),
    ("results", |n| {
        let values = "(i64.const 0) ".repeat(n);
        contract(&format!("(func (result {}) {values})", "i64 ".repeat(n)), "")
    }),
    ("locals", |n| contract("", &format!("(local {})", "i64 ".repeat(n)))),
    ("all_locals", |n| {
        let full = format!("(func (local {}))", "i32 ".repeat(1024)).repeat(n / 1024);
        contract(&full, &format!("(local {})", "i32 ".repeat(n % 1024)))
    }),
    ("operands", |n| contract("", &("(i32.const 0) ".repeat(n) + &"drop ".repeat(n)))),
    ("block_nesting", |n| contract("", &("(block ".repeat(n) + &")".repeat(n)))),
    ("loop_nesting", |n| contract("", &("(loop ".repeat(n) + &")".repeat(n)))),
    ("br_table_targets", |n| contract("", &format!("(block (br_table {} 0 (i32.const 0)))", "0 ".repeat(n)))),
    ("br_table_values", |n| {
        let (types, values) = ("i64 ".repeat(n), "(i64.const 0) ".repeat(n));
        let drops = "drop ".repeat(n);
        contract("", &format!("(block (result {types}) {values} (br_table 0 0 (i32.const 0))) {drops}"))
    }),
    // A byte for no locals, one for the end.
    ("body_bytes", |n| contract("", &"nop ".repeat(n - 2))),
    ("custom_bytes", |n| with_custom("c", n - 2)),
    ("name_bytes", |n| with_custom(&"c".repeat(n), 0)),
    ("module_bytes", module_of),
];

/// Every limit as it is, not a small one in its place: a contract with so much runs, and one with one
/// more is refused. So nothing else, in the parser or the engine, has a lower bound.
#[test]
fn contracts_at_the_bounds_run() {
    let vm = Vm::new(Config::default());
    for (name, _, bound) in Profile::EXTENDED.limits.entries() {
        // No profile has a second table.
        let Some((_, of)) = AT_BOUNDS.iter().find(|(row, _)| *row == name) else {
            assert_eq!(name, "tables");
            continue;
        };
        let code = of(bound as usize);
        let message = Message { gas: 1_000_000_000, ..Message::default() };
        let (_, outcome) = vm.execute(Revision::Byzantium, &code, message, MockHost::default());
        let outcome = outcome.expect("no fault");
        assert_eq!(outcome.status, StatusCode::Success, "{name}: {:?}", outcome.reason);
        let error = check(&of(bound as usize + 1)).expect_err("one too many");
        let broken = match &error.violation {
            Violation::Limit { limit, found, bound, .. } => (*limit, *found, *bound),
            other => panic!("{name}: {other}"),
        };
        assert_eq!(broken, (name, u64::from(bound) + 1, bound), "{error}");
    }
}

/// So many times what is made of a number.
fn numbered(n: usize, text: impl Fn(usize) -> String) -> String {
    (0..n).map(text).collect()
}

/// Parameters that differ for every number.
fn bits(number: usize) -> String {
    let types = (0..11).map(|bit| if number >> bit & 1 == 0 { "i32 " } else { "i64 " });
    format!("(param {})", types.collect::<String>())
}

/// The smallest contract, without names, and a custom section with this name and so many bytes.
fn with_custom(name: &str, bytes: usize) -> Vec<u8> {
    let mut code =
        wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "main")))"#).expect("wat");
    code.push(0);
    let section = CustomSection { name: name.into(), data: vec![0; bytes].into() };
    wasm_encoder::Encode::encode(&section, &mut code);
    code
}

/// A contract of so many bytes, in passive data segments of 512 KiB and the rest.
fn module_of(bytes: usize) -> Vec<u8> {
    let with = |length: usize| {
        let data = "x".repeat(length);
        contract(&format!(r#"(data "{}") (data "{data}")"#, "x".repeat(1 << 19)), "")
    };
    // Lengths of this size are written with as many bytes each.
    let rest = bytes - with(1 << 18).len() + (1 << 18);
    with(rest)
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
