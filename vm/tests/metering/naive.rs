//! A count, instruction by instruction.

use hebe_host_ei::Prices;
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection, GlobalType, Instruction,
    Module, RawSection, ValType,
    reencode::{Reencode, RoundtripReencoder},
};
use wasmi::{Engine, Linker, Store, Val};
use wasmparser::{FunctionBody, Operator, Parser, Payload};

/// What running `main` costs in particles without the start, or `None` if it traps. The module imports nothing.
pub(crate) fn count(code: &[u8], prices: &Prices) -> Option<(i64, Vec<u8>)> {
    let counted = instrument(code, prices);
    let engine = Engine::default();
    let module = wasmi::Module::new(&engine, &counted).expect("the instrumented module is valid");
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module).ok()?;
    instance.get_typed_func::<(), ()>(&store, "main").expect("there").call(&mut store, ()).ok()?;
    let Val::I64(count) = instance.get_global(&store, "count").expect("there").get(&store) else {
        panic!("i64")
    };
    let memory = instance.get_memory(&store, "memory").expect("there").data(&store).to_vec();
    Some((count, memory))
}

/// The module with an exported global to which every instruction adds its price before it is executed.
fn instrument(code: &[u8], prices: &Prices) -> Vec<u8> {
    let mut module = Module::new();
    let mut has_globals = false;
    let mut bodies = CodeSection::new();
    let globals = Parser::new(0).parse_all(code).filter_map(Result::ok).find_map(|payload| match payload {
        Payload::GlobalSection(section) => Some(section.count()),
        _ => None,
    });
    let count = globals.unwrap_or(0);
    for payload in Parser::new(0).parse_all(code) {
        match payload.expect("valid") {
            Payload::GlobalSection(section) => {
                let mut globals = GlobalSection::new();
                RoundtripReencoder.parse_global_section(&mut globals, section).expect("valid");
                module.section(counter(&mut globals));
                has_globals = true;
            }
            Payload::ExportSection(section) => {
                if !has_globals {
                    module.section(counter(&mut GlobalSection::new()));
                }
                let mut exports = ExportSection::new();
                RoundtripReencoder.parse_export_section(&mut exports, section).expect("valid");
                exports.export("count", ExportKind::Global, count);
                module.section(&exports);
            }
            Payload::CodeSectionEntry(body) => {
                bodies.function(&instrument_body(&body, count, prices));
                if bodies.len() == functions(code) {
                    module.section(&bodies);
                }
            }
            Payload::CodeSectionStart { .. } => {}
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &code[range.start as usize..range.end as usize];
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    module.finish()
}

fn functions(code: &[u8]) -> u32 {
    let mut payloads = Parser::new(0).parse_all(code).filter_map(Result::ok);
    let count = payloads.find_map(|payload| match payload {
        Payload::CodeSectionStart { count, .. } => Some(count),
        _ => None,
    });
    count.expect("main is code")
}

/// Adds the counter, and a place for a length.
fn counter(globals: &mut GlobalSection) -> &GlobalSection {
    let ty = |val_type| GlobalType { val_type, mutable: true, shared: false };
    globals.global(ty(ValType::I64), &ConstExpr::i64_const(0));
    globals.global(ty(ValType::I32), &ConstExpr::i32_const(0))
}

fn instrument_body(body: &FunctionBody<'_>, count: u32, prices: &Prices) -> Function {
    let mut locals: Vec<(u32, ValType)> = Vec::new();
    for group in body.get_locals_reader().expect("valid") {
        let (n, ty) = group.expect("valid");
        locals.push((n, if ty == wasmparser::ValType::I64 { ValType::I64 } else { ValType::I32 }));
    }
    let mut function = Function::new(locals);
    let add = |function: &mut Function, price: u32| {
        function.instruction(&Instruction::GlobalGet(count));
        function.instruction(&Instruction::I64Const(price.into()));
        function.instruction(&Instruction::I64Add);
        function.instruction(&Instruction::GlobalSet(count));
    };
    for operator in body.get_operators_reader().expect("valid") {
        let operator = operator.expect("valid");
        if !matches!(operator, Operator::Else | Operator::End) {
            add(&mut function, price(&operator, prices));
        }
        if let Some(price) = length_price(&operator, prices) {
            let lines = !matches!(
                operator,
                Operator::MemoryGrow { .. } | Operator::TableCopy { .. } | Operator::TableInit { .. }
            );
            add_length(&mut function, count, price, lines);
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

/// Adds the price of the length on the stack, which stays there.
fn add_length(function: &mut Function, count: u32, price: u32, lines: bool) {
    let length = count + 1;
    for instruction in [
        Instruction::GlobalSet(length),
        Instruction::GlobalGet(count),
        Instruction::GlobalGet(length),
        Instruction::I64ExtendI32U,
        Instruction::I64Const(if lines { 63 } else { 0 }),
        Instruction::I64Add,
        Instruction::I64Const(if lines { 64 } else { 1 }),
        Instruction::I64DivU,
        Instruction::I64Const(price.into()),
        Instruction::I64Mul,
        Instruction::I64Add,
        Instruction::GlobalSet(count),
        Instruction::GlobalGet(length),
    ] {
        function.instruction(&instruction);
    }
}

fn length_price(operator: &Operator<'_>, prices: &Prices) -> Option<u32> {
    match operator {
        Operator::MemoryGrow { .. } => Some(prices.page),
        Operator::MemoryCopy { .. } | Operator::MemoryFill { .. } | Operator::MemoryInit { .. } => {
            Some(prices.bulk_line)
        }
        Operator::TableCopy { .. } | Operator::TableInit { .. } => Some(prices.bulk_element),
        _ => None,
    }
}

/// The price list, read anew: by the name of the instruction.
fn price(operator: &Operator<'_>, prices: &Prices) -> u32 {
    let name = format!("{operator:?}");
    let name = name.split([' ', '{', '(']).next().unwrap_or_default();
    match name {
        "Nop" => prices.nop,
        "Unreachable" => prices.unreachable,
        "Block" => prices.block,
        "Loop" => prices.r#loop,
        "If" => prices.r#if,
        "Br" => prices.br,
        "BrIf" => prices.br_if,
        "BrTable" => prices.br_table,
        "Return" => prices.r#return,
        "Call" => prices.call,
        "CallIndirect" => prices.call_indirect,
        "Drop" => prices.drop,
        "Select" => prices.select,
        "MemorySize" => prices.memory_size,
        "MemoryGrow" => prices.memory_grow,
        "MemoryCopy" | "MemoryFill" | "MemoryInit" | "DataDrop" => prices.memory_bulk,
        "TableCopy" | "TableInit" | "ElemDrop" => prices.table_bulk,
        "I32WrapI64" | "I64ExtendI32U" => prices.convert,
        _ if name.starts_with("Local") => prices.local,
        _ if name.starts_with("Global") => prices.global,
        _ if name.contains("Load") => prices.load,
        _ if name.contains("Store") => prices.store,
        _ if name.contains("Const") => prices.constant,
        _ if name.contains("Extend") => prices.extend,
        _ if name.contains("Mul") => prices.mul,
        _ if name.contains("Div") || name.contains("Rem") => prices.div,
        _ if name.contains("Shl") || name.contains("Shr") => prices.shift,
        _ if name.contains("Rot") => prices.rotate,
        _ if name.contains("Clz") || name.contains("Ctz") => prices.count_zeros,
        _ if name.contains("Popcnt") => prices.popcnt,
        _ => prices.simple,
    }
}
