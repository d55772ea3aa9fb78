//! A function on its way: its locals, the labels around, what it costs.

use wasm_encoder::{BlockType, Function, Instruction, ValType};

use super::{Draft, IMPORTS, Signature};

/// About how many instructions a function may run.
const COST: u32 = 4_000;
/// How often loops inside one another may turn in all.
pub(super) const MOST_TURNS: u32 = 150;

pub(super) struct Code<'d, 'b> {
    pub(super) draft: &'d mut Draft<'b>,
    instructions: Vec<Instruction<'static>>,
    /// Types of parameters and locals.
    locals: Vec<ValType>,
    /// The locals that any statement may write. Counters are others.
    pub(super) writable: Vec<u32>,
    pub(super) labels: Vec<Label>,
    pub(super) results: Vec<ValType>,
    /// How often the code at hand runs, at most.
    pub(super) turns: u32,
    cost: u32,
    /// Statements that may still come.
    pub(super) statements: u32,
}

/// What a branch to a label takes, and what it does.
#[derive(Clone)]
pub(super) struct Label {
    pub(super) types: Vec<ValType>,
    pub(super) to: To,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    /// It leaves a block.
    End,
    /// It goes back to a loop's header.
    Header,
    /// It goes back, and the loop might never end then.
    NoBranch,
}

impl Label {
    pub(super) fn end(types: &[ValType]) -> Self {
        Self { types: types.to_vec(), to: To::End }
    }

    pub(super) fn header(types: &[ValType]) -> Self {
        Self { types: types.to_vec(), to: To::Header }
    }
}

impl<'d, 'b> Code<'d, 'b> {
    fn new(draft: &'d mut Draft<'b>, params: &[ValType], results: &[ValType]) -> Self {
        let label = Label::end(results);
        Self {
            draft,
            instructions: Vec::new(),
            locals: params.to_vec(),
            writable: (0..params.len() as u32).collect(),
            labels: vec![label],
            results: results.to_vec(),
            turns: 1,
            cost: 1,
            statements: 40,
        }
    }

    /// A function that main or a later one may call.
    pub(super) fn function(draft: &'d mut Draft<'b>) {
        let mut params = draft.choice.types(4);
        let most = draft.choice.one(&[1, 4, 16]);
        let results = draft.choice.types(most);
        // The first function is in the table's spare places, and calls nothing.
        let recurses = !draft.functions.is_empty() && draft.choice.of(3) == 2;
        if recurses {
            params.insert(0, ValType::I32);
        }
        let mut code = Code::new(draft, &params, &results);
        code.writable.retain(|local| !recurses || *local != 0);
        code.general_locals();
        code.body();
        if recurses {
            code.recursion(&params);
        }
        code.values(&results, 2);
        let cost = if recurses { code.cost * 5 } else { code.cost };
        code.finish(Signature { ty: 0, params, results, recurses, cost });
    }

    pub(super) fn main(draft: &'d mut Draft<'b>) {
        let mut code = Code::new(draft, &[], &[]);
        code.statements = 80;
        code.general_locals();
        code.body();
        for function in 0..code.draft.functions.len() as u32 {
            if code.draft.choice.flip() {
                code.call_for_nothing(function);
            }
        }
        code.ending();
        code.finish(Signature { ty: 0, params: vec![], results: vec![], recurses: false, cost: 0 });
    }

    fn general_locals(&mut self) {
        for ty in self.draft.choice.types(4) {
            let local = self.fresh(ty);
            self.writable.push(local);
        }
    }

    fn body(&mut self) {
        let count = 2 + self.draft.choice.of(10);
        (0..count).for_each(|_| self.statement(4));
    }

