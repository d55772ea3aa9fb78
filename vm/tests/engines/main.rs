//! Engines, the switches between them, instances that serve again, and machine code in files: speed may differ, results never.
//!
//! What must come of a contract is written beside it.

#[path = "../shared/engines.rs"]
mod engines;
mod files;
mod kept;
mod shape;
mod support;
mod tiering;
mod traps;
