//! Opcodes, and a walk over validated instructions.
//!
//! Source: wasm spec, "Instructions", binary format. The instructions were validated, so nothing here checks anything:
//! bytes that are no instructions end in wrong numbers, never in a panic or an endless walk.

pub(crate) const UNREACHABLE: u8 = 0x00;
pub(crate) const NOP: u8 = 0x01;
pub(crate) const BLOCK: u8 = 0x02;
pub(crate) const LOOP: u8 = 0x03;
pub(crate) const IF: u8 = 0x04;
pub(crate) const ELSE: u8 = 0x05;
pub(crate) const END: u8 = 0x0b;
pub(crate) const BR: u8 = 0x0c;
pub(crate) const BR_IF: u8 = 0x0d;
pub(crate) const BR_TABLE: u8 = 0x0e;
pub(crate) const RETURN: u8 = 0x0f;
pub(crate) const CALL: u8 = 0x10;
pub(crate) const CALL_INDIRECT: u8 = 0x11;
pub(crate) const DROP: u8 = 0x1a;
pub(crate) const SELECT: u8 = 0x1b;
pub(crate) const SELECT_TYPED: u8 = 0x1c;
pub(crate) const LOCAL_GET: u8 = 0x20;
pub(crate) const LOCAL_SET: u8 = 0x21;
pub(crate) const LOCAL_TEE: u8 = 0x22;
pub(crate) const GLOBAL_GET: u8 = 0x23;
pub(crate) const GLOBAL_SET: u8 = 0x24;
pub(crate) const I32_LOAD: u8 = 0x28;
pub(crate) const I64_LOAD32_U: u8 = 0x35;
pub(crate) const I32_STORE: u8 = 0x36;
pub(crate) const I64_STORE32: u8 = 0x3e;
pub(crate) const MEMORY_SIZE: u8 = 0x3f;
pub(crate) const MEMORY_GROW: u8 = 0x40;
pub(crate) const I32_CONST: u8 = 0x41;
pub(crate) const I64_CONST: u8 = 0x42;
pub(crate) const I32_EQZ: u8 = 0x45;
pub(crate) const I32_EQ: u8 = 0x46;
pub(crate) const I32_NE: u8 = 0x47;
pub(crate) const I32_LT_S: u8 = 0x48;
pub(crate) const I32_LT_U: u8 = 0x49;
pub(crate) const I32_GE_U: u8 = 0x4f;
pub(crate) const I64_LT_S: u8 = 0x53;
pub(crate) const I32_CLZ: u8 = 0x67;
pub(crate) const I32_ADD: u8 = 0x6a;
pub(crate) const I32_SUB: u8 = 0x6b;
pub(crate) const I32_MUL: u8 = 0x6c;
pub(crate) const I32_AND: u8 = 0x71;
pub(crate) const I32_SHR_U: u8 = 0x76;
pub(crate) const I64_ADD: u8 = 0x7c;
pub(crate) const I64_SUB: u8 = 0x7d;
pub(crate) const I64_MUL: u8 = 0x7e;
pub(crate) const I64_DIV_S: u8 = 0x7f;
pub(crate) const I64_SHR_U: u8 = 0x88;
pub(crate) const I64_CLZ: u8 = 0x79;
pub(crate) const I32_WRAP_I64: u8 = 0xa7;
pub(crate) const I64_EXTEND_I32_S: u8 = 0xac;
pub(crate) const I64_EXTEND_I32_U: u8 = 0xad;
pub(crate) const I32_EXTEND8_S: u8 = 0xc0;
pub(crate) const I64_EXTEND32_S: u8 = 0xc4;
/// The prefix of bulk operations.
pub(crate) const BULK: u8 = 0xfc;

/// The bulk operations, as they are numbered behind [`BULK`].
pub(crate) mod bulk {
    pub(crate) const MEMORY_INIT: u32 = 8;
    pub(crate) const DATA_DROP: u32 = 9;
    pub(crate) const MEMORY_COPY: u32 = 10;
    pub(crate) const MEMORY_FILL: u32 = 11;
    pub(crate) const TABLE_INIT: u32 = 12;
    pub(crate) const TABLE_COPY: u32 = 14;
}

