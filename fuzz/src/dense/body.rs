//! The body of a function.

use arbitrary::{Result, Unstructured};
use wasm_encoder::{BlockType, CodeSection, Function, Instruction as I, MemArg, MemArgTarget, ValType};

use super::{Shape, some_type, some_types};

const W: ValType = ValType::I32;
const L: ValType = ValType::I64;

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

/// What a branch finds.
struct Label {
    /// What it takes along.
    types: Vec<ValType>,
    is_loop: bool,
}

pub(super) struct Body<'s, 'u, 'b> {
    u: &'u mut Unstructured<'b>,
    shape: &'s mut Shape,
    index: usize,
    locals: Vec<ValType>,
    stack: Vec<ValType>,
    /// Where the innermost block's own operands begin.
    base: usize,
    labels: Vec<Label>,
    code: Vec<I<'static>>,
    calls: u32,
}

impl Body<'_, '_, '_> {
    pub(super) fn write(
        u: &mut Unstructured<'_>,
        shape: &mut Shape,
        index: usize,
        to: &mut CodeSection,
    ) -> Result<()> {
        let (params, results) = shape.types[shape.functions[index] as usize].clone();
        let mut locals = params.clone();
        let count = *u.choose(&[2, 4, 4, 8, 40, 200])?;
        for _ in 0..count {
            locals.push(some_type(u)?);
        }
        let declared = locals[params.len()..].to_vec();
        let labels = vec![Label { types: results.clone(), is_loop: false }];
        let (stack, code) = (Vec::new(), Vec::new());
        let mut body = Body { u, shape, index, locals, stack, base: 0, labels, code, calls: 0 };
        body.burn_or_return(&results)?;
        if body.steps()? {
            body.fit(&results)?;
        }
        let mut function = Function::new_with_locals_types(declared);
        body.code.iter().for_each(|instruction| {
            function.instruction(instruction);
        });
        function.instruction(&I::End);
        to.function(&function);
        Ok(())
    }

    fn of(&mut self, count: u32) -> Result<u32> {
        self.u.int_in_range(0..=count - 1)
    }

    fn emit(&mut self, instruction: I<'static>) {
        self.code.push(instruction);
    }

    fn one(&mut self, of: &[I<'static>]) -> Result<()> {
        let instruction = self.u.choose(of)?.clone();
        self.emit(instruction);
        Ok(())
    }

    /// Takes fuel and leaves whether there was some.
    fn burn(&mut self) {
        let less = [I::GlobalGet(0), I::I32Const(1), I::I32Sub, I::GlobalSet(0)];
        less.into_iter().chain([I::GlobalGet(0), I::I32Const(0), I::I32GtS]).for_each(|i| self.emit(i));
    }

    /// Without fuel a function returns at once.
    fn burn_or_return(&mut self, results: &[ValType]) -> Result<()> {
        self.burn();
        self.emit(I::I32Eqz);
        self.emit(I::If(BlockType::Empty));
        for ty in results {
            self.constant(*ty)?;
            self.stack.pop();
        }
        self.emit(I::Return);
        self.emit(I::End);
        Ok(())
    }

    /// Instructions up to an end. False if that end is not reached.
    fn steps(&mut self) -> Result<bool> {
        for _ in 0..self.of(if self.labels.len() == 1 { 60 } else { 20 })? {
            if self.code.len() as u32 > self.shape.instructions || self.u.is_empty() {
                break;
            }
            if !self.step()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn top(&self, below: usize) -> Option<ValType> {
        let place = self.stack.len().checked_sub(below + 1)?;
        (place >= self.base).then(|| self.stack[place])
    }

    /// One instruction, or a few. False if nothing after it is reached.
    fn step(&mut self) -> Result<bool> {
        match self.of(40)? {
            0..2 => {
                let ty = some_type(self.u)?;
                self.constant(ty)?;
            }
            2..7 => self.get()?,
            7..11 => self.set()?,
            11..16 => self.binary()?,
            16..18 => self.unary()?,
            18..20 => self.select()?,
            20..22 => self.load()?,
            22..25 => self.store()?,
            25..27 => self.global()?,
            27..32 => self.block()?,
            32 => self.branch_if()?,
            33 if self.labels.len() > 1 && self.of(3)? == 0 => return self.leave().map(|()| false),
            34 => self.call()?,
            35 => self.memory()?,
            36 => self.table()?,
            37 => self.divide()?,
            38 if self.shape.traps && self.of(30)? == 0 => {
                self.emit(I::Unreachable);
                return Ok(false);
            }
            _ => self.get()?,
        }
        Ok(true)
    }

    fn constant(&mut self, ty: ValType) -> Result<()> {
        let number = if self.of(4)? == 0 { self.u.arbitrary()? } else { *self.u.choose(&EXTREMES)? };
        self.emit(if ty == L { I::I64Const(number) } else { I::I32Const(number as i32) });
        self.stack.push(ty);
        Ok(())
    }

    fn get(&mut self) -> Result<()> {
        if self.locals.is_empty() {
            return self.constant(W);
        }
        let local = self.of(self.locals.len() as u32)?;
        self.emit(I::LocalGet(local));
        self.stack.push(self.locals[local as usize]);
        Ok(())
    }

    /// A value of a type: a local or a constant.
    fn push(&mut self, ty: ValType) -> Result<()> {
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
    fn want(&mut self, ty: ValType) -> Result<()> {
        if self.top(0) == Some(ty) { Ok(()) } else { self.push(ty) }
    }

    fn set(&mut self) -> Result<()> {
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

    fn binary(&mut self) -> Result<()> {
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

    fn unary(&mut self) -> Result<()> {
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

    fn divide(&mut self) -> Result<()> {
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

    fn select(&mut self) -> Result<()> {
        let ty = some_type(self.u)?;
        self.want(ty)?;
        self.push(ty)?;
        // The condition is a value, a comparison of one, or its negation.
        self.push(W)?;
        match self.of(4)? {
            0 => self.emit(I::I32Eqz),
            1 => [I::I32Const(7), I::I32And].into_iter().for_each(|i| self.emit(i)),
            2 => {
                self.push(W)?;
                self.stack.pop();
                self.one(&BINARY_32[11..21])?;
            }
            _ => {}
        }
        self.emit(I::Select);
        self.stack.truncate(self.stack.len() - 2);
        Ok(())
    }

    fn at(&mut self) -> Result<MemArg> {
        let far: u32 = self.u.arbitrary()?;
        let last = (self.shape.pages as u32 - 1) << 16;
        let beyond = if self.shape.traps && self.of(8)? == 0 { far } else { last };
        // With an address of 0x7ff7 at the most these are in the memory there is.
        let offset = *self.u.choose(&[0, 8, 512, 32_760, last, last, last | 24, beyond])?;
        Ok(MemArg { offset: offset.into(), align: 0, target: MemArgTarget::Memory(0), ordering: None })
    }

    /// An address on top, mostly within the first half of the first page.
    fn address(&mut self) -> Result<()> {
        self.want(W)?;
        if !self.shape.traps || self.of(12)? > 0 {
            self.emit(I::I32Const(0x7ff0));
            self.emit(I::I32And);
        }
        Ok(())
    }

    fn load(&mut self) -> Result<()> {
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

    fn store(&mut self) -> Result<()> {
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

    fn global(&mut self) -> Result<()> {
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

    fn ty(&mut self, params: &[ValType], results: &[ValType]) -> u32 {
        let wanted = (params.to_vec(), results.to_vec());
        let types = &mut self.shape.types;
        let known = types.iter().position(|known| *known == wanted);
        known.unwrap_or_else(|| {
            types.push(wanted);
            types.len() - 1
        }) as u32
    }

    /// The type of a block, in one form or the other.
    fn block_type(&mut self, params: &[ValType], results: &[ValType]) -> Result<BlockType> {
        Ok(match (params, results) {
            ([], []) if self.u.arbitrary()? => BlockType::Empty,
            ([], [ty]) if self.u.arbitrary()? => BlockType::Result(*ty),
            _ => BlockType::FunctionType(self.ty(params, results)),
        })
    }

    /// A block, a loop or an if, whose parameters are what is on the stack.
    fn block(&mut self) -> Result<()> {
        if self.labels.len() > self.shape.nesting {
            return self.get();
        }
        let kind = self.of(4)?;
        if kind == 3 {
            self.want(W)?;
            self.stack.pop();
        }
        let most = (self.stack.len() - self.base).min(3) as u32;
        let first = self.stack.len() - self.u.int_in_range(0..=most)? as usize;
        let params = self.stack[first..].to_vec();
        let results = if self.of(4)? == 0 { params.clone() } else { some_types(self.u, 3)? };
        let ty = self.block_type(&params, &results)?;
        let outer = std::mem::replace(&mut self.base, first);
        let types = if kind == 2 { params.clone() } else { results.clone() };
        self.labels.push(Label { types, is_loop: kind == 2 });
        self.emit(match kind {
            2 => I::Loop(ty),
            3 => I::If(ty),
            _ => I::Block(ty),
        });
        self.arm(first, &results)?;
        if kind == 3 && (params != results || self.u.arbitrary()?) {
            self.emit(I::Else);
            self.stack.truncate(first);
            self.stack.extend(&params);
            self.arm(first, &results)?;
        }
        self.emit(I::End);
        self.labels.pop();
        self.base = outer;
        self.stack.truncate(first);
        self.stack.extend(&results);
        Ok(())
    }

    fn arm(&mut self, first: usize, results: &[ValType]) -> Result<()> {
        if self.steps()? {
            self.fit(results)?;
        }
        self.stack.truncate(first);
        Ok(())
    }

    /// Makes the innermost block's operands be of these types.
    fn fit(&mut self, types: &[ValType]) -> Result<()> {
        while self.stack.len() > self.base + types.len() || !types.starts_with(&self.stack[self.base..]) {
            let ty = self.stack.pop().expect("more than its base");
            let fitting: Vec<u32> =
                (0..).zip(&self.locals).filter(|(_, local)| **local == ty).map(|(n, _)| n).collect();
            if fitting.is_empty() || self.u.arbitrary()? {
                self.emit(I::Drop);
            } else {
                let local = *self.u.choose(&fitting)?;
                self.emit(I::LocalSet(local));
            }
        }
        let missing = types[self.stack.len() - self.base..].to_vec();
        missing.into_iter().try_for_each(|ty| self.push(ty))
    }

    /// Puts what a branch takes along onto the stack; some of it may be there.
    fn bring(&mut self, types: &[ValType]) -> Result<()> {
        if !self.stack[self.base..].ends_with(types) {
            types.iter().try_for_each(|ty| self.push(*ty))?;
        }
        Ok(())
    }

    fn branch_if(&mut self) -> Result<()> {
        let depth = self.of(self.labels.len() as u32)?;
        let label = &self.labels[self.labels.len() - 1 - depth as usize];
        let (types, is_loop) = (label.types.clone(), label.is_loop);
        self.bring(&types)?;
        if is_loop {
            self.burn();
        } else {
            self.push(W)?;
            self.stack.pop();
            if self.u.arbitrary()? {
                self.emit(I::I32Eqz);
            }
        }
        self.emit(I::BrIf(depth));
        Ok(())
    }

    /// Leaves a block for good, by `br`, `br_table` or `return`.
    fn leave(&mut self) -> Result<()> {
        let count = self.labels.len() as u32;
        let onward: Vec<u32> =
            (0..count).filter(|depth| !self.labels[(count - 1 - depth) as usize].is_loop).collect();
        let depth = *self.u.choose(&onward)?;
        let types = self.labels[(count - 1 - depth) as usize].types.clone();
        self.bring(&types)?;
        match self.of(3)? {
            // A br_table takes one value at the most.
            0 if types.len() <= 1 => {
                let fitting: Vec<u32> = onward
                    .into_iter()
                    .filter(|depth| self.labels[(count - 1 - depth) as usize].types == types)
                    .collect();
                let mut targets = Vec::new();
                for _ in 0..self.of(6)? {
                    targets.push(*self.u.choose(&fitting)?);
                }
                self.push(W)?;
                self.stack.pop();
                self.emit(I::I32Const(7));
                self.emit(I::I32And);
                self.emit(I::BrTable(targets.into(), depth));
            }
            _ if depth + 1 == count => self.emit(I::Return),
            _ => self.emit(I::Br(depth)),
        }
        Ok(())
    }

    /// Calls any function, itself too, directly or through the table.
    fn call(&mut self) -> Result<()> {
        let function = self.of(self.shape.functions.len() as u32)?;
        if self.calls == 3 {
            return self.get();
        }
        self.calls += 1;
        // The functions behind this one, and now and then any: fuel ends what calls itself.
        let function = if self.of(4)? > 0 { function.max(self.index as u32) } else { function };
        let ty = self.shape.functions[function as usize];
        let (params, results) = self.shape.types[ty as usize].clone();
        self.bring(&params)?;
        self.stack.truncate(self.stack.len() - params.len());
        if self.u.arbitrary()? {
            let wrong = self.shape.traps && self.of(10)? == 0;
            let place = if wrong { self.of(10)? } else { function };
            self.emit(I::I32Const(place as i32));
            self.emit(I::CallIndirect { type_index: ty, table_index: 0 });
        } else {
            self.emit(I::Call(function));
        }
        self.stack.extend(results);
        Ok(())
    }

    fn with(&mut self, args: [i32; 3], instruction: I<'static>) {
        args.into_iter().for_each(|arg| self.emit(I::I32Const(arg)));
        self.emit(instruction);
    }

    fn memory(&mut self) -> Result<()> {
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

    fn table(&mut self) -> Result<()> {
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
