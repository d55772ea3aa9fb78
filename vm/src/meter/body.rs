//! One function: the body with the charges written in.

use hebe_host_ei::Prices;
use wasmparser::{BinaryReader, FunctionBody};

use super::{
    DEPTH_BUDGET, EXHAUSTED, FRAME_DEPTH, leb,
    module::Indices,
    segments::{Point, Segments, segments},
};
use crate::validate::FunctionFacts;

/// Opcodes that are written here (wasm spec, "Instructions", binary format).
mod op {
    pub(super) const UNREACHABLE: u8 = 0x00;
    pub(super) const BLOCK: u8 = 0x02;
    pub(super) const END: u8 = 0x0b;
    pub(super) const BR: u8 = 0x0c;
    pub(super) const BR_IF: u8 = 0x0d;
    pub(super) const RETURN: u8 = 0x0f;
    pub(super) const CALL: u8 = 0x10;
    pub(super) const LOCAL_GET: u8 = 0x20;
    pub(super) const LOCAL_SET: u8 = 0x21;
    pub(super) const LOCAL_TEE: u8 = 0x22;
    pub(super) const GLOBAL_GET: u8 = 0x23;
    pub(super) const GLOBAL_SET: u8 = 0x24;
    pub(super) const I32_CONST: u8 = 0x41;
    pub(super) const I64_CONST: u8 = 0x42;
    pub(super) const I32_LT_S: u8 = 0x48;
    pub(super) const I64_LT_S: u8 = 0x53;
    pub(super) const I32_ADD: u8 = 0x6a;
    pub(super) const I32_SUB: u8 = 0x6b;
    pub(super) const I64_EXTEND_I32_U: u8 = 0xad;
    pub(super) const I64_SUB: u8 = 0x7d;
    pub(super) const I64_MUL: u8 = 0x7e;
    pub(super) const I64: u8 = 0x7e;
    pub(super) const EMPTY: u8 = 0x40;
}

/// The exit as a label of the body: the body's own block is label 0, the one around it leads to the exit.
const EXIT: u32 = 1;

