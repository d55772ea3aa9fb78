//! Gas of instructions: the metered module against an independent count.
//!
//! The oracle knows nothing of segments: [`naive`] puts counters into a module, instruction by instruction and frame by
//! frame, and [`model`] runs it with a small interface of its own. What they count with comes from the price list.

mod adversarial;
mod arithmetic;
mod depth;
#[path = "../shared/engines.rs"]
mod engines;
mod exits;
mod expectations;
mod generator;
mod interface;
mod model;
mod module;
mod naive;
mod observed;
mod price;
mod property;
mod sentinel;
mod smith;
mod support;
mod turns;
mod wasmi;
