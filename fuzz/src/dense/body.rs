//! The body of a function.

use arbitrary::{Result, Unstructured};
use wasm_encoder::{BlockType, CodeSection, Function, Instruction as I, ValType};

use super::{Shape, operands::W, some_type, some_types};

/// What a branch finds.
struct Label {
    /// What it takes along.
    types: Vec<ValType>,
    is_loop: bool,
}

pub(super) struct Body<'s, 'u, 'b> {
    pub(super) u: &'u mut Unstructured<'b>,
    pub(super) shape: &'s mut Shape,
    pub(super) index: usize,
    pub(super) locals: Vec<ValType>,
    pub(super) stack: Vec<ValType>,
    /// Where the innermost block's own operands begin.
    base: usize,
    labels: Vec<Label>,
    code: Vec<I<'static>>,
    pub(super) calls: u32,
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

    pub(super) fn of(&mut self, count: u32) -> Result<u32> {
        self.u.int_in_range(0..=count - 1)
    }

    pub(super) fn emit(&mut self, instruction: I<'static>) {
        self.code.push(instruction);
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

    pub(super) fn top(&self, below: usize) -> Option<ValType> {
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
        if self.calls >= 3 {
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
}
