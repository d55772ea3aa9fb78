//! One function: the rules of wasm and the limits, in one walk over its instructions.

use hebe_host_ei::Limits;
use wasmparser::{
    BinaryReader, Error, FrameKind, FrameStack, FuncValidator, FunctionBody, ModuleArity, WasmModuleResources,
};

use super::{Function, FunctionFacts, InvalidCode, names::instruction_name, sink::Sink};

/// Checks a body and says what it is.
pub(super) fn check<T: WasmModuleResources, S: Sink>(
    validator: &mut FuncValidator<T>,
    body: &FunctionBody<'_>,
    limits: &Limits,
    sink: &mut S,
) -> Result<FunctionFacts, InvalidCode> {
    let (range, bytes) = (body.range(), body.as_bytes());
    sink.limit(range.start, "body_bytes", "bytes of a function body", bytes.len() as u64, limits.body_bytes)?;
    let locals = count_locals(body)?;
    sink.limit(range.start, "locals", "locals of a function", locals, limits.locals)?;
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let mut walk = Walk { limits, loops: 0, has_loop: false };
    let (mut weight, mut highest) = (FUNCTION_WEIGHT, 0);
    let (mut calls, mut calls_indirectly) = (Vec::new(), false);
    while !reader.eof() {
        let offset = reader.original_position();
        let opcode = bytes[(offset - range.start) as usize];
        weight += VALUE_WEIGHT;
        let before = is_structured(opcode).then(|| reader.clone());
        if let Some(reader) = &before {
            weight += VALUE_WEIGHT * values_moved(opcode, reader, validator);
            walk.leave(opcode, validator);
        }
        match reader.visit_operator(&mut validator.visitor(offset)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(at_instruction(error, body, offset)),
            Err(error) => return Err(error.into()),
        }
        let operands = validator.operand_stack_height();
        if operands > highest {
            highest = operands;
            sink.limit(offset, "operands", "operands on the stack", operands.into(), limits.operands)?;
        }
        if let Some(reader) = &before {
            walk.enter(opcode, offset, reader, validator, sink)?;
            match opcode {
                opcode::CALL => calls.extend(immediate(reader, 0)),
                opcode::CALL_INDIRECT => calls_indirectly = true,
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
        has_loop: walk.has_loop,
        calls,
        calls_indirectly,
        weight,
    })
}

/// Bytes that an engine's translation may take for an instruction, and for each value that a branch, a call or a return
/// moves. wasmi 2.0 takes 8 to 24 bytes for one of its instructions, and one for each value moved.
const VALUE_WEIGHT: u64 = 32;
/// Bytes for a function beside its instructions.
const FUNCTION_WEIGHT: u64 = 256;

/// Opcodes (wasm spec, "Binary Format / Instructions / Control Instructions").
mod opcode {
    pub(super) const BLOCK: u8 = 0x02;
    pub(super) const LOOP: u8 = 0x03;
    pub(super) const IF: u8 = 0x04;
    pub(super) const ELSE: u8 = 0x05;
    pub(super) const END: u8 = 0x0b;
    pub(super) const BR: u8 = 0x0c;
    pub(super) const BR_IF: u8 = 0x0d;
    pub(super) const BR_TABLE: u8 = 0x0e;
    pub(super) const RETURN: u8 = 0x0f;
    pub(super) const CALL: u8 = 0x10;
    pub(super) const CALL_INDIRECT: u8 = 0x11;
}

/// True for instructions that open or leave a block or a function; all else is checked without a second look.
fn is_structured(opcode: u8) -> bool {
    matches!(opcode, opcode::BLOCK..=opcode::ELSE | opcode::END..=opcode::CALL_INDIRECT)
}

/// How many values an instruction that leaves or enters a block or a function moves, over all its targets. Asked before
/// the instruction is validated: its labels may not exist, and then it is refused right after this.
fn values_moved<T: WasmModuleResources>(
    opcode: u8,
    reader: &BinaryReader<'_>,
    validator: &FuncValidator<T>,
) -> u64 {
    if validator.control_stack_height() == 0 {
        return 0;
    }
    let label = |depth: u32| {
        let (ty, kind) = validator.label_block(depth)?;
        let (params, results) = validator.block_type_arity(ty)?;
        Some(if kind == FrameKind::Loop { params } else { results })
    };
    let type_arity = |ty: u32| validator.sub_type_arity(validator.sub_type_at(ty)?);
    let moved = |(takes, gives): (u32, u32)| u64::from(takes.max(gives));
    let values = match opcode {
        opcode::ELSE => label_types(validator, 0).map(moved),
        opcode::END => label_types(validator, 0).map(|(_, results)| u64::from(results)),
        opcode::RETURN => {
            let body = validator.control_stack_height().checked_sub(1);
            body.and_then(label).map(u64::from)
        }
        opcode::BR => immediate(reader, 0).and_then(label).map(u64::from),
        // The condition, and what goes on if it is false.
        opcode::BR_IF => immediate(reader, 0).and_then(label).map(|values| u64::from(values) + 1),
        opcode::BR_TABLE => immediate(reader, 0).zip(immediate(reader, 1)).and_then(|(listed, first)| {
            // All targets take the same number of values.
            Some((u64::from(listed) + 1) * (u64::from(label(first)?) + 1))
        }),
        opcode::CALL => {
            let ty = immediate(reader, 0).and_then(|function| validator.type_index_of_function(function));
            ty.and_then(type_arity).map(moved)
        }
        opcode::CALL_INDIRECT => {
            immediate(reader, 0).and_then(type_arity).map(|(params, results)| moved((params + 1, results)))
        }
        _ => None,
    };
    values.unwrap_or_default()
}

/// What the block takes and gives that is this many blocks out.
fn label_types<T: WasmModuleResources>(validator: &FuncValidator<T>, depth: u32) -> Option<(u32, u32)> {
    validator.block_type_arity(validator.label_block(depth)?.0)
}

/// One of the indices behind the opcode that is read next.
fn immediate(reader: &BinaryReader<'_>, position: usize) -> Option<u32> {
    let mut reader = reader.clone();
    reader.read_u8().ok()?;
    (0..position).try_for_each(|_| reader.read_var_u32().map(|_| ())).ok()?;
    reader.read_var_u32().ok()
}

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
    fn leave<T: WasmModuleResources>(&mut self, opcode: u8, validator: &FuncValidator<T>) {
        if opcode == opcode::END {
            let is_loop = validator.get_control_frame(0).is_some_and(|frame| frame.kind == FrameKind::Loop);
            self.loops -= u32::from(is_loop);
        }
    }

    /// After the instruction: a block may have begun.
    fn enter<T: WasmModuleResources, S: Sink>(
        &mut self,
        opcode: u8,
        offset: u64,
        reader: &BinaryReader<'_>,
        validator: &FuncValidator<T>,
        sink: &mut S,
    ) -> Result<(), InvalidCode> {
        match opcode {
            opcode::LOOP => {
                self.has_loop = true;
                self.loops += 1;
                let (loops, bound) = (self.loops.into(), self.limits.loop_nesting);
                sink.limit(offset, "loop_nesting", "nested loops", loops, bound)?;
            }
            opcode::BR_TABLE => {
                let targets = immediate(reader, 0).unwrap_or_default().into();
                let bound = self.limits.br_table_targets;
                return sink.limit(offset, "br_table_targets", "br_table targets", targets, bound);
            }
            opcode::BLOCK | opcode::IF => {}
            _ => return Ok(()),
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
