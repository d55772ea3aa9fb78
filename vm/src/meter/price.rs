//! The price of each instruction, by its opcode.

use hebe_host_ei::Prices;

use crate::binary::opcode::{self as op, bulk};

/// What instructions cost when they are executed, without what depends on their operands, in units.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// By opcode. `else` and `end` are pseudo-instructions: they bracket, and are not executed.
    pub(super) plain: [u32; 256],
    /// By the number of the bulk operation.
    bulk: [u32; 16],
    /// Entering the arms of an `if`.
    pub(super) then: u32,
    pub(super) r#else: u32,
    /// What depends on a length, in the order of [`Length`](super::plan::Length).
    pub(super) lengths: [u32; 3],
    /// Particles in a unit: the greatest number that every price here is a multiple of. It makes numbers short.
    pub(super) unit: u32,
}

impl Table {
    pub(super) fn new(prices: &Prices) -> Self {
        let unit = unit(prices);
        let mut plain = [0; 256];
        // Addition, subtraction, bitwise operations and comparisons: what the other rows leave of the numbers.
        plain[0x45..=usize::from(op::I64_EXTEND32_S)].fill(prices.simple / unit);
        for (opcodes, price) in rows(prices) {
            plain[usize::from(opcodes[0])..=usize::from(opcodes[1])].fill(price / unit);
        }
        let mut bulk = [0; 16];
        for number in [bulk::MEMORY_INIT, bulk::DATA_DROP, bulk::MEMORY_COPY, bulk::MEMORY_FILL] {
            bulk[number as usize] = prices.memory_bulk / unit;
        }
        bulk[bulk::TABLE_INIT as usize..=bulk::TABLE_COPY as usize].fill(prices.table_bulk / unit);
        let lengths = [prices.page, prices.bulk_line, prices.bulk_element].map(|price| price / unit);
        Self { plain, bulk, then: prices.then / unit, r#else: prices.r#else / unit, lengths, unit }
    }

    /// The price of a bulk operation.
    pub(super) fn bulk(&self, number: u32) -> u32 {
        self.bulk.get(number as usize).copied().unwrap_or(0)
    }
}

/// The greatest common divisor of what is charged while code runs.
fn unit(prices: &Prices) -> u32 {
    let mut unit = 0;
    for (_, mut price) in prices.running() {
        while price != 0 {
            (unit, price) = (price, unit % price);
        }
    }
    unit.max(1)
}

/// First and last opcode of each class, and its price.
fn rows(prices: &Prices) -> [([u8; 2], u32); 36] {
    [
        ([op::UNREACHABLE; 2], prices.unreachable),
        ([op::NOP; 2], prices.nop),
        ([op::BLOCK; 2], prices.block),
        ([op::LOOP; 2], prices.r#loop),
        ([op::IF; 2], prices.r#if),
        ([op::BR; 2], prices.br),
        ([op::BR_IF; 2], prices.br_if),
        ([op::BR_TABLE; 2], prices.br_table),
        ([op::RETURN; 2], prices.r#return),
        ([op::CALL; 2], prices.call),
        ([op::CALL_INDIRECT; 2], prices.call_indirect),
        ([op::DROP; 2], prices.drop),
        ([op::SELECT, op::SELECT_TYPED], prices.select),
        ([op::LOCAL_GET, op::LOCAL_TEE], prices.local),
        ([op::GLOBAL_GET, op::GLOBAL_SET], prices.global),
        ([op::I32_LOAD, op::I64_LOAD32_U], prices.load),
        ([op::I32_STORE, op::I64_STORE32], prices.store),
        ([op::MEMORY_SIZE; 2], prices.memory_size),
        ([op::MEMORY_GROW; 2], prices.memory_grow),
        ([op::I32_CONST, op::I64_CONST], prices.constant),
        // Of 32 and of 64 bits: zeros at either end, ones, then (past addition and subtraction) one multiplication, four
        // divisions and remainders, then (past bitwise operations) three shifts and two rotations.
        ([op::I32_CLZ, 0x68], prices.count_zeros),
        ([op::I64_CLZ, 0x7a], prices.count_zeros),
        ([0x69; 2], prices.popcnt),
        ([0x7b; 2], prices.popcnt),
        ([0x6c; 2], prices.mul),
        ([op::I64_MUL; 2], prices.mul),
        ([0x6d, 0x70], prices.div),
        ([0x7f, 0x82], prices.div),
        ([0x74, 0x76], prices.shift),
        ([0x86, op::I64_SHR_U], prices.shift),
        ([0x77, 0x78], prices.rotate),
        ([0x89, 0x8a], prices.rotate),
        ([op::I32_WRAP_I64; 2], prices.convert),
        ([op::I64_EXTEND_I32_U; 2], prices.convert),
        ([op::I64_EXTEND_I32_S; 2], prices.extend),
        ([op::I32_EXTEND8_S, op::I64_EXTEND32_S], prices.extend),
    ]
}
