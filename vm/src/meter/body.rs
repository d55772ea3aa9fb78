//! One function: the body with the charges written in.

use super::{
    DEPTH_BUDGET, FRAME_DEPTH,
    counted::Counted,
    module::{Indices, Types},
    plan::{End, Length, NONE, Planner, Segment},
    price::Table,
    reach::Reach,
};
use crate::{
    binary::{Cursor, leb, opcode as op, section::after_locals},
    validate::FunctionFacts,
};

/// A function of at most so many bytes that does not loop and calls no function of the module only charges: the next check, which
/// is its caller's, comes soon enough. 64 KiB of calls to such a function are a million instructions.
const UNCHECKED_BYTES: usize = 64;

/// Where gas is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Global,
    Local,
    Both,
}

/// What a module counts while it runs.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub(super) gas: bool,
    pub(super) depth: bool,
}

/// Writes bodies, one after the other.
pub(super) struct Writer<'a> {
    pub(super) code: &'a [u8],
    pub(super) table: &'a Table,
    pub(super) indices: &'a Indices,
    /// What is counted.
    pub(super) counts: Counts,
    pub(super) planner: Planner<'a>,
    pub(super) reach: &'a [Reach],
    pub(super) out: Vec<u8>,
    pub(super) types: Types<'a>,
    /// Lengths are charged somewhere.
    pub(super) lengths: bool,
}

