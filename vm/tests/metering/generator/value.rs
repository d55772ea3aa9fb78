//! Code that leaves one value.

use wasm_encoder::{BlockType, Instruction, MemArg, MemArgTarget, ValType};

use super::{
    CONSTANT, IMPORTS, LONG, SPARE, WORD,
    code::{Code, Label},
    host::GET_CALL_DATA_SIZE,
};

/// Where contracts keep their data.
pub(super) const DATA: u64 = 1024;

pub(super) const fn at(offset: u64) -> MemArg {
    MemArg { offset, align: 0, target: MemArgTarget::Memory(0), ordering: None }
}

use Instruction as I;

const I32_BINARY: &[I<'static>] = &[
    I::I32Add,
    I::I32Sub,
    I::I32Mul,
    I::I32And,
    I::I32Or,
    I::I32Xor,
    I::I32Shl,
    I::I32ShrS,
    I::I32ShrU,
    I::I32Rotl,
    I::I32Rotr,
    I::I32Eq,
    I::I32Ne,
    I::I32LtS,
    I::I32GtU,
    I::I32LeU,
    I::I32GeS,
];
const I64_BINARY: &[I<'static>] = &[
    I::I64Add,
    I::I64Sub,
    I::I64Mul,
    I::I64And,
    I::I64Or,
    I::I64Xor,
    I::I64Shl,
    I::I64ShrS,
    I::I64ShrU,
    I::I64Rotl,
    I::I64Rotr,
];
const I64_COMPARE: &[I<'static>] = &[I::I64Eq, I::I64Ne, I::I64LtU, I::I64GtS, I::I64LeS, I::I64GeU];
const I32_UNARY: &[I<'static>] =
    &[I::I32Eqz, I::I32Clz, I::I32Ctz, I::I32Popcnt, I::I32Extend8S, I::I32Extend16S];
const I64_UNARY: &[I<'static>] =
    &[I::I64Clz, I::I64Ctz, I::I64Popcnt, I::I64Extend8S, I::I64Extend16S, I::I64Extend32S];
const I32_DIVIDE: &[I<'static>] = &[I::I32DivS, I::I32DivU, I::I32RemS, I::I32RemU];
const I64_DIVIDE: &[I<'static>] = &[I::I64DivS, I::I64DivU, I::I64RemS, I::I64RemU];

impl Code<'_, '_> {
    pub(super) fn constant(&mut self, ty: ValType) {
        let number = self.draft.choice.number();
        self.emit(constant(ty, number));
    }

    fn pick(&mut self, of: &[I<'static>]) {
        let index = self.draft.choice.of(of.len() as u32) as usize;
        self.emit(of[index].clone());
    }

    /// Leaves a value of this type.
    pub(super) fn value(&mut self, ty: ValType, depth: u32) {
        let kinds = if depth == 0 || !self.has_room() { 3 } else { 15 };
        let deeper = depth.saturating_sub(1);
        let wide = ty == ValType::I64;
        match self.draft.choice.of(kinds) {
            1 => match self.readable(ty) {
                Some(local) => self.emit(I::LocalGet(local)),
                None => self.constant(ty),
            },
            2 if wide => {
                let global = self.draft.choice.one(&[LONG, CONSTANT]);
                self.emit(I::GlobalGet(global));
            }
            2 => self.emit(I::GlobalGet(WORD)),
            3 | 4 => {
                self.value(ty, deeper);
                self.value(ty, deeper);
                self.pick(if wide { I64_BINARY } else { I32_BINARY });
            }
            5 => {
                self.value(ty, deeper);
                self.pick(if wide { I64_UNARY } else { I32_UNARY });
            }
            6 => self.load(ty, deeper),
            7 if wide => {
                self.value(ValType::I32, deeper);
                self.pick(&[I::I64ExtendI32U, I::I64ExtendI32S]);
            }
            7 => {
                self.value(ValType::I64, deeper);
                if self.draft.choice.flip() {
                    self.emit(I::I32WrapI64);
                } else {
                    self.value(ValType::I64, deeper);
                    self.pick(I64_COMPARE);
                }
            }
            8 => {
                self.value(ty, deeper);
                self.value(ty, deeper);
                self.value(ValType::I32, deeper);
                self.emit(I::Select);
            }
            9 => {
                self.emit(I::Block(BlockType::Result(ty)));
                self.inside(Label::end(&[ty]), |code| {
                    code.statements(deeper, 3);
                    code.value(ty, deeper);
                });
                self.emit(I::End);
            }
            10 => self.choose(ty, deeper),
            11 => self.divide(ty, deeper),
            12 => match self.written(ty) {
                Some(local) => {
                    self.value(ty, deeper);
                    self.emit(I::LocalTee(local));
                }
                None => self.constant(ty),
            },
            13 if wide => self.observed_zero(),
            13 => self.pick(&[I::Call(GET_CALL_DATA_SIZE), I::MemorySize(0)]),
            14 => self.called_value(ty, deeper),
            _ => self.constant(ty),
        }
    }

    fn load(&mut self, ty: ValType, depth: u32) {
        self.address(depth);
        let near = at(DATA);
        let loads = match ty {
            ValType::I64 => [
                I::I64Load(near),
                I::I64Load8S(near),
                I::I64Load16U(near),
                I::I64Load32S(near),
                I::I64Load32U(near),
            ],
            _ => [
                I::I32Load(near),
                I::I32Load8S(near),
                I::I32Load8U(near),
                I::I32Load16S(near),
                I::I32Load16U(near),
            ],
        };
        self.pick(&loads);
    }

    /// An address that is there, unless traps are wanted.
    pub(super) fn address(&mut self, depth: u32) {
        self.value(ValType::I32, depth);
        if !(self.draft.traps && self.draft.choice.of(8) == 7) {
            self.emit(I::I32Const(0x7fff));
            self.emit(I::I32And);
        }
    }

    fn divide(&mut self, ty: ValType, depth: u32) {
        let wide = ty == ValType::I64;
        self.value(ty, depth);
        if self.draft.traps && self.draft.choice.of(4) == 3 {
            self.value(ty, depth);
        } else {
            // Neither zero nor minus one.
            let divisor = 2 + i64::from(self.draft.choice.of(100));
            self.emit(constant(ty, divisor));
        }
        self.pick(if wide { I64_DIVIDE } else { I32_DIVIDE });
    }

    fn choose(&mut self, ty: ValType, depth: u32) {
        self.value(ValType::I32, depth);
        self.emit(I::If(BlockType::Result(ty)));
        self.inside(Label::end(&[ty]), |code| {
            code.statements(depth, 2);
            code.value(ty, depth);
            code.emit(I::Else);
            code.statements(depth, 2);
            code.value(ty, depth);
        });
        self.emit(I::End);
    }

    /// The last result of a function, if one has it and can be called here.
    fn called_value(&mut self, ty: ValType, depth: u32) {
        let known = self.draft.functions.clone();
        let fitting: Vec<u32> = (0..)
            .zip(&known)
            .filter(|(_, f)| f.results.last() == Some(&ty))
            .map(|(index, _)| index)
            .collect();
        if fitting.is_empty() {
            return self.constant(ty);
        }
        let function = self.draft.choice.one(&fitting);
        if !self.call(function, depth) {
            return self.constant(ty);
        }
        // The results below it stay out of the way: the value goes through a local.
        let results = &known[function as usize].results;
        if results.len() > 1 {
            let kept = self.fresh(ty);
            self.emit(I::LocalSet(kept));
            self.take(&results[..results.len() - 1]);
            self.emit(I::LocalGet(kept));
        }
    }

    /// Calls a function, with values for its parameters, if it is not too much.
    pub(super) fn call(&mut self, function: u32, depth: u32) -> bool {
        let signature = self.draft.functions[function as usize].clone();
        if !self.afford(signature.cost) {
            return false;
        }
        for (index, ty) in signature.params.iter().enumerate() {
            if index == 0 && signature.recurses {
                let deep = self.draft.choice.of(5) as i32;
                self.emit(I::I32Const(deep));
            } else {
                self.value(*ty, depth.min(2));
            }
        }
        if self.draft.choice.flip() {
            let wrong = self.draft.traps && self.draft.choice.of(8) == 7;
            let place = if wrong { SPARE + self.draft.choice.of(SPARE) } else { function };
            self.emit(I::I32Const(place as i32));
            self.emit(I::CallIndirect { type_index: signature.ty, table_index: 0 });
        } else {
            self.emit(I::Call(IMPORTS.len() as u32 + function));
        }
        true
    }
}

pub(super) const fn constant(ty: ValType, number: i64) -> I<'static> {
    match ty {
        ValType::I64 => I::I64Const(number),
        _ => I::I32Const(number as i32),
    }
}
