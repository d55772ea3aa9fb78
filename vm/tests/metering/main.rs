//! Gas of instructions: the metered module against an independent count.
//!
//! The oracle ([`naive`]) counts instruction by instruction in the module as it was given, and is written apart from
//! the meter: it knows nothing of segments. What it counts with comes from the price list.

mod naive;
mod property;
mod rules;
mod sentinel;
mod support;