impl Writer<'_> {
    /// Writes the body of a function with this number into `out`, without its size in front.
    pub(super) fn write(&mut self, number: usize, facts: &FunctionFacts) {
        self.out.clear();
        let start = after_locals(self.code, facts.body.start);
        let end = self.planner.plan(self.code, start, self.table);
        if self.counts.gas {
            self.planner.count(self.code);
        }
        let layout = Layout::new(facts, self.reach[number], &self.planner, self.counts);
        self.locals(facts.body.start, start, &layout);
        if self.counts.depth {
            self.check_depth(facts, &layout);
        }
        let wrapped = layout.wrapped;
        if wrapped {
            self.out.extend([op::BLOCK, op::EMPTY]);
        }
        self.enter(&layout);
        let inner = wrapped && self.planner.leaves_by_branch;
        if inner {
            self.out.push(op::BLOCK);
            self.types.write(facts.ty, &mut self.out);
        }
        self.copy(start, end, &layout, u32::from(inner));
        if inner {
            self.out.push(op::END);
        }
        if wrapped {
            self.out.extend([op::RETURN, op::END]);
            self.op(op::CALL, self.indices.exhausted);
            self.out.push(op::UNREACHABLE);
        }
        self.out.push(op::END);
    }

    /// The declared locals and what is needed beside them.
    fn locals(&mut self, from: usize, start: usize, layout: &Layout) {
        let mut cursor = Cursor { bytes: self.code, at: from };
        let groups = cursor.unsigned();
        leb::unsigned(&mut self.out, groups + u32::from(layout.more > 0));
        self.out.extend_from_slice(&self.code[cursor.at..start]);
        if layout.more > 0 {
            self.out.extend([layout.more, op::I64]);
        }
    }

    /// Takes the frame's depth and checks it. The global is written only where functions of the module are called, which
    /// find there what is left for them. A function does not give its depth back: who called it writes its own again.
    fn check_depth(&mut self, facts: &FunctionFacts, layout: &Layout) {
        self.op(op::GLOBAL_GET, self.indices.depth_global);
        self.constant(facts.frame().into());
        if layout.calls_own {
            self.out.push(op::I64_SUB);
            self.op(op::LOCAL_TEE, layout.depth_local);
            self.op(op::GLOBAL_SET, self.indices.depth_global);
            self.op(op::LOCAL_GET, layout.depth_local);
            self.constant(0);
        }
        self.out.extend([op::I64_LT_S, op::IF, op::EMPTY]);
        self.op(op::CALL, self.indices.overflow);
        self.out.push(op::END);
    }

    /// Charges the first segment and checks the gas.
    fn enter(&mut self, layout: &Layout) {
        let Some(&first) = self.planner.segments.first().filter(|_| self.counts.gas) else { return };
        if !layout.checked {
            self.charge(first.charge, Place::Global, Place::Global, layout);
            return;
        }
        let to = if layout.in_local { end_place(first.end).unwrap_or(Place::Local) } else { Place::Global };
        self.op(op::GLOBAL_GET, self.indices.gas_global);
        if first.charge != 0 {
            self.constant(first.charge);
            self.out.push(op::I64_SUB);
        }
        self.op(op::LOCAL_TEE, layout.gas_local);
        if to != Place::Local && first.charge != 0 {
            self.op(op::GLOBAL_SET, self.indices.gas_global);
            self.op(op::LOCAL_GET, layout.gas_local);
        }
        self.constant(0);
        self.out.push(op::I64_LT_S);
        if layout.wrapped {
            self.op(op::BR_IF, 0);
        } else {
            self.out.extend([op::IF, op::EMPTY]);
            self.op(op::CALL, self.indices.exhausted);
            self.out.push(op::END);
        }
    }

    /// The body's instructions with what belongs between them. Around the body are so many labels before the exit.
    fn copy(&mut self, start: usize, end: usize, layout: &Layout, labels: u32) {
        let (mut from, mut place, mut disturbed, mut comes_back) = (start, Place::Global, false, false);
        for index in 0..self.planner.segments.len() {
            let segment = self.planner.segments[index];
            if segment.dead {
                // Nothing is charged, but a call must have the arguments that it takes, there as well.
                if comes_back || segment.end == End::Import(true) {
                    self.out.extend_from_slice(&self.code[from..segment.start()]);
                    from = segment.start();
                }
                if comes_back {
                    self.take_back(layout);
                }
                comes_back = segment.end == End::Import(true);
                if comes_back {
                    self.out.extend_from_slice(&self.code[from..segment.last()]);
                    from = segment.last();
                    self.hand_over(Place::Local, layout);
                }
                place = Place::Local;
                continue;
            }
            if let Some(counted) = self.planner.counted.get(segment.counted as usize).copied() {
                self.charge_turns(counted, u32::from(segment.header) - 1 + labels, layout);
            }
            self.out.extend_from_slice(&self.code[from..segment.start()]);
            from = segment.start();
            if comes_back {
                self.take_back(layout);
            }
            if disturbed && self.counts.depth && !matches!(segment.end, End::Leaves | End::Never) {
                self.op(op::LOCAL_GET, layout.depth_local);
                self.op(op::GLOBAL_SET, self.indices.depth_global);
            }
            if index > 0 && self.counts.gas {
                self.begin(&segment, place, layout, labels);
            }
            self.out.extend_from_slice(&self.code[from..segment.last()]);
            from = segment.last();
            if let End::Length(length, _) = segment.end
                && self.counts.gas
            {
                self.lengths = true;
                self.op(op::CALL, self.indices.lengths + length as u32);
            }
            comes_back = segment.end == End::Import(true);
            if comes_back {
                let before = if index == 0 { Place::Local } else { place };
                self.hand_over(before, layout);
            }
            place = place_after(segment.end);
            disturbed = matches!(segment.end, End::Own(_, true));
        }
        self.out.extend_from_slice(&self.code[from..end]);
    }

    /// Charges a segment and brings the gas to where its end wants it.
    fn begin(&mut self, segment: &Segment, place: Place, layout: &Layout, labels: u32) {
        if !layout.in_local {
            self.charge(segment.charge, Place::Global, Place::Global, layout);
            return;
        }
        let to = end_place(segment.end).unwrap_or(place);
        if segment.header == 0 || segment.counted != NONE {
            self.charge(segment.charge, place, to, layout);
            return;
        }
        self.op(op::LOCAL_GET, layout.gas_local);
        if segment.charge != 0 {
            self.constant(segment.charge);
            self.out.push(op::I64_SUB);
            self.op(op::LOCAL_TEE, layout.gas_local);
        }
        self.constant(0);
        self.out.push(op::I64_LT_S);
        self.op(op::BR_IF, u32::from(segment.header) + labels);
        self.charge(0, Place::Local, to, layout);
    }

    /// Puts the gas behind the arguments of a call.
    fn hand_over(&mut self, place: Place, layout: &Layout) {
        match place {
            Place::Local | Place::Both if layout.in_local => self.op(op::LOCAL_GET, layout.gas_local),
            _ => self.op(op::GLOBAL_GET, self.indices.gas_global),
        }
    }

    /// Takes the gas from behind the results of a call.
    fn take_back(&mut self, layout: &Layout) {
        if layout.in_local {
            self.op(op::LOCAL_SET, layout.gas_local);
        } else {
            self.op(op::GLOBAL_SET, self.indices.gas_global);
        }
    }

    /// Charges all turns of a loop before it, and checks the gas.
    fn charge_turns(&mut self, counted: Counted, exit: u32, layout: &Layout) {
        self.op(op::LOCAL_GET, layout.gas_local);
        counted.turns.write(&mut self.out, exit);
        self.constant(counted.turn);
        self.out.push(op::I64_MUL);
        if counted.last != 0 {
            self.constant(counted.last);
            self.out.push(op::I64_ADD);
        }
        self.out.push(op::I64_SUB);
        self.op(op::LOCAL_TEE, layout.gas_local);
        self.constant(0);
        self.out.push(op::I64_LT_S);
        self.op(op::BR_IF, exit);
    }

    /// Charges, and moves the gas from one place to another.
    fn charge(&mut self, cost: i64, from: Place, to: Place, layout: &Layout) {
        if cost == 0 && from == to {
            return;
        }
        let (gas_local, gas_global) = (layout.gas_local, self.indices.gas_global);
        match from {
            Place::Global => self.op(op::GLOBAL_GET, gas_global),
            Place::Local | Place::Both => self.op(op::LOCAL_GET, gas_local),
        }
        if cost != 0 {
            self.constant(cost);
            self.out.push(op::I64_SUB);
        }
        match to {
            Place::Global => self.op(op::GLOBAL_SET, gas_global),
            Place::Local => self.op(op::LOCAL_SET, gas_local),
            Place::Both => {
                self.op(op::LOCAL_TEE, gas_local);
                self.op(op::GLOBAL_SET, gas_global);
            }
        }
    }

    fn op(&mut self, opcode: u8, index: u32) {
        self.out.push(opcode);
        leb::unsigned(&mut self.out, index);
    }

    fn constant(&mut self, value: i64) {
        self.out.push(op::I64_CONST);
        leb::signed(&mut self.out, value);
    }
}

