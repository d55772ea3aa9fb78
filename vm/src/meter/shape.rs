//! What an optimising compiler may make of a module: how long it takes, and how large its frames get.
//!
//! The depth budget counts a frame's values as wasm has them. An optimising compiler may keep more: what was computed once and is
//! used again stays on the native stack across a call, at most a value for each byte of the body. And the time for giving
//! values their places grows with the values that are there at each branch.

use super::{DEPTH_BUDGET, Effort};
use crate::validate::FunctionFacts;

/// Bytes of native stack for each byte of a body: twice those of a value.
const STACK_PER_BYTE: u64 = 16;
/// And for a frame.
const STACK_PER_FRAME: u64 = 512;

/// What is known of a module's functions so far.
#[derive(Default)]
pub(super) struct Shape {
    longest_body: usize,
    work: u64,
    /// Frames of all functions, one each.
    frames: u64,
    /// The most of a frame's bytes for each unit of the depth that it counts.
    most_for_depth: u64,
}

impl Shape {
    /// Adds a function with a metered body of so many bytes, and so many blocks and branches.
    pub(super) fn add(&mut self, facts: &FunctionFacts, body: usize, edges: u64) {
        self.longest_body = self.longest_body.max(body);
        let values = u64::from(facts.params + facts.locals + facts.operands) + 1;
        self.work += values * edges;
        let frame = STACK_PER_BYTE * body as u64 + STACK_PER_FRAME;
        self.frames += frame;
        // What counts nothing calls nothing of the module.
        let depth = u64::from(facts.frame()).max(1);
        self.most_for_depth = self.most_for_depth.max(frame.div_ceil(depth));
    }

    /// The whole module's. If depth is not counted, no function is there twice at a time.
    pub(super) fn of(self, counts_depth: bool) -> Effort {
        let native_stack = if counts_depth { self.most_for_depth * DEPTH_BUDGET as u64 } else { self.frames };
        Effort { longest_body: self.longest_body, work: self.work, native_stack }
    }
}
