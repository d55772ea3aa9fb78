//! The price of an instruction.

use hebe_host_ei::Prices;
use wasmparser::Operator;

/// What an instruction costs when it is executed, without what depends on its operands.
pub(super) fn price(operator: &Operator<'_>, prices: &Prices) -> u32 {
    use Operator as O;
    match operator {
        O::Nop => prices.nop,
        O::Unreachable => prices.unreachable,
        O::Block { .. } => prices.block,
        O::Loop { .. } => prices.r#loop,
        O::If { .. } => prices.r#if,
        // Pseudo-instructions: they bracket, and are not executed.
        O::Else | O::End => 0,
        O::Br { .. } => prices.br,
        O::BrIf { .. } => prices.br_if,
        O::BrTable { .. } => prices.br_table,
        O::Return => prices.r#return,
        O::Call { .. } => prices.call,
        O::CallIndirect { .. } => prices.call_indirect,
        O::Drop => prices.drop,
        O::Select | O::TypedSelect { .. } => prices.select,
        O::LocalGet { .. } | O::LocalSet { .. } | O::LocalTee { .. } => prices.local,
        O::GlobalGet { .. } | O::GlobalSet { .. } => prices.global,
        O::MemorySize { .. } => prices.memory_size,
        O::MemoryGrow { .. } => prices.memory_grow,
        O::MemoryCopy { .. } | O::MemoryFill { .. } | O::MemoryInit { .. } | O::DataDrop { .. } => {
            prices.memory_bulk
        }
        O::TableCopy { .. } | O::TableInit { .. } | O::ElemDrop { .. } => prices.table_bulk,
        O::I32Const { .. } | O::I64Const { .. } => prices.constant,
        _ => memory_price(operator, prices).unwrap_or_else(|| number_price(operator, prices)),
    }
}

fn memory_price(operator: &Operator<'_>, prices: &Prices) -> Option<u32> {
    use Operator as O;
    match operator {
        O::I32Load { .. }
        | O::I64Load { .. }
        | O::I32Load8S { .. }
        | O::I32Load8U { .. }
        | O::I32Load16S { .. }
        | O::I32Load16U { .. }
        | O::I64Load8S { .. }
        | O::I64Load8U { .. }
        | O::I64Load16S { .. }
        | O::I64Load16U { .. }
        | O::I64Load32S { .. }
        | O::I64Load32U { .. } => Some(prices.load),
        O::I32Store { .. }
        | O::I64Store { .. }
        | O::I32Store8 { .. }
        | O::I32Store16 { .. }
        | O::I64Store8 { .. }
        | O::I64Store16 { .. }
        | O::I64Store32 { .. } => Some(prices.store),
        _ => None,
    }
}

fn number_price(operator: &Operator<'_>, prices: &Prices) -> u32 {
    use Operator as O;
    match operator {
        O::I32Mul | O::I64Mul => prices.mul,
        O::I32DivS
        | O::I32DivU
        | O::I32RemS
        | O::I32RemU
        | O::I64DivS
        | O::I64DivU
        | O::I64RemS
        | O::I64RemU => prices.div,
        O::I32Shl | O::I32ShrS | O::I32ShrU | O::I64Shl | O::I64ShrS | O::I64ShrU => prices.shift,
        O::I32Rotl | O::I32Rotr | O::I64Rotl | O::I64Rotr => prices.rotate,
        O::I32Clz | O::I32Ctz | O::I64Clz | O::I64Ctz => prices.count_zeros,
        O::I32Popcnt | O::I64Popcnt => prices.popcnt,
        O::I32WrapI64 | O::I64ExtendI32U => prices.convert,
        O::I64ExtendI32S
        | O::I32Extend8S
        | O::I32Extend16S
        | O::I64Extend8S
        | O::I64Extend16S
        | O::I64Extend32S => prices.extend,
        // Addition, subtraction, bitwise operations and comparisons: all that is left in the profiles.
        _ => prices.simple,
    }
}
