//! Code that leaves nothing.

use wasm_encoder::{BlockType, Instruction as I, ValType};

use super::{
    FUEL, LONG, SPARE, WORD,
    code::{Code, Label, MOST_TURNS, To},
    value::{DATA, at},
};

impl Code<'_, '_> {
    pub(super) fn statement(&mut self, depth: u32) {
        if self.statements == 0 || !self.has_room() {
            return;
        }
        self.statements -= 1;
        let deeper = depth.saturating_sub(1);
        let kinds = if depth == 0 { 10 } else { 27 };
        match self.draft.choice.of(kinds) {
            0 => self.emit(I::Nop),
            1 => self.assign(),
            2 => self.store(),
            3 => self.remember(2),
            4 => self.observe(),
            5 => self.host(),
            6 if self.stays() => self.assign(),
            6 => self.branch(),
            7 => self.bulk(),
            8 => self.bulk(),
            9 => {
                let ty = self.draft.choice.ty();
                self.value(ty, 2);
                self.emit(I::Drop);
            }
            10..15 => self.counted_loop(deeper),
            15 => self.loop_on_the_stack(deeper),
            16 => self.loop_with_fuel(deeper),
            17 | 18 => self.condition(deeper),
            19 | 20 => self.typed_block(deeper),
            21 => self.table_of_branches(deeper),
            22 | 23 => self.called(),
            _ if self.stays() => self.remember(2),
            _ => self.leave(deeper),
        }
    }

    /// True if nothing should leave here: outside of all blocks that would be the end of the function, mostly too soon.
    fn stays(&mut self) -> bool {
        self.labels.len() == 1 && self.draft.choice.of(6) != 5
    }

    fn assign(&mut self) {
        let ty = self.draft.choice.ty();
        self.value(ty, 3);
        let global = if ty == ValType::I64 { LONG } else { WORD };
        let local = self.written(ty);
        self.emit(local.map_or(I::GlobalSet(global), I::LocalSet));
    }

    fn store(&mut self) {
        let ty = self.draft.choice.ty();
        self.address(1);
        self.value(ty, 2);
        let near = at(DATA);
        let stores = match ty {
            ValType::I64 => [I::I64Store(near), I::I64Store8(near), I::I64Store16(near), I::I64Store32(near)],
            _ => [I::I32Store(near), I::I32Store8(near), I::I32Store16(near), I::I32Store(near)],
        };
        let store = self.draft.choice.of(4) as usize;
        self.emit(stores[store].clone());
    }

    fn condition(&mut self, depth: u32) {
        self.value(ValType::I32, 2);
        self.emit(I::If(BlockType::Empty));
        self.inside(Label::end(&[]), |code| {
            code.statements(depth, 3);
            if code.draft.choice.flip() {
                code.emit(I::Else);
                code.statements(depth, 3);
            }
        });
        self.emit(I::End);
    }

    /// A block or an if with parameters and results.
    fn typed_block(&mut self, depth: u32) {
        let (params, results) = (self.draft.choice.types(2), self.draft.choice.types(3));
        let ty = self.block_type(&params, &results);
        self.values(&params, 1);
        let arms = if self.draft.choice.flip() {
            self.value(ValType::I32, 1);
            self.emit(I::If(ty));
            2
        } else {
            self.emit(I::Block(ty));
            1
        };
        self.inside(Label::end(&results), |code| {
            for arm in 0..arms {
                if arm == 1 {
                    code.emit(I::Else);
                }
                code.take(&params);
                code.statements(depth, 3);
                code.values(&results, 1);
            }
        });
        self.emit(I::End);
        self.take(&results);
    }

    /// Some turns are left: takes one and leaves whether there was one.
    fn burn(&mut self) {
        for instruction in [
            I::GlobalGet(FUEL),
            I::I32Const(1),
            I::I32Sub,
            I::GlobalSet(FUEL),
            I::GlobalGet(FUEL),
            I::I32Const(0),
            I::I32GtS,
        ] {
            self.emit(instruction);
        }
    }

    /// A loop with parameters, to whose header nothing but fuel leads back.
    fn loop_with_fuel(&mut self, depth: u32) {
        let params = self.draft.choice.types(2);
        let ty = self.block_type(&params, &[]);
        self.values(&params, 1);
        self.emit(I::Loop(ty));
        let before = self.turns;
        // Fuel is for all loops together.
        self.turns = (self.turns * 3).min(MOST_TURNS);
        self.inside(Label::header(&params), |code| {
            code.take(&params);
            code.statements(depth, 4);
            code.values(&params, 1);
            code.burn();
            code.emit(I::BrIf(0));
            code.take(&params);
        });
        self.turns = before;
        self.emit(I::End);
    }

    /// A branch that is taken on some condition, out of any number of blocks, or back.
    fn branch(&mut self) {
        let open: Vec<u32> =
            (0..self.labels.len() as u32).filter(|to| self.label(*to).to != To::NoBranch).collect();
        let to = self.draft.choice.one(&open);
        let label = self.label(to);
        self.values(&label.types, 1);
        if label.to == To::Header {
            self.burn();
        } else {
            self.value(ValType::I32, 2);
        }
        self.emit(I::BrIf(to));
        self.take(&label.types);
    }

    pub(super) fn label(&self, to: u32) -> Label {
        self.labels[self.labels.len() - 1 - to as usize].clone()
    }

