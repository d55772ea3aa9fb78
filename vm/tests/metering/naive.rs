//! A count, instruction by instruction, and call by call: the module with counters in it, for [`crate::model`] to run.
//!
//! Every function `f` becomes two. What calls `f` calls a wrapper, which takes the frame's depth, calls the body and gives
//! the depth back; in the body every instruction first adds its price. So nothing here depends on where a body is left.

use std::collections::BTreeMap;

use hebe_host_ei::{Prices, Profile, Revision};
use hebe_vm::validate::validate;
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    Instruction, MemorySection, Module, RawSection, ValType,
    reencode::{Reencode, RoundtripReencoder},
};
use wasmparser::{DataKind, ElementItems, ElementKind, FunctionBody, Operator, Parser, Payload, TypeRef};

use crate::price::{length_price, price};

/// Depth that one message may take, and a frame beside its values (`docs/metering.md`).
pub(crate) const DEPTH: i32 = 32_768;
pub(crate) const FRAME: u32 = 16;

/// No memory grows beyond this many pages (`docs/limits.md`).
const PAGES: u64 = 256;

/// No more is counted: far more than a message can have, and far from the end of an `i64`.
const MOST: i64 = 1 << 62;

/// The exports through which [`crate::model`] reads the counters.
pub(crate) const COUNT: &str = "count";
pub(crate) const DEPTH_LEFT: &str = "depth";

/// A module that counts.
pub(crate) struct Counted {
    pub(crate) code: Vec<u8>,
    /// What starting the module costs, in particles.
    pub(crate) start: i64,
    /// The price of everything that is written in it, once: no more can be charged between two checks, beside lengths.
    pub(crate) written: i64,
}

/// What is known of a module before it is written anew.
#[derive(Default)]
struct Parts<'a> {
    sections: BTreeMap<u8, &'a [u8]>,
    /// Parameters of each type.
    types: Vec<u32>,
    imports: u32,
    /// The type of each function.
    functions: Vec<u32>,
    memories: MemorySection,
    globals: GlobalSection,
    exports: ExportSection,
    bodies: Vec<FunctionBody<'a>>,
    start: i64,
}

/// The order of sections (wasm spec, "Modules"; 12 is the data count).
const SECTIONS: [u8; 11] = [1, 2, 3, 4, 5, 6, 7, 9, 12, 10, 11];

pub(crate) fn count(code: &[u8], prices: &Prices) -> Counted {
    let mut parts = parse(code, prices);
    let at = Counters { count: parts.globals.len() };
    let ty = |val_type| GlobalType { val_type, mutable: true, shared: false };
    parts.globals.global(ty(ValType::I64), &ConstExpr::i64_const(0));
    parts.globals.global(ty(ValType::I32), &ConstExpr::i32_const(0));
    parts.globals.global(ty(ValType::I32), &ConstExpr::i32_const(DEPTH));
    parts.exports.export(COUNT, ExportKind::Global, at.count);
    parts.exports.export(DEPTH_LEFT, ExportKind::Global, at.depth());
    let mut written = 0;
    let (functions, bodies) = twofold(code, &parts, at, prices, &mut written);
    let mut module = Module::new();
    for id in SECTIONS {
        match (id, parts.sections.get(&id)) {
            (3, _) => module.section(&functions),
            (5, _) => module.section(&parts.memories),
            (6, _) => module.section(&parts.globals),
            (7, _) => module.section(&parts.exports),
            (10, _) => module.section(&bodies),
            (_, Some(&data)) => module.section(&RawSection { id, data }),
            (_, None) => continue,
        };
    }
    Counted { code: module.finish(), start: parts.start, written }
}

/// Where the counters are: what was counted, a place for a length, the depth left.
#[derive(Clone, Copy)]
struct Counters {
    count: u32,
}

impl Counters {
    const fn length(self) -> u32 {
        self.count + 1
    }

    const fn depth(self) -> u32 {
        self.count + 2
    }
}

/// All wrappers in the places of the functions, and then all bodies.
fn twofold(
    code: &[u8],
    parts: &Parts<'_>,
    at: Counters,
    prices: &Prices,
    written: &mut i64,
) -> (FunctionSection, CodeSection) {
    let (mut functions, mut bodies) = (FunctionSection::new(), CodeSection::new());
    let valid = validate(code, &Profile::EXTENDED, Revision::Byzantium, true).expect("valid");
    let count = parts.functions.len() as u32;
    for (index, facts) in (0..).zip(&valid.facts().functions) {
        let ty = parts.functions[index as usize];
        let params = parts.types[ty as usize];
        functions.function(ty);
        let depth =
            FRAME + params + locals(&parts.bodies[index as usize]).iter().map(|(n, _)| n).sum::<u32>();
        bodies.function(&wrapper(parts.imports + count + index, params, depth + facts.operands, at));
    }
    for (ty, body) in parts.functions.iter().zip(&parts.bodies) {
        functions.function(*ty);
        bodies.function(&instrument(body, at, prices, written));
    }
    (functions, bodies)
}

