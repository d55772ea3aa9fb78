//! Contracts that always end, out of bytes: every byte is a choice, and no more bytes means the simplest one, so that
//! proptest shrinks a contract by shrinking its bytes.
//!
//! What depends on the gas left goes nowhere but into the first 8 bytes of linear memory: the path that a contract takes
//! is the same with any gas, and the rest of its memory too.

mod code;
mod counted;
mod host;
mod statement;
mod value;

use arbitrary::Unstructured;
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType,
    Module, RefType, TableSection, TableType, TypeSection, ValType,
};

use code::Code;
use host::IMPORTS;

/// Bytes at the start of memory that depend on the gas left.
pub(crate) const OF_GAS: usize = 8;

/// Bytes of call data that contracts reckon with.
pub(crate) const INPUT: usize = 48;

/// A contract.
pub(crate) fn contract(bytes: &[u8]) -> Vec<u8> {
    let mut choice = Choice(Unstructured::new(bytes));
    let (traps, bodies) = (choice.of(3) == 2, CodeSection::new());
    let mut draft = Draft { choice, traps, types: Vec::new(), functions: Vec::new(), bodies };
    for (_, params, results) in IMPORTS {
        draft.ty(params, results);
    }
    let functions = draft.choice.of(SPARE + 1) as usize;
    // Every function has its own share of the bytes, main two.
    let share = bytes.len() / (functions + 2);
    let mut shares = bytes.chunks(share.max(1));
    for _ in 0..functions {
        draft.choice = Choice(Unstructured::new(shares.next().unwrap_or_default()));
        Code::function(&mut draft);
    }
    draft.choice = Choice(Unstructured::new(&bytes[(share * functions).min(bytes.len())..]));
    Code::main(&mut draft);
    draft.module()
}

/// Choices out of bytes.
struct Choice<'a>(Unstructured<'a>);

impl Choice<'_> {
    /// A number below `count`.
    fn of(&mut self, count: u32) -> u32 {
        self.0.int_in_range(0..=count - 1).unwrap_or(0)
    }

    /// One of them.
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.of(of.len() as u32) as usize]
    }

    fn flip(&mut self) -> bool {
        self.of(2) == 1
    }

    fn ty(&mut self) -> ValType {
        self.one(&[ValType::I32, ValType::I64])
    }

    fn types(&mut self, most: u32) -> Vec<ValType> {
        let count = self.of(most + 1);
        (0..count).map(|_| self.ty()).collect()
    }

    /// A number that is likely to matter.
    fn number(&mut self) -> i64 {
        match self.of(3) {
            0 => i64::from(self.of(12)),
            1 => self.one(&[-1, -2, 63, 64, 0x7fff_ffff, -0x8000_0000, 0xffff_ffff, i64::MIN, i64::MAX]),
            _ => self.0.arbitrary().unwrap_or(0),
        }
    }
}

/// A function as its callers know it.
#[derive(Clone)]
struct Signature {
    ty: u32,
    params: Vec<ValType>,
    results: Vec<ValType>,
    /// Its first parameter says how often it calls itself.
    recurses: bool,
    /// About how many instructions a call of it runs.
    cost: u32,
}

/// A module on its way.
struct Draft<'a> {
    choice: Choice<'a>,
    /// Whether it may trap.
    traps: bool,
    types: Vec<(Vec<ValType>, Vec<ValType>)>,
    functions: Vec<Signature>,
    bodies: CodeSection,
}

/// The globals: turns that are left for loops which do not count, two that contracts write, one that is constant.
const FUEL: u32 = 0;
const WORD: u32 = 1;
const LONG: u32 = 2;
const CONSTANT: u32 = 3;

/// Turns of loops that do not count themselves, in all.
const TURNS: i32 = 24;

/// The most functions beside main. The table has as many places for them, and behind those as many for bulk operations:
/// nothing but the first function gets there.
const SPARE: u32 = 5;

impl Draft<'_> {
    /// The index of a type.
    fn ty(&mut self, params: &[ValType], results: &[ValType]) -> u32 {
        let wanted = (params.to_vec(), results.to_vec());
        let known = self.types.iter().position(|known| *known == wanted);
        known.unwrap_or_else(|| {
            self.types.push(wanted);
            self.types.len() - 1
        }) as u32
    }

    fn module(mut self) -> Vec<u8> {
        let mut module = Module::new();
        let main = IMPORTS.len() as u32 + self.functions.len() as u32 - 1;
        let maximum = [None, Some(1), Some(3)][self.choice.of(3) as usize];
        let imports = self.imports();
        let (functions, table, elements) = self.functions();
        let mut types = TypeSection::new();
        for (params, results) in &self.types {
            types.ty().function(params.iter().copied(), results.iter().copied());
        }
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut exports = ExportSection::new();
        exports.export("main", ExportKind::Func, main).export("memory", ExportKind::Memory, 0);
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(1024), (0..=255).collect::<Vec<u8>>());
        data.passive(*b"forty bytes that only memory.init copies");
        let globals = globals();
        module.section(&types).section(&imports).section(&functions).section(&table).section(&memories);
        module.section(&globals).section(&exports).section(&elements);
        module.section(&DataCountSection { count: 2 }).section(&self.bodies).section(&data);
        module.finish()
    }

    fn imports(&mut self) -> ImportSection {
        let mut imports = ImportSection::new();
        for (name, params, results) in IMPORTS {
            imports.import("ethereum", name, EntityType::Function(self.ty(params, results)));
        }
        imports
    }

    fn functions(&self) -> (FunctionSection, TableSection, ElementSection) {
        let mut functions = FunctionSection::new();
        for function in &self.functions {
            functions.function(function.ty);
        }
        let first = IMPORTS.len() as u32;
        // Without main, which must not be called.
        let callable: Vec<u32> = (first..first + self.functions.len() as u32 - 1).collect();
        let mut table = TableSection::new();
        table.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: u64::from(2 * SPARE),
            maximum: None,
            shared: false,
        });
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(callable.as_slice().into()));
        let leaf: &[u32] = if callable.is_empty() { &[] } else { &[first, first] };
        elements.passive(Elements::Functions(leaf.into()));
        (functions, table, elements)
    }
}

fn globals() -> GlobalSection {
    let mut globals = GlobalSection::new();
    let ty = |val_type, mutable| GlobalType { val_type, mutable, shared: false };
    globals.global(ty(ValType::I32, true), &ConstExpr::i32_const(TURNS));
    globals.global(ty(ValType::I32, true), &ConstExpr::i32_const(7));
    globals.global(ty(ValType::I64, true), &ConstExpr::i64_const(-7));
    globals.global(ty(ValType::I64, false), &ConstExpr::i64_const(77));
    globals
}
