//! Instructions that take and leave operands, and those on memory and the table.

use arbitrary::Result;
use wasm_encoder::{BlockType, Instruction as I, MemArg, MemArgTarget, ValType};

use super::{body::Body, some_type};

pub(super) const W: ValType = ValType::I32;
pub(super) const L: ValType = ValType::I64;

/// Numbers that instructions take for special.
const EXTREMES: [i64; 22] = [
    0,
    1,
    2,
    -1,
    -2,
    31,
    32,
    63,
    64,
    127,
    128,
    -128,
    255,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    -0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    i64::MAX,
    i64::MIN,
    i64::MIN + 1,
];

const BINARY_32: [I<'static>; 22] = [
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
    I::I32LtU,
    I::I32GtS,
    I::I32GtU,
    I::I32LeS,
    I::I32LeU,
    I::I32GeS,
    I::I32GeU,
    I::I32Sub,
];
const BINARY_64: [I<'static>; 12] = [
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
    I::I64Sub,
];
const COMPARE_64: [I<'static>; 10] = [
    I::I64Eq,
    I::I64Ne,
    I::I64LtS,
    I::I64LtU,
    I::I64GtS,
    I::I64GtU,
    I::I64LeS,
    I::I64LeU,
    I::I64GeS,
    I::I64GeU,
];
const DIVIDE_32: [I<'static>; 4] = [I::I32DivS, I::I32DivU, I::I32RemS, I::I32RemU];
const DIVIDE_64: [I<'static>; 4] = [I::I64DivS, I::I64DivU, I::I64RemS, I::I64RemU];
const UNARY_32: [I<'static>; 6] =
    [I::I32Clz, I::I32Ctz, I::I32Popcnt, I::I32Extend8S, I::I32Extend16S, I::I32Eqz];
const UNARY_64: [I<'static>; 6] =
    [I::I64Clz, I::I64Ctz, I::I64Popcnt, I::I64Extend8S, I::I64Extend16S, I::I64Extend32S];

impl Body<'_, '_, '_> {
    pub(super) fn one(&mut self, of: &[I<'static>]) -> Result<()> {
        let instruction = self.u.choose(of)?.clone();
        self.emit(instruction);
        Ok(())
    }

    pub(super) fn constant(&mut self, ty: ValType) -> Result<()> {
        let number = if self.of(4)? == 0 { self.u.arbitrary()? } else { *self.u.choose(&EXTREMES)? };
        self.emit(if ty == L { I::I64Const(number) } else { I::I32Const(number as i32) });
        self.stack.push(ty);
        Ok(())
    }

    pub(super) fn get(&mut self) -> Result<()> {
        if self.locals.is_empty() {
            return self.constant(W);
        }
        let local = self.of(self.locals.len() as u32)?;
        self.emit(I::LocalGet(local));
        self.stack.push(self.locals[local as usize]);
        Ok(())
    }

    /// A value of a type: a local or a constant.
    pub(super) fn push(&mut self, ty: ValType) -> Result<()> {
        let fitting: Vec<u32> =
            (0..).zip(&self.locals).filter(|(_, local)| **local == ty).map(|(n, _)| n).collect();
        if fitting.is_empty() || self.of(4)? == 0 {
            return self.constant(ty);
        }
        let local = *self.u.choose(&fitting)?;
        self.emit(I::LocalGet(local));
        self.stack.push(ty);
        Ok(())
    }

    /// Makes sure that a value of this type is on top.
    pub(super) fn want(&mut self, ty: ValType) -> Result<()> {
        if self.top(0) == Some(ty) { Ok(()) } else { self.push(ty) }
    }

    pub(super) fn set(&mut self) -> Result<()> {
        let Some(ty) = self.top(0) else { return self.get() };
        let fitting: Vec<u32> =
            (0..).zip(&self.locals).filter(|(_, local)| **local == ty).map(|(n, _)| n).collect();
        if fitting.is_empty() {
            return Ok(());
        }
        let local = *self.u.choose(&fitting)?;
        if self.u.arbitrary()? {
            self.emit(I::LocalTee(local));
        } else {
            self.emit(I::LocalSet(local));
            self.stack.pop();
        }
        Ok(())
    }

    pub(super) fn binary(&mut self) -> Result<()> {
        let ty = match self.top(0) {
            Some(ty) => ty,
            None => some_type(self.u)?,
        };
        self.want(ty)?;
        if self.top(1) != Some(ty) {
            self.push(ty)?;
        }
        self.stack.truncate(self.stack.len() - 2);
        match (ty, self.of(3)?) {
            (L, 0) => {
                self.one(&COMPARE_64)?;
                self.stack.push(W);
            }
            (L, _) => {
                self.one(&BINARY_64)?;
                self.stack.push(L);
            }
            _ => {
                self.one(&BINARY_32)?;
                self.stack.push(W);
            }
        }
        Ok(())
    }

    pub(super) fn unary(&mut self) -> Result<()> {
        let Some(ty) = self.top(0) else { return self.get() };
        match (ty, self.of(3)?) {
            (L, 0) => {
                self.stack.pop();
                self.one(&[I::I32WrapI64, I::I64Eqz])?;
                self.stack.push(W);
            }
            (L, _) => self.one(&UNARY_64)?,
            (_, 0) => {
                self.stack.pop();
                self.one(&[I::I64ExtendI32S, I::I64ExtendI32U])?;
                self.stack.push(L);
            }
            _ => self.one(&UNARY_32)?,
        }
        Ok(())
    }

    pub(super) fn divide(&mut self) -> Result<()> {
        let ty = match self.top(0) {
            Some(ty) => ty,
            None => some_type(self.u)?,
        };
        self.want(ty)?;
        self.push(ty)?;
        if !self.shape.traps || self.of(4)? > 0 {
            // Neither 0 nor -1.
            let guard = if ty == L {
                [I::I64Const(0xffff), I::I64And, I::I64Const(3), I::I64Or]
            } else {
                [I::I32Const(0xffff), I::I32And, I::I32Const(3), I::I32Or]
            };
            guard.into_iter().for_each(|instruction| self.emit(instruction));
        }
        self.stack.pop();
        self.one(if ty == L { &DIVIDE_64 } else { &DIVIDE_32 })
    }

    pub(super) fn select(&mut self) -> Result<()> {
        let is_ready = self.top(0) == Some(W) && self.top(1).is_some() && self.top(1) == self.top(2);
        if !is_ready {
            let ty = some_type(self.u)?;
            self.want(ty)?;
            if self.of(3)? == 0 {
                // A value out of memory, which no local has.
                self.push(W)?;
                self.stack.pop();
                [I::I32Const(0x7ff0), I::I32And].into_iter().for_each(|i| self.emit(i));
                let near = MemArg { offset: 64, align: 0, target: MemArgTarget::Memory(0), ordering: None };
                self.emit(if ty == L { I::I64Load(near) } else { I::I32Load(near) });
                self.stack.push(ty);
            }
            self.push(ty)?;
            if self.top(1) != Some(ty) {
                self.push(ty)?;
            }
            self.condition()?;
        }
        self.emit(I::Select);
        self.stack.truncate(self.stack.len() - 2);
        Ok(())
    }

    /// A condition: a value, a comparison of one, or its negation, now and then with nothing in between.
    fn condition(&mut self) -> Result<()> {
        let last = self.shape.functions.len() - 1;
        match self.of(5)? {
            // What a call returns.
            4 if self.index < last && self.calls < 6 => {
                self.calls += 1;
                let (params, _) = self.shape.types[self.shape.functions[last] as usize].clone();
                params.iter().try_for_each(|ty| self.push(*ty))?;
                self.stack.truncate(self.stack.len() - params.len());
                self.emit(I::Call(last as u32));
            }
            0 => self.emit(I::MemorySize(0)),
            1 => [I::I32Const(0), I::I32Load8U(self.at()?)].into_iter().for_each(|i| self.emit(i)),
            2 => {
                self.push(L)?;
                self.stack.pop();
                self.emit(I::I64Eqz);
            }
            _ => {
                self.push(W)?;
                self.stack.pop();
            }
        }
        match self.of(5)? {
            0 | 1 => self.emit(I::I32Eqz),
            2 => [I::I32Const(7), I::I32And].into_iter().for_each(|i| self.emit(i)),
            3 => {
                self.push(W)?;
                self.stack.pop();
                self.one(&BINARY_32[11..21])?;
            }
            _ => {}
        }
        match self.of(4)? {
            0 => self.emit(I::Nop),
            1 => [I::Block(BlockType::Empty), I::End].into_iter().for_each(|i| self.emit(i)),
            _ => {}
        }
        self.stack.push(W);
        Ok(())
    }

    pub(super) fn at(&mut self) -> Result<MemArg> {
        let far: u32 = self.u.arbitrary()?;
        let last = (self.shape.pages as u32 - 1) << 16;
        let beyond = if self.shape.traps && self.of(8)? == 0 { far } else { last };
        // With an address of 0x7ff7 at the most these are in the memory there is.
        let offset = *self.u.choose(&[0, 8, 512, 32_760, last, last, last | 24, beyond])?;
        Ok(MemArg { offset: offset.into(), align: 0, target: MemArgTarget::Memory(0), ordering: None })
    }

    /// An address on top, mostly within the first half of the first page.
    pub(super) fn address(&mut self) -> Result<()> {
        self.want(W)?;
        if !self.shape.traps || self.of(12)? > 0 {
            self.emit(I::I32Const(0x7ff0));
            self.emit(I::I32And);
        }
        Ok(())
    }

    pub(super) fn load(&mut self) -> Result<()> {
        self.address()?;
        let at = self.at()?;
        self.stack.pop();
        if self.u.arbitrary()? {
            self.one(&[
                I::I64Load(at),
                I::I64Load8S(at),
                I::I64Load8U(at),
                I::I64Load16S(at),
                I::I64Load16U(at),
                I::I64Load32S(at),
                I::I64Load32U(at),
            ])?;
            self.stack.push(L);
        } else {
            self.one(&[
                I::I32Load(at),
                I::I32Load8S(at),
                I::I32Load8U(at),
                I::I32Load16S(at),
                I::I32Load16U(at),
            ])?;
            self.stack.push(W);
        }
        Ok(())
    }

    pub(super) fn store(&mut self) -> Result<()> {
        self.address()?;
        let same = self.of(4)? == 0;
        let at = self.at()?;
        let ty = some_type(self.u)?;
        if same && !self.locals.is_empty() && self.locals[0] == W {
            // The value is the address.
            self.emit(I::LocalTee(0));
            self.emit(I::LocalGet(0));
            self.stack.push(W);
        } else {
            self.push(ty)?;
            if self.of(3)? == 0 {
                self.unary()?;
            }
        }
        let ty = self.stack.pop().expect("just pushed");
        self.stack.pop();
        self.one(&if ty == L {
            [I::I64Store(at), I::I64Store8(at), I::I64Store16(at), I::I64Store32(at)]
        } else {
            [I::I32Store(at), I::I32Store8(at), I::I32Store16(at), I::I32Store(at)]
        })
    }

    pub(super) fn global(&mut self) -> Result<()> {
        let global = 1 + self.of(self.shape.globals.len() as u32 - 1)?;
        let ty = self.shape.globals[global as usize];
        if self.u.arbitrary()? {
            self.emit(I::GlobalGet(global));
            self.stack.push(ty);
        } else {
            self.want(ty)?;
            self.emit(I::GlobalSet(global));
            self.stack.pop();
        }
        Ok(())
    }

    pub(super) fn with(&mut self, args: [i32; 3], instruction: I<'static>) {
        args.into_iter().for_each(|arg| self.emit(I::I32Const(arg)));
        self.emit(instruction);
    }

    pub(super) fn memory(&mut self) -> Result<()> {
        let far = self.shape.traps && self.of(6)? == 0;
        let (to, from) = (self.of(60_000)? as i32, self.of(60_000)? as i32);
        let length = if far { *self.u.choose(&[-1, 70_000, 5_536])? } else { self.of(3_000)? as i32 };
        match self.of(7)? {
            0 => self.with([to, from, length], I::MemoryFill(0)),
            1 => self.with([to, from, length], I::MemoryCopy { src_mem: 0, dst_mem: 0 }),
            2 if self.shape.traps => {
                self.with([to, from % 8, length % 16], I::MemoryInit { mem: 0, data_index: 2 })
            }
            3 if self.of(3)? == 0 => self.emit(I::DataDrop(2)),
            4 => {
                self.emit(I::MemorySize(0));
                self.stack.push(W);
            }
            _ => {
                let pages = *self.u.choose(&[0, 0, 1, 1, 2, 300, -1])?;
                self.emit(I::I32Const(pages));
                self.emit(I::MemoryGrow(0));
                self.stack.push(W);
            }
        }
        Ok(())
    }

    pub(super) fn table(&mut self) -> Result<()> {
        if self.of(6)? > 0 {
            return self.binary();
        }
        let count = self.shape.functions.len() as u32;
        let (to, from) = (self.of(8)? as i32, self.of(count)? as i32);
        let wrong = self.shape.traps && self.of(4)? == 0;
        let length = if wrong { 9 } else { 1 };
        match self.of(3)? {
            0 => self.with([to, from, length], I::TableCopy { src_table: 0, dst_table: 0 }),
            1 if self.shape.traps => self.with([to, from, length], I::TableInit { elem_index: 1, table: 0 }),
            _ => self.emit(I::ElemDrop(1)),
        }
        Ok(())
    }
}