    /// Calls itself with a counter that is smaller by one, directly or through the table.
    fn recursion(&mut self, params: &[ValType]) {
        let own = self.draft.functions.len() as u32;
        self.emit(Instruction::LocalGet(0));
        self.emit(Instruction::If(BlockType::Empty));
        self.labels.push(Label::end(&[]));
        self.emit(Instruction::LocalGet(0));
        self.emit(Instruction::I32Const(1));
        self.emit(Instruction::I32Sub);
        self.values(&params[1..], 1);
        if self.draft.choice.flip() {
            let results = self.results.clone();
            let type_index = self.draft.ty(params, &results);
            self.emit(Instruction::I32Const(own as i32));
            self.emit(Instruction::CallIndirect { type_index, table_index: 0 });
        } else {
            self.emit(Instruction::Call(IMPORTS.len() as u32 + own));
        }
        self.take(&self.results.clone());
        self.labels.pop();
        self.emit(Instruction::End);
    }

    fn finish(mut self, mut signature: Signature) {
        self.emit(Instruction::End);
        let declared = self.locals.split_off(signature.params.len());
        let mut function = Function::new_with_locals_types(declared);
        for instruction in &self.instructions {
            function.instruction(instruction);
        }
        signature.ty = self.draft.ty(&signature.params, &signature.results);
        self.draft.bodies.function(&function);
        self.draft.functions.push(signature);
    }

    pub(super) fn emit(&mut self, instruction: Instruction<'static>) {
        self.cost += self.turns;
        self.instructions.push(instruction);
    }

    /// Whether a call that costs this much may be made here; it is reckoned in then.
    pub(super) fn afford(&mut self, cost: u32) -> bool {
        let after = self.cost.saturating_add(cost.saturating_mul(self.turns));
        let can = after <= COST;
        if can {
            self.cost = after;
        }
        can
    }

    /// True while there is room for bigger statements.
    pub(super) fn has_room(&self) -> bool {
        self.cost < COST && self.instructions.len() < 3_000
    }

    /// A local that nothing else writes.
    pub(super) fn fresh(&mut self, ty: ValType) -> u32 {
        self.locals.push(ty);
        self.locals.len() as u32 - 1
    }

    /// A local of this type, to read, if there is one.
    pub(super) fn readable(&mut self, ty: ValType) -> Option<u32> {
        let having: Vec<u32> =
            (0..).zip(&self.locals).filter(|(_, have)| **have == ty).map(|(i, _)| i).collect();
        (!having.is_empty()).then(|| self.draft.choice.one(&having))
    }

    /// A local of this type, to write, if there is one.
    pub(super) fn written(&mut self, ty: ValType) -> Option<u32> {
        let locals = &self.locals;
        let having: Vec<u32> =
            self.writable.iter().copied().filter(|local| locals[*local as usize] == ty).collect();
        (!having.is_empty()).then(|| self.draft.choice.one(&having))
    }

    /// Takes values off the stack, the last first: into locals, or away.
    pub(super) fn take(&mut self, types: &[ValType]) {
        for ty in types.iter().rev() {
            let local = if self.draft.choice.flip() { self.written(*ty) } else { None };
            self.emit(local.map_or(Instruction::Drop, Instruction::LocalSet));
        }
    }

    /// A block's type: short where it can be.
    pub(super) fn block_type(&mut self, params: &[ValType], results: &[ValType]) -> BlockType {
        match (params, results) {
            ([], []) => BlockType::Empty,
            ([], [ty]) => BlockType::Result(*ty),
            _ => BlockType::FunctionType(self.draft.ty(params, results)),
        }
    }

    /// What is inside a new label.
    pub(super) fn inside(&mut self, label: Label, write: impl FnOnce(&mut Self)) {
        self.labels.push(label);
        write(self);
        self.labels.pop();
    }

    pub(super) fn statements(&mut self, depth: u32, most: u32) {
        let count = self.draft.choice.of(most + 1);
        (0..count).for_each(|_| self.statement(depth));
    }

    pub(super) fn values(&mut self, types: &[ValType], depth: u32) {
        types.iter().for_each(|ty| self.value(*ty, depth));
    }
}
