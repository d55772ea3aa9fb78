//! Shapes that someone might build to make the meter slow, wrong or rich: each is refused by the limit that names it, or costs
//! what it costs by hand.

use hebe_host_ei::{Outcome, Prices, Profile, Revision, StatusCode};
use hebe_vm::validate::validate;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType, Module,
    RefType, TableSection, TableType, TypeSection, ValType,
};

use crate::support::{execute, wat};

const GAS: i64 = 10_000_000;

/// A contract whose `main` has this body, from its locals to its `end`, beside a function 1 without instructions.
fn contract(body: &[u8]) -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0).function(0);
    let mut exports = ExportSection::new();
    exports.export("main", ExportKind::Func, 0).export("memory", ExportKind::Memory, 0);
    let mut code = CodeSection::new();
    code.raw(body).raw(&[0, END]);
    module.section(&types).section(&functions).section(&memory(1)).section(&exports).section(&code);
    module.finish()
}

fn memory(minimum: u64) -> MemorySection {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    memories
}

const END: u8 = 0x0b;

/// A body without locals: `parts`, and the end.
fn body(parts: &[&[u8]]) -> Vec<u8> {
    [&[0], parts.concat().as_slice(), &[END]].concat()
}

#[track_caller]
fn refused(code: &[u8], words: &str) {
    let error =
        validate(code, &Profile::EXTENDED, Revision::Byzantium, false).expect_err("refused").to_string();
    let said = error.split(" (at offset").next().unwrap_or_default();
    assert_eq!(said, words);
    let outcome = execute(&Prices::UNIT, code, GAS);
    assert_eq!(
        outcome,
        Outcome { status: StatusCode::ContractValidationFailure, ..Outcome::success(0) },
        "{words}"
    );
}

/// A contract that runs `instructions` under `unit` and starts with `start` particles beside a page, its bytes and the rest.
#[track_caller]
fn costs(code: &[u8], instructions: i64, start: i64) {
    let particles = 200_000 + 2_240_000 + code.len() as i64 * 4_000 + start + instructions * 10_000;
    let used = (particles + 9_999) / 10_000;
    let outcome = execute(&Prices::UNIT, code, GAS);
    assert_eq!(outcome, Outcome::success(GAS - used), "{:?}", outcome.reason);
    assert_eq!(execute(&Prices::UNIT, code, used), Outcome::success(0));
    let short = Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) };
    assert_eq!(execute(&Prices::UNIT, code, used - 1), short);
}

const LOOP: &[u8] = &[0x03, 0x40];
const BLOCK: &[u8] = &[0x02, 0x40];
const NOP: &[u8] = &[0x01];

fn nested(open: &[u8], times: usize) -> Vec<u8> {
    contract(&body(&[&open.repeat(times), NOP, &[END].repeat(times)]))
}

#[test]
fn nesting_is_bounded() {
    refused(&nested(LOOP, 1_000), "65 nested loops; the limit loop_nesting is 64");
    refused(&nested(LOOP, 65), "65 nested loops; the limit loop_nesting is 64");
    costs(&nested(LOOP, 64), 64 + 1, 0);
    refused(&nested(BLOCK, 257), "257 nested blocks; the limit block_nesting is 256");
    costs(&nested(BLOCK, 256), 256 + 1, 0);
}

/// 64 loops inside one another of which each has only the next; the innermost turns 1,000 times.
#[test]
fn the_innermost_of_many_loops_turns() {
    // local.get 0, i32.const 1, i32.add, local.tee 0, i32.const 1000, i32.lt_u, br_if 0
    let turn = [0x20, 0, 0x41, 1, 0x6a, 0x22, 0, 0x41, 0xe8, 0x07, 0x49, 0x0d, 0];
    let code = contract(&[&[1, 1, 0x7f], LOOP.repeat(64).as_slice(), &turn, &[END; 65]].concat());
    costs(&code, 64 + 7 * 1_000, 1_000);
}

