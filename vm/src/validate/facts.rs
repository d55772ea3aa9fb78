//! What validation finds out on its way and the meter needs.

use std::ops::Range;

use hebe_host_ei::Prices;

use crate::meter::FRAME_DEPTH;

/// What a module is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its functions, without imports.
    pub functions: Vec<FunctionFacts>,
    /// How many functions it imports.
    pub imported_functions: u32,
    /// The function that is exported as `main`.
    pub main: u32,
    /// The results of each function type, as the binary format writes them.
    pub results: Vec<Vec<u8>>,
    /// For each function type the first one that looks the same: to a call through a table they are one.
    pub signatures: Vec<u32>,
    /// The functions in element segments, which may get into a table.
    pub table_functions: Vec<u32>,
    /// How many globals it has.
    pub globals: u32,
    /// Pages of linear memory at the start.
    pub pages: u64,
    /// Bytes of active data segments.
    pub data_bytes: u64,
    /// Elements of active element segments.
    pub elements: u64,
}

/// What a function is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionFacts {
    /// Its body in the module, locals first.
    pub body: Range<usize>,
    /// Its type.
    pub ty: u32,
    /// How many parameters it has.
    pub params: u32,
    /// How many locals it declares.
    pub locals: u32,
    /// The greatest height of its operand stack. A constant that goes straight to `useGas` does not count.
    pub operands: u32,
    /// It charges and does nothing else (`charge.rs`).
    pub is_charge: bool,
    /// True if it has a loop.
    pub has_loop: bool,
    /// The functions that it calls, imports first in their numbers, call by call.
    pub calls: Vec<u32>,
    /// The types of its calls through a table, call by call.
    pub table_calls: Vec<u32>,
    /// Bytes of memory that a translation of it may take: an estimate, on the high side.
    pub weight: u64,
}

impl FunctionFacts {
    /// What its frame takes of [`DEPTH_BUDGET`](crate::meter::DEPTH_BUDGET).
    pub fn frame(&self) -> u32 {
        if self.is_charge {
            return 0;
        }
        FRAME_DEPTH + self.params + self.locals + self.operands
    }
}

impl Facts {
    /// Locals that all functions declare.
    pub fn locals(&self) -> u64 {
        self.functions.iter().map(|function| u64::from(function.locals)).sum()
    }

    /// What starting the contract costs, in particles. Its size is that of its code as it stands in the state.
    pub fn start_cost(&self, code_bytes: usize, prices: &Prices) -> i64 {
        let locals = sum([(self.locals(), prices.declared_local)]);
        self.setup_cost(prices).saturating_add(prices.code(code_bytes)).saturating_add(locals)
    }

    /// The part of it for what is set up before an instruction runs: pages, data, elements.
    pub fn setup_cost(&self, prices: &Prices) -> i64 {
        sum([(self.pages, prices.page), (self.data_bytes, prices.data_byte), (self.elements, prices.element)])
    }
}

/// Amounts times prices. Limits keep every amount below 2^32, and prices are u32: the sum fits.
fn sum<const N: usize>(parts: [(u64, u32); N]) -> i64 {
    parts.into_iter().map(|(amount, price)| amount as i64 * i64::from(price)).fold(0, i64::saturating_add)
}