/// Writes a function's body with its charges, without its size in front.
pub(super) struct Writer<'a> {
    pub(super) code: &'a [u8],
    pub(super) facts: &'a FunctionFacts,
    pub(super) prices: &'a Prices,
    pub(super) indices: &'a Indices,
    pub(super) out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    /// Writes the body. True if it calls the helpers that charge for lengths.
    pub(super) fn write(mut self) -> bool {
        let body = FunctionBody::new(BinaryReader::new(
            &self.code[self.facts.body.clone()],
            self.facts.body.start as u64,
        ));
        let Ok(reader) = body.get_operators_reader() else { return false };
        let start = reader.original_position() as usize;
        let segments = segments(reader, self.prices);
        self.locals(start);
        self.out.extend([op::BLOCK, op::EMPTY]);
        self.out.push(op::BLOCK);
        self.out.extend_from_slice(&self.indices.block_types[self.facts.ty as usize]);
        self.enter(&segments);
        self.copy(start, &segments);
        self.out.push(op::END);
        self.leave(&segments);
        self.out.extend([op::RETURN, op::END]);
        self.exhausted(&segments);
        segments.lengths
    }

    /// The declared locals and one more, for gas.
    fn locals(&mut self, start: usize) {
        let mut reader = BinaryReader::new(&self.code[self.facts.body.start..start], 0);
        let groups = reader.read_var_u32().unwrap_or(0);
        leb::unsigned(self.out, groups + 1);
        let rest = self.facts.body.start + reader.original_position() as usize;
        self.out.extend_from_slice(&self.code[rest..start]);
        self.out.extend([1, op::I64]);
    }

    fn gas_local(&self) -> u32 {
        self.facts.params + self.facts.locals
    }

    fn frame_depth(&self) -> i64 {
        i64::from(FRAME_DEPTH + self.facts.params + self.facts.locals + self.facts.operands)
    }

    /// Takes the frame's depth, then the gas of the first segment; checks both.
    fn enter(&mut self, segments: &Segments) {
        let depth = self.indices.depth_global;
        self.op(op::GLOBAL_GET, depth);
        self.constant(op::I32_CONST, self.frame_depth());
        if segments.calls {
            self.out.push(op::I32_SUB);
            self.op(op::GLOBAL_SET, depth);
            self.op(op::GLOBAL_GET, depth);
            self.constant(op::I32_CONST, 0);
        }
        self.out.push(op::I32_LT_S);
        self.op(op::BR_IF, EXIT);
        self.op(op::GLOBAL_GET, self.indices.gas_global);
        self.constant(op::I64_CONST, segments.first);
        self.out.push(op::I64_SUB);
        self.op(op::LOCAL_TEE, self.gas_local());
        if !self.facts.has_loop {
            self.op(op::GLOBAL_SET, self.indices.gas_global);
            self.op(op::LOCAL_GET, self.gas_local());
        }
        self.check(EXIT);
    }

    /// Leaves for the exit if the gas on the stack is below zero.
    fn check(&mut self, exit: u32) {
        self.constant(op::I64_CONST, 0);
        self.out.push(op::I64_LT_S);
        self.op(op::BR_IF, exit);
    }

    /// The body's instructions with what belongs between them.
    fn copy(&mut self, start: usize, segments: &Segments) {
        let mut from = start;
        for &(at, point, cost) in &segments.points {
            self.out.extend_from_slice(&self.code[from..at]);
            from = at;
            match point {
                Point::Charge if cost == 0 => {}
                Point::Charge => self.charge(cost),
                Point::Header { depth } => {
                    self.op(op::LOCAL_GET, self.gas_local());
                    self.constant(op::I64_CONST, cost);
                    self.out.push(op::I64_SUB);
                    self.op(op::LOCAL_TEE, self.gas_local());
                    self.check(depth + EXIT);
                }
                Point::Call => self.flush(),
                Point::Called => self.reload(),
                Point::Return { depth } => {
                    self.op(op::BR, depth);
                    from = at + 1;
                }
                Point::Length(length) => {
                    self.flush();
                    self.op(op::CALL, self.indices.helpers[length as usize]);
                    self.reload();
                }
            }
        }
        self.out.extend_from_slice(&self.code[from..segments.end]);
    }

    fn charge(&mut self, cost: i64) {
        let (get, set, index) = if self.facts.has_loop {
            (op::LOCAL_GET, op::LOCAL_SET, self.gas_local())
        } else {
            (op::GLOBAL_GET, op::GLOBAL_SET, self.indices.gas_global)
        };
        self.op(get, index);
        self.constant(op::I64_CONST, cost);
        self.out.push(op::I64_SUB);
        self.op(set, index);
    }

    /// Where gas is in the local: to the global, for whoever counts there next.
    fn flush(&mut self) {
        if self.facts.has_loop {
            self.op(op::LOCAL_GET, self.gas_local());
            self.op(op::GLOBAL_SET, self.indices.gas_global);
        }
    }

    fn reload(&mut self) {
        if self.facts.has_loop {
            self.op(op::GLOBAL_GET, self.indices.gas_global);
            self.op(op::LOCAL_SET, self.gas_local());
        }
    }

    /// Gives the depth back and leaves the gas where the caller finds it. Results stay on the stack.
    fn leave(&mut self, segments: &Segments) {
        if segments.calls {
            self.give_depth(op::I32_ADD);
        }
        self.flush();
    }

    fn give_depth(&mut self, operation: u8) {
        self.op(op::GLOBAL_GET, self.indices.depth_global);
        self.constant(op::I32_CONST, self.frame_depth());
        self.out.push(operation);
        self.op(op::GLOBAL_SET, self.indices.depth_global);
    }

    /// The one exit for both checks. The host tells them apart by the depth: negative after an overflow.
    fn exhausted(&mut self, segments: &Segments) {
        if !segments.calls {
            // This function has only looked at the depth so far.
            self.give_depth(op::I32_SUB);
        }
        give_up(self.out, self.indices);
    }

    fn op(&mut self, opcode: u8, index: u32) {
        self.out.push(opcode);
        leb::unsigned(self.out, index);
    }

    fn constant(&mut self, opcode: u8, value: i64) {
        self.out.push(opcode);
        leb::signed(self.out, value);
    }
}

/// Marks the gas as run out and ends the contract.
fn give_up(out: &mut Vec<u8>, indices: &Indices) {
    out.push(op::I64_CONST);
    leb::signed(out, EXHAUSTED);
    out.push(op::GLOBAL_SET);
    leb::unsigned(out, indices.gas_global);
    out.extend([op::UNREACHABLE, op::END]);
}

/// The body of a helper that charges for a length and hands it back: `(param i32) (result i32)`.
pub(super) fn length_helper(price: u32, indices: &Indices) -> Vec<u8> {
    let mut out = vec![0, op::BLOCK, op::EMPTY];
    let global = |out: &mut Vec<u8>, opcode| {
        out.push(opcode);
        leb::unsigned(out, indices.gas_global);
    };
    global(&mut out, op::GLOBAL_GET);
    out.extend([op::LOCAL_GET, 0, op::I64_EXTEND_I32_U, op::I64_CONST]);
    leb::signed(&mut out, price.into());
    out.extend([op::I64_MUL, op::I64_SUB]);
    global(&mut out, op::GLOBAL_SET);
    global(&mut out, op::GLOBAL_GET);
    out.extend([op::I64_CONST, 0, op::I64_LT_S, op::BR_IF, 0, op::LOCAL_GET, 0, op::RETURN, op::END]);
    give_up(&mut out, indices);
    out
}

// A frame of every allowed size fits into the budget.
const _: () = assert!(FRAME_DEPTH + 32 + 1_024 + 1_024 < DEPTH_BUDGET as u32);
