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
//! Where nobody looks at the gas in between, charges are moved together (`plan.rs`); no sum changes by that. Gas is counted
//! in a global, in functions with loops in a local. It is checked at function entries and
//! loop headers; code between them is acyclic and so bounded. The host checks at each host call and
//! when `main` returns.
//!
//! Every function takes its share of one depth budget when it is entered, before its gas, and gives it back
//! when it returns: calls nest equally deep on every engine, whoever pays for instructions.

mod body;
mod counted;
mod entry;
mod imports;
mod module;
mod plan;
mod price;
mod reach;
mod sentinel;
mod shape;
mod share;
mod turns;

use hebe_host_ei::Prices;

use crate::validate::Validated;

use price::Table;

/// Changes whenever this pass charges another sum or nests calls to another depth.
pub const METER_VERSION: u32 = 3;

/// What the frames of one message may take together: for each, [`FRAME_DEPTH`], its parameters, its locals and the
/// greatest height of its operand stack.
pub const DEPTH_BUDGET: i64 = 32_768;
/// What a frame takes beside its values.
pub const FRAME_DEPTH: u32 = 16;

/// What the gas global holds once an injected check has failed. Gas never gets there: a body of 64 KiB costs less.
pub const EXHAUSTED: i64 = i64::MIN;

/// The exports of a metered module that are not the contract's own, both `i64`: gas left in units (only with
/// [`Metering::Inline`]; [`Metered::unit`]), and depth left, negative after an overflow.
pub const GAS_EXPORT: &str = "hebe.gas";
/// See [`GAS_EXPORT`].
pub const DEPTH_EXPORT: &str = "hebe.depth";

/// The export by which an engine runs the contract. It takes the gas in units and returns what is left of it where the module
/// counts ([`Metering::Inline`]), and takes and returns nothing otherwise. Every mutable global has its first value then,
/// whatever ran in the instance before.
pub const RUN_EXPORT: &str = "hebe.run";

/// What stands before the name of a module whose function takes the gas as one more parameter, in units, and returns what is
/// left of it as one more result, so that nobody needs to look for it in its global. It stands there wherever a module counts gas
/// and calls an import by its index alone.
pub const WITH_GAS: &str = "hebe.";

/// Who pays for wasm instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Metering {
    /// The contract, by charges written into the module when it is loaded.
    #[default]
    Inline,
    /// The contract, by charges written into its code before it is deployed. Code in the state is taken as it is.
    Sentinel,
    /// Nobody: only host functions and the contract's own `useGas` cost gas. This does not bound the
    /// time of an execution, so it is for trusted code.
    None,
}

impl Metering {
    /// The name under which it is chosen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Sentinel => "sentinel",
            Self::None => "none",
        }
    }
}

/// What has to be paid before a module is set up: its pages, its data, its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// So many particles are charged.
    Charged(i64),
    /// The module charges for it itself once it runs; so many particles at least must be there.
    ChargedInside(i64),
    /// Nothing.
    Free,
}

impl Start {
    /// The particles that must be there.
    pub const fn particles(self) -> i64 {
        match self {
            Self::Charged(particles) | Self::ChargedInside(particles) => particles,
            Self::Free => 0,
        }
    }
}

/// A module as an engine gets it. There is no other way to one than [`Meter::load`].
#[derive(Clone, Debug)]
pub struct Metered {
    bytes: Vec<u8>,
    start: Start,
    unit: i64,
    changes: Changes,
    effort: Effort,
}

/// What an optimising compiler may have to do with a module: bounds, on the high side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Bytes of its longest function body.
    pub longest_body: usize,
    /// Values times blocks and branches, summed over its functions.
    pub work: u64,
    /// Native stack that the frames of its functions may take together, in bytes.
    pub native_stack: u64,
}

/// What a module can change of its instance, beside globals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Linear memory: it has stores or bulk operations. What host functions write does not count.
    pub memory: bool,
    /// Its table, or whether a segment is there: things that nobody can put back.
    pub others: bool,
}

/// What comes of writing charges into a module.
struct Injected {
    bytes: Vec<u8>,
    changes: Changes,
    effort: Effort,
}

impl Metered {
    /// The module's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What starting it costs.
    pub fn start(&self) -> Start {
        self.start
    }

    /// Particles in a unit of [`GAS_EXPORT`].
    pub fn unit(&self) -> i64 {
        self.unit
    }

    /// What an optimising compiler may have to do with it.
    pub fn effort(&self) -> Effort {
        self.effort
    }

    /// What it can change of its instance.
    pub fn changes(&self) -> Changes {
        self.changes
    }
}

/// Writes charges into modules.
#[derive(Clone, Debug)]
pub struct Meter {
    metering: Metering,
    prices: Prices,
    table: Table,
}

impl Meter {
    /// A meter with these prices.
    pub fn new(metering: Metering, prices: &Prices) -> Self {
        Self { metering, prices: prices.clone(), table: Table::new(prices) }
    }

    /// Makes of a contract the module that an engine gets.
    pub fn load(&self, module: &Validated<'_>) -> Metered {
        let gas = self.metering == Metering::Inline;
        let facts = module.facts();
        let start = match self.metering {
            Metering::Inline => Start::Charged(facts.start_cost(module.bytes().len(), &self.prices)),
            Metering::Sentinel => Start::ChargedInside(facts.setup_cost(&self.prices)),
            Metering::None => Start::Free,
        };
        let Injected { bytes, changes, effort } = module::inject(module, self, gas);
        Metered { bytes, start, unit: self.table.unit.into(), changes, effort }
    }

    /// Makes of a contract what is deployed in its place with [`Metering::Sentinel`]: the contract with calls of `useGas`.
    /// It is for the caller to validate that: it has more of some things than the contract.
    pub fn deploy(&self, module: &Validated<'_>) -> Vec<u8> {
        sentinel::deploy(module, self)
    }
}

/// The same for a single module: what [`Meter::load`] makes of it.
pub fn meter(module: &Validated<'_>, metering: Metering, prices: &Prices) -> Metered {
    Meter::new(metering, prices).load(module)
}