    /// A jump that nothing comes after but dead code: mostly on a condition, sometimes always.
    fn leave(&mut self, depth: u32) {
        // Outside of all blocks the rest of the function would be dead.
        let always = self.draft.choice.of(if self.labels.len() > 1 { 3 } else { 8 }) == 1;
        if !always {
            self.value(ValType::I32, 2);
            self.emit(I::If(BlockType::Empty));
            self.labels.push(Label::end(&[]));
        }
        match self.draft.choice.of(if self.draft.traps { 8 } else { 6 }) {
            0..3 => self.jump(),
            6 | 7 => self.emit(I::Unreachable),
            _ => {
                let results = self.results.clone();
                self.values(&results, 1);
                self.emit(I::Return);
            }
        }
        if self.draft.choice.flip() {
            // Operands that nobody has pushed.
            [I::I32Add, I::I32Eqz, I::Drop].into_iter().for_each(|instruction| self.emit(instruction));
        }
        let dead = self.draft.choice.of(3);
        (0..dead).for_each(|_| self.statement(depth));
        if !always {
            self.labels.pop();
            self.emit(I::End);
        }
    }

    fn jump(&mut self) {
        // Back to a loop only on a condition.
        let onward: Vec<u32> =
            (0..self.labels.len() as u32).filter(|to| self.label(*to).to == To::End).collect();
        let to = self.draft.choice.one(&onward);
        let types = self.label(to).types;
        self.values(&types, 1);
        self.emit(I::Br(to));
    }

    /// Blocks in one another, left by a `br_table` with values for each of them or for labels around.
    fn table_of_branches(&mut self, depth: u32) {
        let types = self.draft.choice.types(1);
        let ty = self.block_type(&[], &types);
        let count = 1 + self.draft.choice.of(4);
        (0..count).for_each(|_| {
            self.emit(I::Block(ty));
            self.labels.push(Label::end(&types));
        });
        let fitting = |to: &u32| {
            let label = self.label(*to);
            label.types == types && label.to == To::End
        };
        let targets: Vec<u32> = (0..self.labels.len() as u32).filter(fitting).collect();
        let arms = self.draft.choice.of(6);
        let chosen: Vec<u32> = (0..arms).map(|_| self.draft.choice.one(&targets)).collect();
        let default = self.draft.choice.one(&targets);
        self.values(&types, 1);
        self.value(ValType::I32, 2);
        self.emit(I::I32Const(7));
        self.emit(I::I32And);
        self.emit(I::BrTable(chosen.into(), default));
        for _ in 0..count {
            self.labels.pop();
            self.emit(I::End);
            self.take(&types);
            self.statements(depth, 1);
            self.values(&types, 0);
        }
        self.take(&types);
    }

    fn called(&mut self) {
        let count = self.draft.functions.len() as u32;
        if count == 0 {
            return self.observe();
        }
        let function = self.draft.choice.of(count);
        self.call_for_nothing(function);
    }

    /// Calls a function, if it is not too much, and takes its results off the stack.
    pub(super) fn call_for_nothing(&mut self, function: u32) {
        if self.call(function, 2) {
            let results = self.draft.functions[function as usize].results.clone();
            self.take(&results);
        }
    }

    /// Growth and bulk operations, small ones and, where traps are wanted, some that are out of bounds.
    fn bulk(&mut self) {
        let data = DATA as i32;
        let wrong = self.draft.traps && self.draft.choice.of(8) == 7;
        let (to, from) = (data + self.draft.choice.of(300) as i32, data + self.draft.choice.of(300) as i32);
        let length = match self.draft.choice.of(3) {
            _ if wrong => self.draft.choice.one(&[-1, 64_000, 0x10_0000]),
            0 => self.draft.choice.one(&[0, 1, 63, 64, 65]),
            _ => self.draft.choice.of(700) as i32,
        };
        match self.draft.choice.of(9) {
            0 => self.with(&[to, from, length], I::MemoryFill(0)),
            1 => self.with(&[to, from, length], I::MemoryCopy { src_mem: 0, dst_mem: 0 }),
            2 => {
                // Nothing can be copied from it once it is dropped.
                let length = if self.draft.traps { length % 41 } else { 0 };
                self.with(&[to, 0, length], I::MemoryInit { mem: 0, data_index: 1 });
            }
            3 => self.emit(I::DataDrop(1)),
            4 | 5 => {
                let pages = self.draft.choice.one(&[0, 1, 2, 300]);
                self.with(&[pages], I::MemoryGrow(0));
                self.take(&[ValType::I32]);
            }
            6 => {
                let place = if wrong { 40 } else { SPARE as i32 };
                let length = self.draft.choice.of(SPARE) as i32;
                self.with(&[place, SPARE as i32, length], I::TableCopy { src_table: 0, dst_table: 0 });
            }
            7 => {
                // There are two elements, and none once they are dropped.
                let length = if self.draft.traps { self.draft.choice.of(4) as i32 } else { 0 };
                self.with(&[SPARE as i32, 0, length], I::TableInit { elem_index: 1, table: 0 });
            }
            _ => self.emit(I::ElemDrop(1)),
        }
    }

    fn with(&mut self, args: &[i32], instruction: I<'static>) {
        args.iter().for_each(|arg| self.emit(I::I32Const(*arg)));
        self.emit(instruction);
    }
}
