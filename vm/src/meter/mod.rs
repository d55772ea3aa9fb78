//! [`Validated`] → [`Metered`]: the module that an engine gets.
//!
//! Gas belongs to the input wasm: one pass over the contract writes the charges into it, and engines bill
//! nothing of their own. The rule that fixes every sum:
//!
//! * A body is cut into segments. A segment ends after `loop`, `if`, `else`, an `end` that is a branch target,
//!   `br`, `br_if`, `br_table`, `return`, `unreachable`, every call, `memory.grow` and bulk operation.
//! * A segment is charged whole when it is entered.
//! * Pages of `memory.grow` and lengths of bulk operations are charged before they act.
//!
//! Gas is counted in a global, in functions with loops in a local. It is checked at function entries and
//! loop headers; code between them is acyclic and so bounded. The host checks at each host call and
//! when `main` returns.
//!
//! Every function takes its share of one depth budget when it is entered, before its gas, and gives it back
//! when it returns: calls nest equally deep on every engine.

mod body;
mod leb;
mod module;
mod price;
mod segments;

use std::borrow::Cow;

use hebe_host_ei::Prices;

use crate::validate::Validated;

/// Changes whenever this pass charges another sum or nests calls to another depth.
pub const METER_VERSION: u32 = 1;

/// What the frames of one message may take together: for each, [`FRAME_DEPTH`], its parameters, its locals and the
/// greatest height of its operand stack.
pub const DEPTH_BUDGET: i32 = 32_768;
/// What a frame takes beside its values.
pub const FRAME_DEPTH: u32 = 16;

/// What the gas global holds once an injected check has failed. Gas never gets there: a body of 64 KiB costs less.
pub const EXHAUSTED: i64 = i64::MIN;

/// The exports of a metered module that are not the contract's own: gas left in particles (`i64`), and depth
/// left (`i32`, negative after an overflow).
pub const GAS_EXPORT: &str = "hebe.gas";
/// See [`GAS_EXPORT`].
pub const DEPTH_EXPORT: &str = "hebe.depth";

/// Who pays for wasm instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Metering {
    /// The contract, by charges written into the module when it is loaded.
    Inline,
    /// Nobody: only host functions and the contract's own `useGas` cost gas. This does not bound the
    /// time of an execution, so it is for trusted code.
    #[default]
    None,
}

impl Metering {
    /// The name under which it is chosen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::None => "none",
        }
    }
}

/// A module as an engine gets it. There is no other way to one than [`meter`].
#[derive(Clone, Debug)]
pub struct Metered<'a> {
    bytes: Cow<'a, [u8]>,
    start_cost: Option<i64>,
}

impl Metered<'_> {
    /// The module's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What starting it costs, in particles. `None`: it is not metered.
    pub fn start_cost(&self) -> Option<i64> {
        self.start_cost
    }
}

/// Makes of a contract the module that an engine gets.
pub fn meter<'a>(module: &Validated<'a>, metering: Metering, prices: &Prices) -> Metered<'a> {
    match metering {
        Metering::None => Metered { bytes: module.bytes().into(), start_cost: None },
        Metering::Inline => {
            let start_cost = Some(module.facts().start_cost(module.bytes().len(), prices));
            Metered { bytes: module::inject(module, prices).into(), start_cost }
        }
    }
}