/// Bodies of 65,536 bytes, locals and end included, of one thing over and over: bytes of it and instructions that run.
#[test]
fn the_longest_bodies_cost_what_is_in_them() {
    let kinds: [(&str, &[u8], i64); 12] = [
        ("nop", NOP, 1),
        ("constants", &[0x41, 0, 0x1a], 2),
        ("blocks", &[0x02, 0x40, END], 1),
        ("loops", &[0x03, 0x40, END], 1),
        ("first arms", &[0x41, 1, 0x04, 0x40, 0x01, 0x05, 0x01, 0x01, END], 3),
        ("second arms", &[0x41, 0, 0x04, 0x40, 0x01, 0x05, 0x01, 0x01, END], 4),
        ("arms without else", &[0x41, 0, 0x04, 0x40, 0x01, END], 2),
        ("branches", &[0x02, 0x40, 0x0c, 0, 0x01, END], 2),
        ("branches not taken", &[0x02, 0x40, 0x41, 0, 0x0d, 0, END], 3),
        ("tables", &[0x02, 0x40, 0x41, 9, 0x0e, 1, 0, 0, END], 3),
        ("calls", &[0x10, 1], 1),
        ("growth by nothing", &[0x41, 0, 0x40, 0, 0x1a], 3),
    ];
    for (kind, bytes, instructions) in kinds {
        let times = (65_536 - 2) / bytes.len();
        let filling = 65_536 - 2 - times * bytes.len();
        let fill = |more: usize| body(&[&bytes.repeat(times), &NOP.repeat(filling + more)]);
        assert_eq!(fill(0).len(), 65_536, "{kind}");
        costs(&contract(&fill(0)), times as i64 * instructions + filling as i64, 0);
        refused(&contract(&fill(1)), "65537 bytes of a function body; the limit body_bytes is 65536");
    }
}

/// Dead code costs bytes, but nothing when it runs: return, and everything after it.
#[test]
fn dead_code_costs_nothing_to_run() {
    for dead in [LOOP, BLOCK, &[0x41, 0, 0x04, 0x40]] {
        let dead = [dead, NOP, &[END]].concat().repeat(5_000);
        costs(&contract(&body(&[NOP, &[0x0f], &dead])), 2, 0);
        // The same after a branch out of a block: block, br, nop.
        costs(&contract(&body(&[BLOCK, &[0x0c, 0], &dead, &[END], NOP])), 3, 0);
    }
}

#[test]
fn branch_tables_are_bounded() {
    // local 0; block, const, br_table of so many zeros with the default 0, end
    let table = |targets: u16, index: u16| {
        let size = [(targets & 0x7f) as u8 | 0x80, (targets >> 7) as u8];
        let index = [(index & 0x7f) as u8 | 0x80, (index >> 7) as u8];
        let parts = [BLOCK, &[0x41], &index, &[0x0e], &size, &vec![0; usize::from(targets) + 1], &[END], NOP];
        contract(&body(&parts))
    };
    for index in [0, 1, 1_023, 1_024, 8_000] {
        costs(&table(1_024, index), 3 + 1, 0);
    }
    refused(&table(1_025, 0), "1025 br_table targets; the limit br_table_targets is 1024");
}

/// A table whose 1,024 targets are 250 different blocks: the index says how many nops come after it.
#[test]
fn branch_tables_reach_every_block() {
    let contract = |index: i32| {
        let arms: Vec<String> = (0..1_024).map(|arm| (arm % 250).to_string()).collect();
        wat(&format!(
            r#"(module (memory (export "memory") 1) (func (export "main")
            {blocks} (br_table {arms} 249 (i32.const {index})) {nops}))"#,
            blocks = "block ".repeat(250),
            arms = arms.join(" "),
            nops = "end nop ".repeat(250),
        ))
    };
    // 250 blocks, const, br_table; arm n leaves n + 1 blocks, and 250 − n nops remain.
    for (index, arm) in [(0, 0), (1, 1), (249, 249), (250, 0), (1_023, 23), (1_024, 249), (-1, 249)] {
        costs(&contract(index), 250 + 2 + (250 - arm), 0);
    }
}

#[test]
fn locals_are_bounded() {
    let locals = |count: u16| {
        let size = [(count & 0x7f) as u8 | 0x80, (count >> 7) as u8];
        contract(&[&[1], &size[..], &[0x7e, 0x01, END]].concat())
    };
    costs(&locals(1_024), 1, 1_024 * 1_000);
    refused(&locals(1_025), "1025 locals of a function; the limit locals is 1024");
}

#[test]
fn operand_stacks_are_bounded() {
    let deep = |height: usize| contract(&body(&[&[0x41, 7].repeat(height), &[0x1a].repeat(height)]));
    costs(&deep(1_024), 2 * 1_024, 0);
    refused(&deep(1_025), "1025 operands on the stack; the limit operands is 1024");
}