/// Where the gas must be when a segment ends: in the global for whoever else counts there, in the local for the next segment.
/// `None`: it does not matter.
fn end_place(end: End) -> Option<Place> {
    match end {
        End::Import(false) | End::Own(..) | End::Length(..) | End::Leaves => Some(Place::Global),
        End::Goes(_) => Some(Place::Local),
        End::GoesOrLeaves(_) => Some(Place::Both),
        End::Import(true) | End::Never => None,
    }
}

/// How a function counts.
struct Layout {
    /// The body is in a block that leads to the exit: the function loops.
    wrapped: bool,
    /// Gas is in a local between calls.
    in_local: bool,
    /// Gas is checked at the entry.
    checked: bool,
    /// It calls functions of the module.
    calls_own: bool,
    /// For gas, and for checking it.
    gas_local: u32,
    /// For depth: a local of its own if it is needed after the entry.
    depth_local: u32,
    /// How many locals more there are.
    more: u8,
}

impl Layout {
    fn new(facts: &FunctionFacts, reach: Reach, planner: &Planner<'_>, counts: Counts) -> Self {
        let calls_own = reach.calls_own;
        let disturbed = planner.disturbed && counts.depth;
        let wrapped = counts.gas && facts.has_loop;
        let checked = counts.gas && (wrapped || calls_own || facts.body.len() > UNCHECKED_BYTES);
        let in_local = wrapped || (checked && local_is_shorter(&planner.segments));
        let gas_local = facts.params + facts.locals;
        let depth_local = gas_local + u32::from(checked && disturbed);
        let more = u8::from(checked || (calls_own && counts.depth)) + u8::from(checked && disturbed);
        Self { wrapped, in_local, checked, calls_own, gas_local, depth_local, more }
    }
}