fn parse<'a>(code: &'a [u8], prices: &Prices) -> Parts<'a> {
    let mut parts = Parts { start: i64::from(prices.start), ..Parts::default() };
    let mut pay = |amount: usize, price: u32| parts.start += amount as i64 * i64::from(price);
    pay(code.len(), prices.code_byte);
    for payload in Parser::new(0).parse_all(code) {
        let payload = payload.expect("valid");
        if let Some((id, range)) = payload.as_section() {
            parts.sections.insert(id, &code[range.start as usize..range.end as usize]);
        }
        match payload {
            Payload::TypeSection(section) => {
                let types = section.into_iter_err_on_gc_types().map(|ty| ty.expect("valid"));
                parts.types = types.map(|ty| ty.params().len() as u32).collect();
            }
            Payload::ImportSection(section) => {
                let imports = section.into_imports().map(|import| import.expect("valid"));
                parts.imports = imports.filter(|import| matches!(import.ty, TypeRef::Func(_))).count() as u32;
            }
            Payload::FunctionSection(section) => {
                parts.functions = section.into_iter().map(|ty| ty.expect("valid")).collect();
            }
            Payload::MemorySection(section) => {
                for memory in section.into_iter().map(|memory| memory.expect("valid")) {
                    pay(memory.initial as usize, prices.page);
                    let mut memory = RoundtripReencoder.memory_type(memory).expect("valid");
                    memory.maximum = Some(memory.maximum.map_or(PAGES, |maximum| maximum.min(PAGES)));
                    parts.memories.memory(memory);
                }
            }
            Payload::GlobalSection(section) => {
                RoundtripReencoder.parse_global_section(&mut parts.globals, section).expect("valid");
            }
            Payload::ExportSection(section) => {
                RoundtripReencoder.parse_export_section(&mut parts.exports, section).expect("valid");
            }
            Payload::ElementSection(section) => {
                for element in section.into_iter().map(|element| element.expect("valid")) {
                    let count = match element.items {
                        ElementItems::Functions(items) => items.count(),
                        ElementItems::Expressions(_, items) => items.count(),
                    };
                    if matches!(element.kind, ElementKind::Active { .. }) {
                        pay(count as usize, prices.element);
                    }
                }
            }
            Payload::DataSection(section) => {
                for data in section.into_iter().map(|data| data.expect("valid")) {
                    if matches!(data.kind, DataKind::Active { .. }) {
                        pay(data.data.len(), prices.data_byte);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                pay(locals(&body).iter().map(|(n, _)| *n as usize).sum(), prices.declared_local);
                parts.bodies.push(body);
            }
            _ => {}
        }
    }
    parts
}

fn locals(body: &FunctionBody<'_>) -> Vec<(u32, ValType)> {
    let groups = body.get_locals_reader().expect("valid").into_iter().map(|group| group.expect("valid"));
    groups
        .map(|(n, ty)| (n, if ty == wasmparser::ValType::I64 { ValType::I64 } else { ValType::I32 }))
        .collect()
}

fn wrapper(body: u32, params: u32, depth: u32, at: Counters) -> Function {
    let mut function = Function::new([]);
    let depth = depth as i32;
    for instruction in [
        Instruction::GlobalGet(at.depth()),
        Instruction::I32Const(depth),
        Instruction::I32Sub,
        Instruction::GlobalSet(at.depth()),
        Instruction::GlobalGet(at.depth()),
        Instruction::I32Const(0),
        Instruction::I32LtS,
        Instruction::If(wasm_encoder::BlockType::Empty),
        Instruction::Unreachable,
        Instruction::End,
    ] {
        function.instruction(&instruction);
    }
    for index in 0..params {
        function.instruction(&Instruction::LocalGet(index));
    }
    for instruction in [
        Instruction::Call(body),
        Instruction::GlobalGet(at.depth()),
        Instruction::I32Const(depth),
        Instruction::I32Add,
        Instruction::GlobalSet(at.depth()),
        Instruction::End,
    ] {
        function.instruction(&instruction);
    }
    function
}

fn instrument(body: &FunctionBody<'_>, at: Counters, prices: &Prices, written: &mut i64) -> Function {
    let mut function = Function::new(locals(body));
    let mut add = |function: &mut Function, price: u32| {
        *written += i64::from(price);
        for instruction in [
            Instruction::GlobalGet(at.count),
            Instruction::I64Const(price.into()),
            Instruction::I64Add,
            Instruction::GlobalSet(at.count),
        ] {
            function.instruction(&instruction);
        }
    };
    for operator in body.get_operators_reader().expect("valid") {
        let operator = operator.expect("valid");
        if !matches!(operator, Operator::Else | Operator::End) {
            add(&mut function, price(&operator, prices));
        }
        if let Some((price, per)) = length_price(&operator, prices) {
            add_length(&mut function, at, price, per);
        }
        function.instruction(&RoundtripReencoder.instruction(operator.clone()).expect("valid"));
        match operator {
            Operator::If { .. } => add(&mut function, prices.then),
            Operator::Else => add(&mut function, prices.r#else),
            _ => {}
        }
    }
    function
}

/// Adds the price of the length on the stack, which stays there: `price` for every `per` that are begun.
fn add_length(function: &mut Function, at: Counters, price: u32, per: u32) {
    for instruction in [
        Instruction::GlobalSet(at.length()),
        Instruction::GlobalGet(at.count),
        Instruction::GlobalGet(at.length()),
        Instruction::I64ExtendI32U,
        Instruction::I64Const(i64::from(per) - 1),
        Instruction::I64Add,
        Instruction::I64Const(per.into()),
        Instruction::I64DivU,
        Instruction::I64Const(price.into()),
        Instruction::I64Mul,
        Instruction::I64Add,
        Instruction::GlobalSet(at.count),
        Instruction::GlobalGet(at.count),
        Instruction::I64Const(MOST),
        Instruction::GlobalGet(at.count),
        Instruction::I64Const(MOST),
        Instruction::I64LtU,
        Instruction::Select,
        Instruction::GlobalSet(at.count),
        Instruction::GlobalGet(at.length()),
    ] {
        function.instruction(&instruction);
    }
}
