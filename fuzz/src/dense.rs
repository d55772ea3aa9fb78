//! Contracts out of single instructions on an operand stack, thick with what engines get wrong: values that wait below
//! blocks with parameters while locals change, `select`, `br_table`, far stores, many locals, deep nesting, numbers at the ends of
//! their range, traps.

mod body;
mod operands;

use arbitrary::{Result, Unstructured};
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, ExportKind,
    ExportSection, FunctionSection, GlobalSection, GlobalType, MemorySection, MemoryType, Module, RefType,
    TableSection, TableType, TypeSection, ValType,
};

use body::Body;

/// Turns of loops and calls of functions, in one run of the contract.
const FUEL: i32 = 150;

/// What bodies know of the module around them.
struct Shape {
    /// Every type of a function or a block.
    types: Vec<(Vec<ValType>, Vec<ValType>)>,
    /// The type of each function; `main` comes behind them.
    functions: Vec<u32>,
    globals: Vec<ValType>,
    /// Pages of memory at the start.
    pages: u64,
    /// Whether loads and stores may be out of bounds, and divisors 0.
    traps: bool,
    /// How deep blocks may nest.
    nesting: usize,
    /// How many instructions a function may have, about.
    instructions: u32,
}

/// A contract whose `main` does nothing: `expose` calls its functions.
pub fn contract(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut shape = shape(u)?;
    let mut code = CodeSection::new();
    for index in 0..shape.functions.len() {
        Body::write(u, &mut shape, index, &mut code)?;
    }
    code.function(wasm_encoder::Function::new([]).instruction(&wasm_encoder::Instruction::End));
    Ok(module(u, &shape, &code)?.finish())
}

pub(crate) fn some_type(u: &mut Unstructured<'_>) -> Result<ValType> {
    Ok(if u.arbitrary()? { ValType::I64 } else { ValType::I32 })
}

pub(crate) fn some_types(u: &mut Unstructured<'_>, most: u32) -> Result<Vec<ValType>> {
    (0..u.int_in_range(0..=most)?).map(|_| some_type(u)).collect()
}

fn shape(u: &mut Unstructured<'_>) -> Result<Shape> {
    let mut types = vec![(vec![], vec![])];
    let mut functions = Vec::new();
    for _ in 0..u.int_in_range(1..=5)? {
        let (params, results) = (some_types(u, 5)?, some_types(u, 4)?);
        types.push((params, results));
        functions.push(types.len() as u32 - 1);
    }
    // The last one gives a condition.
    types.push((some_types(u, 2)?, vec![ValType::I32]));
    functions.push(types.len() as u32 - 1);
    let mut globals = vec![ValType::I32];
    for _ in 0..u.int_in_range(1..=5)? {
        globals.push(some_type(u)?);
    }
    let nesting = *u.choose(&[3, 6, 6, 12, 60])?;
    let instructions = *u.choose(&[20, 40, 80, 160])?;
    let pages = u.int_in_range(1..=3)?;
    Ok(Shape { pages, types, functions, globals, traps: u.ratio(1, 3)?, nesting, instructions })
}

fn module(u: &mut Unstructured<'_>, shape: &Shape, code: &CodeSection) -> Result<Module> {
    let count = shape.functions.len() as u32;
    let (mut types, mut functions, mut tables, mut memories) =
        (TypeSection::new(), FunctionSection::new(), TableSection::new(), MemorySection::new());
    for (params, results) in &shape.types {
        types.ty().function(params.iter().copied(), results.iter().copied());
    }
    shape.functions.iter().chain([&0]).for_each(|ty| {
        functions.function(*ty);
    });
    let limits = (8, None);
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: limits.0,
        maximum: limits.1,
        shared: false,
    });
    let minimum = shape.pages;
    memories.memory(MemoryType {
        minimum,
        maximum: Some(4),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    for (number, ty) in shape.globals.iter().enumerate() {
        let value = match (number, ty) {
            (0, _) => ConstExpr::i32_const(FUEL),
            (_, ValType::I64) => ConstExpr::i64_const(u.arbitrary()?),
            _ => ConstExpr::i32_const(u.arbitrary()?),
        };
        globals.global(GlobalType { val_type: *ty, mutable: true, shared: false }, &value);
    }
    let mut exports = ExportSection::new();
    exports.export("main", ExportKind::Func, count).export("memory", ExportKind::Memory, 0);
    let (mut elements, mut data) = (ElementSection::new(), DataSection::new());
    let all: Vec<u32> = (0..count).collect();
    elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(all.as_slice().into()));
    elements.passive(Elements::Functions(all.as_slice().into()));
    data.active(0, &ConstExpr::i32_const(256), (0..=255).collect::<Vec<u8>>());
    data.active(0, &ConstExpr::i32_const(65_500), *b"near the end");
    data.passive(*b"what memory.init finds");
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&tables).section(&memories).section(&globals);
    module
        .section(&exports)
        .section(&elements)
        .section(&DataCountSection { count: 3 })
        .section(code)
        .section(&data);
    Ok(module)
}
