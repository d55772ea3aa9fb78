//! What wasm itself costs, in particles (10,000 to a gas).

use std::borrow::Cow;

/// Calls `$then!` with the name of every price, documented.
///
/// The price list itself and the reader of its files expand it.
#[macro_export]
macro_rules! for_each_price {
    ($then:ident) => {
        $then! {
        /// `nop`
        nop,
        /// `unreachable`
        unreachable,
        /// `block`
        block,
        /// `loop`, when it is entered; its turns cost what is in them
        r#loop,
        /// `if`
        r#if,
        /// Entering the first arm of an `if`
        then,
        /// Entering the second arm of an `if`
        r#else,
        /// `br`
        br,
        /// `br_if`
        br_if,
        /// `br_table`
        br_table,
        /// `return`
        r#return,
        /// `call`
        call,
        /// `call_indirect`
        call_indirect,
        /// `drop`
        drop,
        /// `select`
        select,
        /// `local.get`, `local.set`, `local.tee`
        local,
        /// `global.get`, `global.set`
        global,
        /// Loads
        load,
        /// Stores
        store,
        /// `memory.size`
        memory_size,
        /// `memory.grow`, beside its pages
        memory_grow,
        /// `memory.copy`, `memory.fill`, `memory.init`, `data.drop`, beside their bytes
        memory_bulk,
        /// `table.copy`, `table.init`, `elem.drop`, beside their elements
        table_bulk,
        /// Constants
        constant,
        /// Addition, subtraction, bitwise operations, comparisons
        simple,
        /// Multiplication
        mul,
        /// Division and remainder
        div,
        /// Shifts
        shift,
        /// Rotations
        rotate,
        /// Counting zeros at either end
        count_zeros,
        /// Counting ones
        popcnt,
        /// `i32.wrap_i64`, `i64.extend_i32_u`
        convert,
        /// Sign extension
        extend,
        /// A page of linear memory: what the module begins with, and each that `memory.grow` asks for
        page,
        /// 64 bytes that a bulk operation on memory writes, or the rest of them
        bulk_line,
        /// An element that a bulk operation on tables writes
        bulk_element,
        /// Starting a contract
        start,
        /// Starting a contract: each byte of its code
        code_byte,
        /// Starting a contract: each byte of its active data segments
        data_byte,
        /// Starting a contract: each element of its active element segments
        element,
        /// Starting a contract: each local that its functions declare
        declared_local,
        }
    };
}