/// True if fewer instructions count the gas in a local than in the global. A register machine charges a local in one
/// and the global in three.
fn local_is_shorter(segments: &[Segment]) -> bool {
    let (mut in_local, mut in_global, mut from) = (0, 0, Place::Global);
    for segment in segments.iter().filter(|segment| !segment.dead) {
        let to = end_place(segment.end).unwrap_or(from);
        let moves = u32::from(from == Place::Global) + u32::from(to != Place::Local);
        if segment.charge != 0 {
            in_global += 3;
            in_local += 1 + moves;
        } else if from != to {
            in_local += 1;
        }
        from = place_after(segment.end);
    }
    in_local < in_global
}

/// Where the gas is after a segment's end: whoever was called counts in the global.
fn place_after(end: End) -> Place {
    match end {
        End::Import(false) | End::Own(..) | End::Length(..) => Place::Global,
        End::Import(true) | End::Goes(_) | End::GoesOrLeaves(_) | End::Leaves | End::Never => Place::Local,
    }
}

/// The body of the function that ends a contract without depth: the host sees that it is below zero.
pub(super) fn overflow(indices: &Indices) -> Vec<u8> {
    give_up(indices.depth_global, -1)
}

/// The body of the function that ends a contract without gas: the host sees the mark.
pub(super) fn exhausted(indices: &Indices) -> Vec<u8> {
    give_up(indices.gas_global, super::EXHAUSTED)
}

fn give_up(global: u32, mark: i64) -> Vec<u8> {
    let mut out = vec![0, op::I64_CONST];
    leb::signed(&mut out, mark);
    out.push(op::GLOBAL_SET);
    leb::unsigned(&mut out, global);
    out.extend([op::UNREACHABLE, op::END]);
    out
}

/// The amount that a length costs, on the stack, from the length in local 0.
pub(super) fn amount(out: &mut Vec<u8>, length: Length, price: i64) {
    out.extend([op::LOCAL_GET, 0, op::I64_EXTEND_I32_U]);
    if length == Length::Lines {
        // Lines of 64 bytes, begun ones count.
        out.push(op::I64_CONST);
        leb::signed(out, 63);
        out.extend([op::I64_ADD, op::I64_CONST, 6, op::I64_SHR_U]);
    }
    out.push(op::I64_CONST);
    leb::signed(out, price);
    out.push(op::I64_MUL);
}

/// The body of the function that charges for a length and hands it back: `(param i32) (result i32)`.
pub(super) fn charge_length(length: Length, price: u32, indices: &Indices) -> Vec<u8> {
    let mut out = vec![1, 1, op::I64];
    let index = |out: &mut Vec<u8>, opcode, index| {
        out.push(opcode);
        leb::unsigned(out, index);
    };
    index(&mut out, op::GLOBAL_GET, indices.gas_global);
    amount(&mut out, length, price.into());
    out.extend([op::I64_SUB, op::LOCAL_TEE, 1]);
    index(&mut out, op::GLOBAL_SET, indices.gas_global);
    out.extend([op::LOCAL_GET, 1, op::I64_CONST, 0, op::I64_LT_S, op::IF, op::EMPTY]);
    index(&mut out, op::CALL, indices.exhausted);
    out.extend([op::END, op::LOCAL_GET, 0, op::END]);
    out
}

// A frame of every allowed size fits into the budget.
const _: () = assert!((FRAME_DEPTH + 32 + 1_024 + 1_024) < DEPTH_BUDGET as u32);
