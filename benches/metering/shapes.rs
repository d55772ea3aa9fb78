//! Contracts that only an attacker writes, each as large as the limits let it be and made of one thing.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function, FunctionSection,
    InstructionSink, MemorySection, MemoryType, Module, TypeSection, ValType,
};

/// A shape is made in parts, so that one part and all can be compared.
pub(crate) const PARTS: usize = 8;

/// A name and what makes a module of so many parts.
pub(crate) type Shape = (&'static str, fn(usize) -> Vec<u8>);

/// Bytes of a function's body, a little less than may be (docs/limits.md).
const BODY: usize = 65_000;
const VALUES: usize = 16;

/// Shapes within the limits.
pub(crate) const SHAPES: &[Shape] = &[
    ("64 nested loops", |parts| {
        repeated(parts, 192, |code| nested(code, 64, |code| _ = code.loop_(BlockType::Empty)))
    }),
    ("1,000 loops in a row", |parts| {
        functions(3 * parts, &[], |code| {
            (0..1_000).for_each(|_| _ = code.loop_(BlockType::Empty).end());
        })
    }),
    ("256 blocks, br_table to all", |parts| repeated(parts, 1_155, table_out_of_blocks)),
    ("nop", |parts| repeated(parts, 1, |code| _ = code.nop())),
    ("i64.const -1, drop", |parts| repeated(parts, 3, |code| _ = code.i64_const(-1).drop())),
    ("local.get, local.set", |parts| repeated(parts, 4, |code| _ = code.local_get(0).local_set(0))),
    ("br_if 0", |parts| repeated(parts, 4, |code| _ = code.local_get(0).br_if(0))),
    ("br_if 0, dead", |parts| {
        functions(1, &[], |code| {
            code.unreachable();
            (0..BODY * parts / PARTS / 2).for_each(|_| _ = code.br_if(0));
        })
    }),
    ("br_if out of a block", |parts| {
        functions(1, &[], |code| {
            code.block(BlockType::Empty);
            (0..BODY * parts / PARTS / 4).for_each(|_| _ = code.local_get(0).br_if(0));
            code.end();
        })
    }),
    ("br_if out of 256 blocks", |parts| {
        repeated(parts, 2_000, |code| {
            (0..255).for_each(|_| _ = code.block(BlockType::Empty));
            (0..255).rev().for_each(|outermost| _ = code.local_get(0).br_if(outermost).end());
        })
    }),
    ("if, else, end", |parts| {
        repeated(parts, 6, |code| _ = code.local_get(0).if_(BlockType::Empty).else_().end())
    }),
    ("block, end", |parts| repeated(parts, 3, |code| _ = code.block(BlockType::Empty).end())),
    ("call", |parts| repeated(parts, 2, |code| _ = code.call(0))),
    ("call with 16 values", |parts| {
        values(|code| (0..BODY * parts / PARTS / 2).for_each(|_| _ = code.call(CARRY)))
    }),
    ("block with 16 values", |parts| {
        values(|code| {
            let block = BlockType::FunctionType(CARRY_TYPE);
            (0..BODY * parts / PARTS / 3).for_each(|_| _ = code.block(block).end());
        })
    }),
    ("br_if with 16 values", |parts| {
        values(|code| (0..BODY * parts / PARTS / 4).for_each(|_| _ = code.i32_const(0).br_if(0)))
    }),
    ("br_table, 1,024 targets", |parts| {
        repeated(parts, 1_033, |code| {
            code.block(BlockType::Empty).local_get(0).br_table(vec![0; 1_024], 0).end();
        })
    }),
    ("memory.copy", |parts| {
        repeated(parts, 10, |code| {
            _ = code.local_get(0).local_get(0).local_get(0).memory_copy(0, 0);
        })
    }),
    ("memory.copy after a call", |parts| repeated(parts, 6, |code| _ = code.call(THREE).memory_copy(0, 0))),
    ("memory.grow", |parts| repeated(parts, 5, |code| _ = code.local_get(0).memory_grow(0).drop())),
    ("return in 256 blocks", |parts| {
        repeated(parts, 255 * 9, |code| {
            (0..254).for_each(|_| _ = code.block(BlockType::Empty));
            for _ in 0..254 {
                code.local_get(0).if_(BlockType::Empty).return_().end().end();
            }
        })
    }),
    ("1,024 operands", |parts| {
        repeated(parts, 3 * 1_024, |code| {
            (0..1_024).for_each(|_| _ = code.i32_const(0));
            (0..1_024).for_each(|_| _ = code.drop());
        })
    }),
    ("1,024 locals, one by one", |parts| {
        let locals: Vec<_> = (0..1_024).map(|n| (1, [ValType::I32, ValType::I64][n % 2])).collect();
        functions(parts * 7, &locals, |_| ())
    }),
    ("1,024 locals at once", |parts| functions(parts * 7, &[(1_024, ValType::I64)], |_| ())),
    ("tiny functions", |parts| functions(parts * 511, &[], |_| ())),
    ("types", |parts| contract(parts * 127, &[])),
    ("data segments", |parts| {
        let mut data = DataSection::new();
        (0..128 * parts).for_each(|_| _ = data.active(0, &ConstExpr::i32_const(0), []));
        contract_with(0, &[], &data)
    }),
];

/// Shapes beyond the limits.
pub(crate) const REFUSED: &[Shape] = &[
    ("1,000 nested loops", |_| {
        functions(1, &[], |code| nested(code, 1_000, |code| _ = code.loop_(BlockType::Empty)))
    }),
    ("10,000 nested blocks", |_| {
        functions(1, &[], |code| nested(code, 10_000, |code| _ = code.block(BlockType::Empty)))
    }),
    ("a body of 1,000,000 bytes", |_| functions(1, &[], |code| (0..1_000_000).for_each(|_| _ = code.nop()))),
    ("br_table, 50,000 targets", |_| {
        functions(1, &[], |code| _ = code.local_get(0).br_table(vec![0; 50_000], 0))
    }),
    ("50,000 locals", |_| functions(1, &[(50_000, ValType::I64)], |_| ())),
    ("1,024 locals in 65 functions", |_| functions(65, &[(1_024, ValType::I64)], |_| ())),
    ("10,000 operands", |_| {
        functions(1, &[], |code| {
            (0..10_000).for_each(|_| _ = code.i32_const(0));
            (0..10_000).for_each(|_| _ = code.drop());
        })
    }),
    ("10,000 tiny functions", |_| functions(10_000, &[], |_| ())),
    ("10,000 types", |_| contract(10_000, &[])),
];

/// Types of every shape: () → (), () → (i32, i32, i32), and 16 values → 16 values.
const MAIN_TYPE: u32 = 0;
const THREE_TYPE: u32 = 1;
const CARRY_TYPE: u32 = 2;
/// Functions of every shape: `main`, one with the second type, one with the third.
const THREE: u32 = 1;
const CARRY: u32 = 2;

/// One function of `unit`, as often as it has room, of `parts`.
fn repeated(parts: usize, bytes: usize, unit: impl Fn(&mut InstructionSink<'_>)) -> Vec<u8> {
    functions(1, &[], |code| (0..BODY * parts / PARTS / bytes).for_each(|_| unit(code)))
}

/// `count` functions with these locals beside an `i32`.
fn functions(count: usize, locals: &[(u32, ValType)], write: impl Fn(&mut InstructionSink<'_>)) -> Vec<u8> {
    let locals = if locals.is_empty() { &[(1, ValType::I32)] } else { locals };
    let function = function(locals, write);
    contract(0, &vec![(MAIN_TYPE, function); count])
}

/// A function in which 16 values are on the stack, and are its results.
fn values(write: impl Fn(&mut InstructionSink<'_>)) -> Vec<u8> {
    let function = function(&[], |code| {
        (0..VALUES as u32).for_each(|index| _ = code.local_get(index));
        write(code);
    });
    contract(0, &[(CARRY_TYPE, function)])
}

fn function(locals: &[(u32, ValType)], write: impl Fn(&mut InstructionSink<'_>)) -> Function {
    let mut function = Function::new(locals.iter().copied());
    let mut code = function.instructions();
    write(&mut code);
    code.end();
    function
}

fn nested(code: &mut InstructionSink<'_>, depth: usize, open: impl Fn(&mut InstructionSink<'_>)) {
    (0..depth).for_each(|_| open(code));
    (0..depth).for_each(|_| _ = code.end());
}

fn table_out_of_blocks(code: &mut InstructionSink<'_>) {
    (0..255).for_each(|_| _ = code.block(BlockType::Empty));
    code.local_get(0).br_table((0..255).collect::<Vec<_>>(), 255);
    (0..255).for_each(|_| _ = code.end());
}

fn contract(more_types: usize, functions: &[(u32, Function)]) -> Vec<u8> {
    contract_with(more_types, functions, &DataSection::new())
}

/// A contract with types that nobody uses, and functions.
fn contract_with(more_types: usize, functions: &[(u32, Function)], data: &DataSection) -> Vec<u8> {
    let (mut types, mut indices, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
    types.ty().function([], []);
    types.ty().function([], [ValType::I32; 3]);
    types.ty().function([ValType::I32; VALUES], [ValType::I32; VALUES]);
    for number in 0..more_types {
        // Its binary digits make each another one.
        types.ty().function((0..14).map(|bit| [ValType::I32, ValType::I64][number >> bit & 1]), []);
    }
    let three = function(&[], |code| _ = code.i32_const(0).i32_const(0).i32_const(0));
    let carry = function(&[], |code| (0..VALUES as u32).for_each(|index| _ = code.local_get(index)));
    let fixed = [(MAIN_TYPE, function(&[], |_| ())), (THREE_TYPE, three), (CARRY_TYPE, carry)];
    for (ty, function) in fixed.iter().chain(functions) {
        indices.function(*ty);
        code.function(function);
    }
    let mut memory = MemorySection::new();
    memory.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0).export("main", ExportKind::Func, 0);
    let mut module = Module::new();
    module.section(&types).section(&indices).section(&memory).section(&exports).section(&code);
    if !data.is_empty() {
        module.section(data);
    }
    module.finish()
}
