//! One function: the rules of wasm and the limits, in one walk over its instructions.

use hebe_host_ei::Limits;
use wasmparser::{
    Error, FuncValidator, FunctionBody, KnownCustom, Operator, Parser, Payload, WasmModuleResources,
};

use super::{Function, FunctionFacts, InvalidCode, limit};

/// Checks a body and says what it is.
pub(super) fn check<T: WasmModuleResources>(
    validator: &mut FuncValidator<T>,
    body: &FunctionBody<'_>,
    limits: &Limits,
) -> Result<FunctionFacts, InvalidCode> {
    let range = body.range();
    limit(range.start, "body_bytes", "bytes of a function body", range.end - range.start, limits.body_bytes)?;
    let locals = count_locals(body)?;
    limit(range.start, "locals", "locals of a function", locals, limits.locals)?;
    validator.read_locals(&mut body.get_binary_reader())?;
    let mut reader = body.get_operators_reader()?;
    let mut blocks = Blocks::default();
    let (mut weight, mut highest, mut has_loop) = (FUNCTION_WEIGHT, 0, false);
    let (mut calls, mut calls_indirectly) = (Vec::new(), false);
    while !reader.eof() {
        let (operator, offset) = reader.read_with_offset()?;
        weight += VALUE_WEIGHT * (1 + values_moved(&operator, validator, offset));
        validator.op(offset, &operator).map_err(|error| at_instruction(error, &operator))?;
        let operands = validator.operand_stack_height();
        limit(offset, "operands", "operands on the stack", operands.into(), limits.operands)?;
        highest = highest.max(operands);
        match operator {
            Operator::Loop { .. } => has_loop = true,
            Operator::Call { function_index } => calls.push(function_index),
            Operator::CallIndirect { .. } => calls_indirectly = true,
            _ => {}
        }
        blocks.check(offset, &operator, limits)?;
    }
    reader.finish()?;
    let locals = locals as u32;
    Ok(FunctionFacts {
        body: range.start as usize..range.end as usize,
        ty: validator.resources().type_index_of_function(validator.index()).unwrap_or_default(),
        params: validator.len_locals() - locals,
        locals,
        operands: highest,
        has_loop,
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

/// How many values an instruction that leaves or enters a block or a function moves, over all its targets.
fn values_moved<T: WasmModuleResources>(
    operator: &Operator<'_>,
    validator: &mut FuncValidator<T>,
    offset: u64,
) -> u64 {
    let targets = match operator {
        Operator::BrTable { targets } => u64::from(targets.len()) + 1,
        Operator::Br { .. } | Operator::BrIf { .. } | Operator::Return | Operator::End | Operator::Else => 1,
        Operator::Call { .. } | Operator::CallIndirect { .. } => 1,
        _ => return 0,
    };
    // Before the instruction is validated its labels may not exist; then it is refused right after this.
    let (takes, gives) = operator.operator_arity(&validator.visitor(offset)).unwrap_or_default();
    targets * u64::from(takes.max(gives))
}

fn count_locals(body: &FunctionBody<'_>) -> Result<u64, Error> {
    let groups = body.get_locals_reader()?;
    groups.into_iter().try_fold(0, |sum, group| group.map(|(count, _)| sum + u64::from(count)))
}

/// The blocks that are open: for each, whether it is a loop.
#[derive(Default)]
struct Blocks {
    open: Vec<bool>,
    loops: u32,
}

impl Blocks {
    fn check(&mut self, offset: u64, operator: &Operator<'_>, limits: &Limits) -> Result<(), InvalidCode> {
        match operator {
            Operator::Block { .. } | Operator::If { .. } => self.open.push(false),
            Operator::Loop { .. } => {
                self.open.push(true);
                self.loops += 1;
                limit(offset, "loop_nesting", "nested loops", self.loops.into(), limits.loop_nesting)?;
            }
            Operator::End => self.loops -= u32::from(self.open.pop() == Some(true)),
            Operator::BrTable { targets } => {
                let words = "br_table targets";
                limit(offset, "br_table_targets", words, targets.len().into(), limits.br_table_targets)?;
            }
            _ => {}
        }
        limit(offset, "block_nesting", "nested blocks", self.open.len() as u64, limits.block_nesting)
    }
}

fn at_instruction(error: Error, operator: &Operator<'_>) -> InvalidCode {
    let instruction = Some(instruction_name(operator));
    InvalidCode { function: Some(Box::new(Function { index: 0, name: None, instruction })), ..error.into() }
}

/// Says in which function it is.
pub(super) fn name_it(error: InvalidCode, index: u32, code: &[u8]) -> InvalidCode {
    let instruction = error.function.and_then(|function| function.instruction);
    let function = Some(Box::new(Function { index, name: function_name(code, index), instruction }));
    InvalidCode { function, ..error }
}

/// The function's name from the name section, cut to what a line bears.
fn function_name(code: &[u8], index: u32) -> Option<String> {
    let sections = Parser::new(0).parse_all(code).map_while(Result::ok);
    let names = sections.filter_map(|payload| match payload {
        Payload::CustomSection(section) => match section.as_known() {
            KnownCustom::Name(names) => Some(names),
            _ => None,
        },
        _ => None,
    });
    let subsections = names.flat_map(|names| names.into_iter().map_while(Result::ok));
    let functions = subsections.filter_map(|subsection| match subsection {
        wasmparser::Name::Function(functions) => Some(functions),
        _ => None,
    });
    let mut namings = functions.flat_map(|functions| functions.into_iter().map_while(Result::ok));
    let naming = namings.find(|naming| naming.index == index)?;
    Some(naming.name.chars().take(64).collect())
}

macro_rules! instruction_names {
    ($( @$proposal:ident $name:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*) )*) => {
        fn visitor_name(operator: &Operator<'_>) -> &'static str {
            match operator {
                $( Operator::$name { .. } => stringify!($visit), )*
                _ => "visit_unknown",
            }
        }
    };
}
wasmparser::for_each_operator!(instruction_names);

/// The text format's spelling, from the name of the parser's visitor: `visit_i32_wrap_i64` is `i32.wrap_i64`.
fn instruction_name(operator: &Operator<'_>) -> String {
    const WITH_DOT: &[&str] =
        &["i32", "i64", "f32", "f64", "local", "global", "memory", "table", "data", "elem", "ref", "v128"];
    let name = visitor_name(operator).trim_start_matches("visit_");
    match name.split_once('_') {
        Some((start, rest)) if WITH_DOT.contains(&start) => format!("{start}.{rest}"),
        _ => name.to_owned(),
    }
}
