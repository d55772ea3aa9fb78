//! The price list, read anew: by the name of an instruction.

use hebe_host_ei::Prices;
use wasmparser::Operator;

use crate::support::bulk;

/// The price of what an instruction's length counts, and how many of them, begun, cost that.
pub(crate) fn length_price(operator: &Operator<'_>, prices: &Prices) -> Option<(u32, u32)> {
    match operator {
        Operator::MemoryGrow { .. } => Some((prices.page, 1)),
        Operator::MemoryCopy { .. } | Operator::MemoryFill { .. } | Operator::MemoryInit { .. } => {
            Some(bulk(prices))
        }
        Operator::TableCopy { .. } | Operator::TableInit { .. } => Some((prices.bulk_element, 1)),
        _ => None,
    }
}

/// The price of an instruction without its length.
pub(crate) fn price(operator: &Operator<'_>, prices: &Prices) -> u32 {
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

/// A list whose prices are drawn, one after the other, from `draw`.
pub(crate) fn drawn(mut draw: impl FnMut() -> u16) -> Prices {
    let mut next = || u32::from(draw());
    Prices {
        name: "drawn".into(),
        version: 1,
        nop: next(),
        unreachable: next(),
        block: next(),
        r#loop: next(),
        r#if: next(),
        then: next(),
        r#else: next(),
        // A turn of a loop, and a call, always cost something.
        br: next().max(1),
        br_if: next().max(1),
        br_table: next().max(1),
        r#return: next(),
        call: next().max(1),
        call_indirect: next().max(1),
        drop: next(),
        select: next(),
        local: next(),
        global: next(),
        load: next(),
        store: next(),
        memory_size: next(),
        memory_grow: next(),
        memory_bulk: next(),
        table_bulk: next(),
        constant: next(),
        simple: next(),
        mul: next(),
        div: next(),
        shift: next(),
        rotate: next(),
        count_zeros: next(),
        popcnt: next(),
        convert: next(),
        extend: next(),
        page: next(),
        bulk_line: next(),
        bulk_element: next(),
        start: next(),
        code_byte: next(),
        data_byte: next(),
        element: next(),
        declared_local: next(),
    }
}