/// `functions` in all: `main`, which calls each of the others once, and these with a nop and `locals` declared locals.
fn many(functions: u32, locals: u32) -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let (mut section, mut code) = (FunctionSection::new(), CodeSection::new());
    let mut main = Function::new([(locals, ValType::I32)]);
    (1..functions).for_each(|index| {
        main.instructions().call(index);
    });
    main.instructions().end();
    section.function(0);
    code.function(&main);
    for _ in 1..functions {
        let mut tiny = Function::new([(locals, ValType::I32)]);
        tiny.instructions().nop().end();
        section.function(0);
        code.function(&tiny);
    }
    let mut exports = ExportSection::new();
    exports.export("main", ExportKind::Func, 0).export("memory", ExportKind::Memory, 0);
    module.section(&types).section(&section).section(&memory(1)).section(&exports).section(&code);
    module.finish()
}

#[test]
fn functions_are_bounded() {
    costs(&many(4_096, 0), 4_095 * 2, 0);
    costs(&many(4_096, 16), 4_095 * 2, 65_536 * 1_000);
    refused(&many(4_097, 0), "4097 functions; the limit functions is 4096");
    refused(&many(4_096, 17), "65552 locals of all functions; the limit all_locals is 65536");
}

/// Everything at its limit at once: 1,024 types, 128 imports, 512 globals, a table of 4,096 with 1,024 active segments of
/// 4, 1,024 active data segments of 3, 256 pages, 3,967 + 1 functions of 16 locals.
#[test]
fn all_limits_at_once() {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I64], []);
    (2..1_024).for_each(|number: u32| {
        let params = (0..10).map(|bit| if number >> bit & 1 == 0 { ValType::I32 } else { ValType::I64 });
        types.ty().function(params, [ValType::I64; 16]);
    });
    let mut imports = ImportSection::new();
    (0..128).for_each(|_| {
        imports.import("ethereum", "useGas", EntityType::Function(1));
    });
    let functions = 4_096;
    let (mut section, mut code) = (FunctionSection::new(), CodeSection::new());
    for index in 0..functions {
        let mut function = Function::new([(16, ValType::I64)]);
        if index == 0 {
            function.instructions().call(129).call(128 + functions - 1);
        }
        function.instructions().nop().end();
        section.function(0);
        code.function(&function);
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 4_096,
        maximum: None,
        shared: false,
    });
    let (mut elements, mut data, mut globals) =
        (ElementSection::new(), DataSection::new(), GlobalSection::new());
    for number in 0..1_024 {
        let four = Elements::Functions((&[128, 129, 130, 131]).into());
        elements.active(None, &ConstExpr::i32_const(number * 4), four);
        data.active(0, &ConstExpr::i32_const(number * 3), *b"abc");
    }
    (0..512).for_each(|number| {
        let ty = GlobalType { val_type: ValType::I64, mutable: true, shared: false };
        globals.global(ty, &ConstExpr::i64_const(number));
    });
    let mut exports = ExportSection::new();
    exports.export("main", ExportKind::Func, 128).export("memory", ExportKind::Memory, 0);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&section).section(&tables).section(&memory(256));
    module.section(&globals).section(&exports).section(&elements).section(&code).section(&data);
    // Two calls and three nops; one page is reckoned already.
    let start = 255 * 2_240_000 + 4_096 * 1_000 + 3 * 1_024 * 100 + 65_536 * 1_000;
    costs(&module.finish(), 2 + 3, start);
}

/// Lengths of 2^32 − 1, again and again, never come round to more gas than there was: 1,000 growths are 9.6 × 10^18
/// particles, which is beyond an `i64`.
#[test]
fn lengths_do_not_wrap_around() {
    let host = r#"(import "ethereum" "storageStore" (func $store (param i32 i32)))"#;
    for times in [1, 959, 1_000, 1_500, 1_917, 2_500, 13_000] {
        let grow = "i32.const -1 memory.grow drop ".repeat(times);
        for (before, after) in [
            ("", ""),
            ("(loop)", ""),
            ("", "(call $store (i32.const 0) (i32.const 0))"),
            ("(loop)", "(call $store (i32.const 0) (i32.const 0))"),
            ("", "(call $f)"),
            ("", "(loop)"),
        ] {
            let code = wat(&format!(
                r#"(module {host} (memory (export "memory") 1) (func $f)
                (func (export "main") {before} {grow} {after}))"#
            ));
            let out_of_gas = Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) };
            // A growth costs 962,072,674,080 gas; 479 of them are less than the most gas that is tried.
            let much = if times > 479 { i64::MAX / 20_000 } else { GAS };
            for gas in [100_000, GAS, much] {
                assert_eq!(execute(&Prices::UNIT, &code, gas), out_of_gas, "{times} {before} {after} {gas}");
            }
        }
    }
}