macro_rules! prices {
    ($( $(#[doc = $doc:literal])* $name:ident, )*) => {
        /// Prices of instructions by class, of memory and of starting a contract, in particles.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct Prices {
            /// The name under which they are chosen.
            pub name: Cow<'static, str>,
            /// Which of the price lists with this name it is. Another price, another version.
            pub version: u32,
            $( $(#[doc = $doc])* pub $name: u32, )*
        }

        impl Prices {
            /// What each price is for, in words, in the order of declaration.
            pub const ABOUT: &'static [&'static str] = &[$(concat!($($doc),*)),*];

            /// Every price with its name, in the order of declaration.
            pub fn entries(&self) -> impl Iterator<Item = (&'static str, u32)> {
                let entries = [$((stringify!($name), self.$name)),*].into_iter();
                entries.map(|(name, price)| (name.trim_start_matches("r#"), price))
            }
        }
    };
}
for_each_price!(prices);

/// A gas.
const GAS: u32 = 10_000;
/// A cycle of the document's Haswell machine: 0.0045 gas.
const CYCLE: u32 = 45;

impl Prices {
    /// What code of so many bytes costs in particles before anybody looks at it.
    pub fn code(&self, bytes: usize) -> i64 {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        bytes.saturating_mul(self.code_byte.into()).saturating_add(self.start.into())
    }

    /// One gas for each instruction (`fee_schedule.md` of the ewasm design documents). `else` and `end` are no
    /// instructions (wasm spec, "Control Instructions"), and entering an arm is none either.
    ///
    /// Memory and start are in the same unit, 0.1 µs to a gas: a page is 16 page faults of about 1.4 µs; a byte of
    /// code takes about 40 ns to validate and translate when it is cold. What is charged while code runs is whole gas,
    /// so that `useGas` can charge it; bulk operations on memory are charged by the cache line for that.
    pub const UNIT: Self = Self {
        name: Cow::Borrowed("unit"),
        version: 1,
        nop: GAS,
        unreachable: GAS,
        block: GAS,
        r#loop: GAS,
        r#if: GAS,
        then: 0,
        r#else: 0,
        br: GAS,
        br_if: GAS,
        br_table: GAS,
        r#return: GAS,
        call: GAS,
        call_indirect: GAS,
        drop: GAS,
        select: GAS,
        local: GAS,
        global: GAS,
        load: GAS,
        store: GAS,
        memory_size: GAS,
        memory_grow: GAS,
        memory_bulk: GAS,
        table_bulk: GAS,
        constant: GAS,
        simple: GAS,
        mul: GAS,
        div: GAS,
        shift: GAS,
        rotate: GAS,
        count_zeros: GAS,
        popcnt: GAS,
        convert: GAS,
        extend: GAS,
        page: 224 * GAS,
        bulk_line: GAS,
        bulk_element: GAS,
        start: 20 * GAS,
        code_byte: 4 * GAS / 10,
        data_byte: GAS / 100,
        element: GAS / 10,
        declared_local: GAS / 10,
    };

    /// The cycle table of `determining_wasm_gas_costs.md`, at 45 particles a cycle. Where the table has a
    /// question mark, the nearest neighbour of its class stands in: `nop` is a grouping (`block`, 0);
    /// `memory.size` reads what is like a global (3); `call_indirect` is a table jump and a call (2 + 2);
    /// `popcnt` and the 64-bit counts are `i32.clz` (105); sign extensions are two shifts (1.5 + 1.5), as the
    /// document derives them; `memory.grow` and bulk operations break out as a call does (2). Stores, which it leaves out, are
    /// loads. Memory and start are not in the table: they are those of `unit`.
    pub const HASWELL: Self = Self {
        name: Cow::Borrowed("haswell"),
        version: 1,
        nop: 0,
        unreachable: 0,
        block: 0,
        r#loop: 0,
        r#if: 0,
        then: 2 * CYCLE,
        r#else: 2 * CYCLE,
        br: 2 * CYCLE,
        br_if: 3 * CYCLE,
        br_table: 2 * CYCLE,
        r#return: 2 * CYCLE,
        call: 2 * CYCLE,
        call_indirect: 4 * CYCLE,
        drop: 3 * CYCLE,
        select: 3 * CYCLE,
        local: 3 * CYCLE,
        global: 3 * CYCLE,
        load: 3 * CYCLE,
        store: 3 * CYCLE,
        memory_size: 3 * CYCLE,
        memory_grow: 2 * CYCLE,
        memory_bulk: 2 * CYCLE,
        table_bulk: 2 * CYCLE,
        constant: 0,
        simple: CYCLE,
        mul: 3 * CYCLE,
        div: 80 * CYCLE,
        // 1.5 cycles are 0.0067 gas in the document, which cuts the last digit off.
        shift: 67,
        rotate: 2 * CYCLE,
        count_zeros: 105 * CYCLE,
        popcnt: 105 * CYCLE,
        convert: 3 * CYCLE,
        extend: 2 * 67,
        ..Self::UNIT
    };

    /// Those that are known by name.
    pub const ALL: &'static [Self] = &[Self::UNIT, Self::HASWELL];

    /// The prices that are charged while code runs, which is all but those of the start.
    pub fn running(&self) -> impl Iterator<Item = (&'static str, u32)> {
        const START: [&str; 5] = ["start", "code_byte", "data_byte", "element", "declared_local"];
        self.entries().filter(|(name, _)| !START.contains(name))
    }

    /// The first price that is charged while code runs and is no whole gas; with one, `useGas` cannot charge it.
    pub fn fraction(&self) -> Option<(&'static str, u32)> {
        self.running().find(|(_, price)| price % GAS != 0)
    }
}
