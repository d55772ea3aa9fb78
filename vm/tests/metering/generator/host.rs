//! Host calls, which look at the gas in the midst of everything.

use wasm_encoder::{Instruction as I, ValType};

use super::{
    INPUT,
    code::Code,
    value::{DATA, at},
};

type Import = (&'static str, &'static [ValType], &'static [ValType]);

const W: ValType = ValType::I32;
const L: ValType = ValType::I64;

pub(super) const IMPORTS: [Import; 10] = [
    ("useGas", &[L], &[]),
    ("getGasLeft", &[], &[L]),
    ("getCallDataSize", &[], &[W]),
    ("callDataCopy", &[W, W, W], &[]),
    ("storageStore", &[W, W], &[]),
    ("storageLoad", &[W, W], &[]),
    ("log", &[W, W, W, W, W, W, W], &[]),
    ("callStatic", &[L, W, W, W], &[W]),
    ("finish", &[W, W], &[]),
    ("revert", &[W, W], &[]),
];

/// How much of memory is put out.
const OUTPUT: i32 = 1_536;

const USE_GAS: u32 = 0;
const GET_GAS_LEFT: u32 = 1;
pub(super) const GET_CALL_DATA_SIZE: u32 = 2;
const CALL_DATA_COPY: u32 = 3;
const STORAGE_STORE: u32 = 4;
const STORAGE_LOAD: u32 = 5;
const LOG: u32 = 6;
const CALL_STATIC: u32 = 7;
const FINISH: u32 = 8;
const REVERT: u32 = 9;

impl Code<'_, '_> {
    fn call_host(&mut self, function: u32, args: &[i32]) {
        args.iter().for_each(|arg| self.emit(I::I32Const(*arg)));
        self.emit(I::Call(function));
    }

    /// Folds the gas left into the first 8 bytes of memory.
    pub(super) fn observe(&mut self) {
        for instruction in [
            I::I32Const(0),
            I::I32Const(0),
            I::I64Load(at(0)),
            I::I64Const(7),
            I::I64Rotl,
            I::Call(GET_GAS_LEFT),
            I::I64Xor,
            I::I64Store(at(0)),
        ] {
            self.emit(instruction);
        }
    }

    /// Folds a value of the contract's own into the 8 bytes after them.
    pub(super) fn remember(&mut self, depth: u32) {
        for instruction in [I::I32Const(0), I::I32Const(0), I::I64Load(at(8)), I::I64Const(7), I::I64Rotl] {
            self.emit(instruction);
        }
        self.value(L, depth);
        self.emit(I::I64Xor);
        self.emit(I::I64Store(at(8)));
    }

    /// Looks at the gas in the midst of an expression, and lets nothing of it through.
    pub(super) fn observed_zero(&mut self) {
        self.emit(I::Call(GET_GAS_LEFT));
        self.emit(I::I64Const(0));
        self.emit(I::I64And);
    }

    pub(super) fn host(&mut self) {
        let data = DATA as i32;
        let wrong = self.draft.traps && self.draft.choice.of(8) == 7;
        let offset = data + self.draft.choice.of(128) as i32;
        match self.draft.choice.of(10) {
            1 | 2 => {
                let amount = if wrong { -1 } else { i64::from(self.draft.choice.of(300)) };
                self.emit(I::I64Const(amount));
                self.emit(I::Call(USE_GAS));
            }
            3 => {
                let length = self.draft.choice.of(if wrong { 80 } else { INPUT as u32 + 1 }) as i32;
                let from = self.draft.choice.of(INPUT as u32 + 1 - length.min(INPUT as i32) as u32) as i32;
                self.call_host(CALL_DATA_COPY, &[if wrong { -9 } else { offset }, from, length]);
            }
            4 => self.call_host(STORAGE_STORE, &[offset, if wrong { 65_530 } else { data }]),
            5 => self.call_host(STORAGE_LOAD, &[data, offset]),
            6 => {
                let topics = if wrong { 5 } else { self.draft.choice.of(5) as i32 };
                let length = self.draft.choice.of(40) as i32;
                self.call_host(LOG, &[offset, length, topics, data, data + 8, data + 16, data + 24]);
            }
            7 => {
                self.emit(I::I64Const(if wrong { i64::MIN } else { 500 }));
                self.call_host(CALL_STATIC, &[data, offset, 4]);
                self.take(&[W]);
            }
            8 if self.draft.choice.of(4) == 3 => self.ending(),
            _ => self.observe(),
        }
    }

    /// Ends with the first bytes of memory, or goes on.
    pub(super) fn ending(&mut self) {
        match self.draft.choice.of(if self.draft.traps { 7 } else { 6 }) {
            6 => self.emit(I::Unreachable),
            0..4 => self.call_host(FINISH, &[0, OUTPUT]),
            4 => self.call_host(REVERT, &[0, OUTPUT]),
            _ => {}
        }
    }
}
