//! One function: the rules of wasm and the limits, in one walk over its instructions.

use hebe_host_ei::Limits;
use wasmparser::{Error, FrameKind, FrameStack, FuncValidator, FunctionBody, WasmModuleResources};

use super::{
    Function, FunctionFacts, InvalidCode, charge, control::Control, module::Shape, names::instruction_name,
    sink::Sink,
};
use crate::binary::opcode;

/// Checks a body and says what it is.
pub(super) fn check<T: WasmModuleResources, S: Sink>(
    validator: &mut FuncValidator<T>,
    body: &FunctionBody<'_>,
    shape: &Shape<'_>,
    sink: &mut S,
) -> Result<FunctionFacts, InvalidCode> {
    let (range, bytes, limits) = (body.range(), body.as_bytes(), shape.limits());
    sink.limit(range.start, "body_bytes", "bytes of a function body", bytes.len() as u64, limits.body_bytes)?;
    let locals = count_locals(body)?;
    sink.limit(range.start, "locals", "locals of a function", locals, limits.locals)?;
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let mut walk = Walk { limits, loops: 0, has_loop: false };
    let (mut instructions, mut moved, mut highest) = (0, 0, 0);
    let (mut calls, mut table_calls) = (Vec::new(), Vec::new());
    // A height that only a constant has reached, which may go straight to useGas.
    let mut reached = 0;
    while !reader.eof() {
        let offset = reader.original_position();
        let control = Control::at(&bytes[(offset - range.start) as usize..]);
        let mut values = 0;
        if let Some(control) = &control {
            values = control.values_moved(validator, shape);
            moved += values;
            walk.leave(control, validator);
        }
        match reader.visit_operator(&mut validator.visitor(offset)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(at_instruction(error, body, offset)),
            Err(error) => return Err(error.into()),
        }
        instructions += 1;
        if !charge::takes_constant(control.as_ref(), shape.use_gas()) {
            highest = highest.max(reached);
        }
        reached = 0;
        let operands = validator.operand_stack_height();
        if operands > highest {
            sink.limit(offset, "operands", "operands on the stack", operands.into(), limits.operands)?;
            if bytes[(offset - range.start) as usize] == opcode::I64_CONST {
                reached = operands;
            } else {
                highest = operands;
            }
        }
        if let Some(control) = &control {
            walk.enter(control, (offset, values), validator, sink)?;
            match control.opcode {
                opcode::CALL => calls.extend(control.immediate()),
                opcode::CALL_INDIRECT => table_calls.extend(control.immediate()),
                _ => {}
            }
        }
    }
    reader.finish_expression(&validator.visitor(reader.original_position()))?;
    let locals = locals as u32;
    Ok(FunctionFacts {
        body: range.start as usize..range.end as usize,
        ty: validator.resources().type_index_of_function(validator.index()).unwrap_or_default(),
        params: validator.len_locals() - locals,
        locals,
        operands: highest,
        is_charge: charge::is_charge(bytes, shape.use_gas()),
        has_loop: walk.has_loop,
        calls,
        table_calls,
        weight: FUNCTION_WEIGHT + VALUE_WEIGHT * (instructions + moved),
    })
}

/// Bytes that an engine's translation may take for an instruction, and for each value that a branch, a call or a return
/// moves. wasmi 2.0 takes 8 to 24 bytes for one of its instructions, and one for each value moved.
const VALUE_WEIGHT: u64 = 32;
/// Bytes for a function beside its instructions.
const FUNCTION_WEIGHT: u64 = 256;

fn count_locals(body: &FunctionBody<'_>) -> Result<u64, Error> {
    let groups = body.get_locals_reader()?;
    groups.into_iter().try_fold(0, |sum, group| group.map(|(count, _)| sum + u64::from(count)))
}

/// How deep blocks are nested.
struct Walk<'l> {
    limits: &'l Limits,
    /// Loops that are open.
    loops: u32,
    has_loop: bool,
}

impl Walk<'_> {
    /// Before the instruction: a block may end.
    fn leave<T: WasmModuleResources>(&mut self, control: &Control<'_>, validator: &FuncValidator<T>) {
        if control.opcode == opcode::END {
            let is_loop = validator.get_control_frame(0).is_some_and(|frame| frame.kind == FrameKind::Loop);
            self.loops -= u32::from(is_loop);
        }
    }

    /// After the instruction at this offset, which moves so many values: a block may have begun.
    fn enter<T: WasmModuleResources, S: Sink>(
        &mut self,
        control: &Control<'_>,
        (offset, values): (u64, u64),
        validator: &FuncValidator<T>,
        sink: &mut S,
    ) -> Result<(), InvalidCode> {
        if control.opcode == opcode::BR_TABLE {
            let targets = u64::from(control.immediate().unwrap_or_default());
            let bound = self.limits.br_table_targets;
            sink.limit(offset, "br_table_targets", "br_table targets", targets, bound)?;
            // With the default there is one target more, and each moves the index as well.
            let taken = (values / (targets + 1)).saturating_sub(1);
            let bound = self.limits.br_table_values;
            return sink.limit(offset, "br_table_values", "values taken by a br_table", taken, bound);
        }
        if control.opcode > opcode::IF {
            return Ok(());
        }
        if control.opcode == opcode::LOOP {
            self.has_loop = true;
            self.loops += 1;
            let (loops, bound) = (self.loops.into(), self.limits.loop_nesting);
            sink.limit(offset, "loop_nesting", "nested loops", loops, bound)?;
        }
        // Without the body itself.
        let blocks = u64::from(validator.control_stack_height()) - 1;
        sink.limit(offset, "block_nesting", "nested blocks", blocks, self.limits.block_nesting)
    }
}

/// The error with the instruction's name. Names are for errors alone, so it is read once more here.
fn at_instruction(error: Error, body: &FunctionBody<'_>, offset: u64) -> InvalidCode {
    let mut reader = body.get_binary_reader();
    let skipped = reader.read_bytes((offset - body.range().start) as usize);
    let operator = skipped.and_then(|_| reader.peek_operator(&InIf));
    let instruction = operator.ok().map(|operator| instruction_name(&operator));
    InvalidCode { function: Some(Box::new(Function { index: 0, name: None, instruction })), ..error.into() }
}

/// Where every instruction can be read, `else` too.
struct InIf;

impl FrameStack for InIf {
    fn current_frame(&self) -> Option<FrameKind> {
        Some(FrameKind::If)
    }
}
