//! Operations as EVM bytecode, and what is paid beside them.

use hebe_host_ei::U256;

use super::{
    End, RESULTS,
    op::{Answer, Argument, Op},
    world::data,
};

/// EVM code, and the gas of all that the interface has no twin of.
pub(super) struct Code {
    pub(super) bytes: Vec<u8>,
    pub(super) overhead: i64,
}

const MSTORE: u8 = 0x52;
const RETURN: u8 = 0xf3;
const REVERT: u8 = 0xfd;

impl Code {
    /// Data into memory, the operations, their answers from [`RESULTS`] on, a word each, and the end.
    pub(super) fn new(ops: &[Op], end: &End) -> Self {
        let mut code = Self { bytes: Vec::new(), overhead: 0 };
        let length = 32 * ops.len() as u32;
        // The highest word first, so that nothing expands memory any more.
        let words = i64::from((RESULTS + length + 32) / 32);
        code.overhead += 3 * words + words * words / 512;
        code.store(RESULTS + length, U256::zero());
        for (at, word) in (0..).step_by(32).zip(data().chunks(32)) {
            code.store(at, U256::from_big_endian(word));
        }
        for (at, op) in (RESULTS..).step_by(32).zip(ops) {
            code.op(op);
            if op.answer != Answer::Nothing {
                code.push(at.into());
                code.cheap(MSTORE);
            }
        }
        match end {
            End::Finish => code.end(length, RETURN),
            End::Revert => code.end(length, REVERT),
            End::SelfDestruct(op) => code.op(op),
        }
        code
    }

    fn op(&mut self, op: &Op) {
        (0..op.zeros).for_each(|_| self.push(U256::zero()));
        for argument in op.arguments.iter().rev() {
            match argument {
                Argument::Word(_, word) => self.push(*word),
                Argument::Plain(number) => self.push((*number).into()),
                Argument::Long(number) => self.push((*number).into()),
                Argument::Wasm(_) | Argument::Result => {}
            }
        }
        self.bytes.push(op.opcode);
    }

    fn end(&mut self, length: u32, opcode: u8) {
        self.push(length.into());
        self.push(RESULTS.into());
        self.bytes.push(opcode);
    }

    fn store(&mut self, at: u32, word: U256) {
        self.push(word);
        self.push(at.into());
        self.cheap(MSTORE);
    }

    /// PUSH32 (G_verylow).
    fn push(&mut self, word: U256) {
        self.cheap(0x7f);
        self.bytes.extend(word.to_big_endian());
    }

    /// An instruction of G_verylow.
    fn cheap(&mut self, opcode: u8) {
        self.bytes.push(opcode);
        self.overhead += 3;
    }
}