/// A block type without parameters and results.
pub(crate) const EMPTY: u8 = 0x40;
/// Value types and the form of a function type.
pub(crate) const I32: u8 = 0x7f;
pub(crate) const I64: u8 = 0x7e;
pub(crate) const FUNCTION: u8 = 0x60;

/// In [`IMMEDIATES`]: an instruction that needs a closer look.
pub(crate) const STRUCTURED: u8 = 0xff;

/// How many LEB128 numbers follow an opcode, or [`STRUCTURED`].
pub(crate) const IMMEDIATES: [u8; 256] = {
    let mut counts = [0; 256];
    let mut opcode = LOCAL_GET as usize;
    while opcode <= 0x26 {
        counts[opcode] = 1;
        opcode += 1;
    }
    opcode = I32_LOAD as usize;
    while opcode <= I64_STORE32 as usize {
        counts[opcode] = 2;
        opcode += 1;
    }
    counts[MEMORY_SIZE as usize] = 1;
    counts[I32_CONST as usize] = 1;
    counts[I64_CONST as usize] = 1;
    let structured = [
        UNREACHABLE,
        BLOCK,
        LOOP,
        IF,
        ELSE,
        END,
        BR,
        BR_IF,
        BR_TABLE,
        RETURN,
        CALL,
        CALL_INDIRECT,
        SELECT_TYPED,
        MEMORY_GROW,
        BULK,
    ];
    let mut index = 0;
    while index < structured.len() {
        counts[structured[index] as usize] = STRUCTURED;
        index += 1;
    }
    counts
};

/// A place in bytes that are read from front to back.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

impl Cursor<'_> {
    /// The next byte; [`END`] behind the last one, so that every walk ends.
    #[inline]
    pub(crate) fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(END);
        self.at += 1;
        byte
    }

    /// Passes over LEB128 numbers.
    #[inline]
    pub(crate) fn skip(&mut self, numbers: u8) {
        for _ in 0..numbers {
            while self.byte() & 0x80 != 0 {}
        }
    }

    /// An unsigned number of 32 bits.
    #[inline]
    pub(crate) fn unsigned(&mut self) -> u32 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= u32::from(byte & 0x7f).wrapping_shl(shift);
            shift += 7;
            if byte & 0x80 == 0 {
                return value;
            }
        }
    }

    /// A signed number.
    pub(crate) fn signed(&mut self) -> i64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= i64::from(byte & 0x7f).wrapping_shl(shift);
            shift += 7;
            if byte & 0x80 == 0 {
                let unused = 64_u32.saturating_sub(shift);
                return value << unused >> unused;
            }
        }
    }

    /// Passes over the immediates of an instruction.
    pub(crate) fn pass(&mut self, opcode: u8) {
        let immediates = IMMEDIATES[usize::from(opcode)];
        if immediates != STRUCTURED {
            self.skip(immediates);
            return;
        }
        match opcode {
            BULK => {
                let number = self.unsigned();
                let numbers = match number {
                    bulk::MEMORY_INIT | bulk::MEMORY_COPY | bulk::TABLE_INIT | bulk::TABLE_COPY => 2,
                    _ => 1,
                };
                self.skip(numbers);
            }
            SELECT_TYPED => {
                let types = self.unsigned();
                self.skip(types.min(1) as u8);
            }
            BR_TABLE => {
                for _ in 0..=self.unsigned() {
                    if self.is_at_end() {
                        break;
                    }
                    self.skip(1);
                }
            }
            CALL_INDIRECT => self.skip(2),
            UNREACHABLE | ELSE | END | RETURN => {}
            // BLOCK, LOOP, IF, BR, BR_IF, CALL, MEMORY_GROW
            _ => self.skip(1),
        }
    }

    /// True behind the last byte.
    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }
}
