//! What validation says of a function, against a second count of it.

use hebe_host_ei::{Profile, Revision};
use hebe_vm::validate::{FunctionFacts, Validated, validate};
use wasmparser::{
    FuncToValidate, FuncValidatorAllocations, FunctionBody, Operator, Parser, ValidPayload, Validator,
    ValidatorResources,
};

use crate::support::contract;

/// Every function of a valid module, counted apart: instruction by instruction, with the parser's own arity.
pub(crate) fn count(code: &[u8]) -> Vec<FunctionFacts> {
    let mut validator = Validator::new();
    let payloads = Parser::new(0).parse_all(code).map(|payload| validator.payload(&payload.expect("valid")));
    let functions = payloads.filter_map(|valid| match valid.expect("valid") {
        ValidPayload::Func(function, body) => Some(count_function(function, &body)),
        _ => None,
    });
    functions.collect()
}

fn count_function(function: FuncToValidate<ValidatorResources>, body: &FunctionBody<'_>) -> FunctionFacts {
    let ty = function.ty;
    let mut validator = function.into_validator(FuncValidatorAllocations::default());
    let params = validator.len_locals();
    validator.read_locals(&mut body.get_binary_reader()).expect("valid");
    let (mut operands, mut has_loop, mut values) = (0, false, 0);
    let (mut calls, mut table_calls) = (Vec::new(), Vec::new());
    for item in body.get_operators_reader().expect("valid").into_iter_with_offsets() {
        let (operator, offset) = item.expect("valid");
        values += 1 + moved(&operator, &validator.visitor(offset));
        validator.op(offset, &operator).expect("valid");
        operands = operands.max(validator.operand_stack_height());
        match operator {
            Operator::Loop { .. } => has_loop = true,
            Operator::Call { function_index } => calls.push(function_index),
            Operator::CallIndirect { type_index, .. } => table_calls.push(type_index),
            _ => {}
        }
    }
    let range = body.range();
    FunctionFacts {
        body: range.start as usize..range.end as usize,
        ty,
        params,
        locals: validator.len_locals() - params,
        operands,
        is_charge: false,
        has_loop,
        calls,
        table_calls,
        weight: 256 + 32 * values,
    }
}

/// What a branch, a call or an end moves: what it takes or gives, whichever is more, for each of its targets.
fn moved(operator: &Operator<'_>, module: &impl wasmparser::ModuleArity) -> u64 {
    let targets = match operator {
        Operator::BrTable { targets } => u64::from(targets.len()) + 1,
        Operator::Br { .. } | Operator::BrIf { .. } | Operator::Return | Operator::End | Operator::Else => 1,
        Operator::Call { .. } | Operator::CallIndirect { .. } => 1,
        _ => return 0,
    };
    let (takes, gives) = operator.operator_arity(module).expect("valid");
    targets * u64::from(takes.max(gives))
}

fn validated(code: &[u8]) -> Validated<'_> {
    validate(code, &Profile::EXTENDED, Revision::Byzantium, false).expect("valid")
}

#[test]
fn contracts_are_what_a_second_count_says() {
    for path in ["token/token.wasm", "keccak256/keccak256.wasm", "sha256/sha256.wasm", "counter/counter.wasm"]
    {
        let path = format!("{}/../contracts/{path}", env!("CARGO_MANIFEST_DIR"));
        let code = std::fs::read(&path).expect("a contract");
        assert_eq!(validated(&code).facts().functions, count(&code), "{path}");
    }
}

/// Every instruction that leaves a block or a function, with values, in reach and out of it.
#[test]
fn control_instructions_are_what_a_second_count_says() {
    let code = contract(
        r#"(type $two (func (param i32 i32) (result i32 i64 i32))) (table 1 funcref) (elem (i32.const 0) $three)
           (func $three (type $two) (i32.const 0) (i64.const 0) (i32.const 0) (return))
           (func $branches (param i32) (result i64 i64)
             (block (result i32 i64) (br 0 (i32.const 0) (i64.const 0))) drop drop
             (i32.const 0) (loop (param i32) (br_if 0 (i32.const 0)) drop)
             (drop (block (result i64) (block (result i64) (br_table 0 1 1 0 (i64.const 0) (local.get 0)))))
             (if (result i64) (local.get 0) (then (i64.const 0)) (else (return (i64.const 0) (i64.const 0))))
             (i64.const 0) (br 0) (drop (block (result i64) (unreachable) (br_table 0 0 (i32.const 0)))) (br_if 0))"#,
        "(call $three (i32.const 0) (i32.const 0)) drop drop drop
         (call_indirect (type $two) (i32.const 0) (i32.const 0) (i32.const 0)) drop drop drop
         (call $branches (i32.const 0)) drop drop unreachable",
    );
    assert_eq!(validated(&code).facts().functions, count(&code));
}

/// By hand: `main` with a parameterless type, 3 locals, a loop and at most 2 operands. Weights: 256, and 32 for each of
/// 8 instructions and for each value moved: none by `end`s, 1 by `br_if` (its condition).
#[test]
fn facts_by_hand() {
    let code = contract("", "(local i32 i64 i64) (loop (br_if 0 (i32.const 0))) (drop (i32.const 0)) (nop)");
    let facts = validated(&code).facts().clone();
    let [main] = &facts.functions[..] else { panic!("{facts:?}") };
    assert_eq!((main.ty, main.params, main.locals, main.operands, main.has_loop), (0, 0, 3, 1, true));
    // loop, i32.const, br_if, end, i32.const, drop, nop, end
    assert_eq!(main.weight, 256 + 32 * (8 + 1));
    assert_eq!((facts.pages, facts.data_bytes, facts.elements, facts.globals), (1, 0, 0, 0));
}

/// What starting costs counts what is active: not passive and declared segments.
#[test]
fn active_segments_are_counted() {
    let code = contract(
        r#"(table 9 funcref) (elem (i32.const 0) $main $main) (elem (table 0) (i32.const 2) func $main)
           (elem func $main $main $main) (elem declare func $main)
           (data (i32.const 0) "abc") (data (memory 0) (i32.const 9) "de") (data "passive")"#,
        "",
    );
    let facts = validated(&code).facts().clone();
    assert_eq!((facts.elements, facts.data_bytes), (3, 5));
}
