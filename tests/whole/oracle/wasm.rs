//! Operations as a wasm contract, whose instructions are free.

use std::{collections::BTreeMap, fmt::Write};

use hebe_host_ei::{Import, U256};

use super::{
    End, RESULTS,
    op::{Answer, Argument, Encoding, Op},
    world::data,
};
use crate::support::wat;

/// Where operands lie: behind all results.
const OPERANDS: usize = 16_384;

/// The same as [`Code::new`](super::evm::Code::new).
pub(super) fn contract(ops: &[Op], end: &End) -> Vec<u8> {
    let mut contract = Contract::default();
    for (at, op) in (RESULTS..).step_by(32).zip(ops) {
        contract.op(op, at);
    }
    let length = 32 * ops.len();
    match end {
        End::Finish => contract.end("finish", length),
        End::Revert => contract.end("revert", length),
        End::SelfDestruct(op) => contract.op(op, RESULTS),
    }
    let imports: String = contract.imports.into_values().collect();
    let (operands, body) = (text(&contract.operands), contract.body);
    wat(&format!(
        r#"(module {imports} (memory (export "memory") 1)
        (data (i32.const 0) "{}") (data (i32.const {OPERANDS}) "{operands}")
        (func (export "main") {body}))"#,
        text(&data())
    ))
}

#[derive(Default)]
struct Contract {
    imports: BTreeMap<&'static str, String>,
    operands: Vec<u8>,
    body: String,
}

impl Contract {
    fn op(&mut self, op: &Op, result: u32) {
        let mut call = format!("(call ${}", self.import(op.name));
        for argument in &op.arguments {
            // Writing to a string cannot fail.
            let _ = match argument {
                Argument::Word(encoding, word) => {
                    write!(call, " (i32.const {})", self.operand(*encoding, *word))
                }
                Argument::Plain(number) => write!(call, " (i32.const {number})"),
                Argument::Wasm(number) => write!(call, " (i32.const {number})"),
                Argument::Long(number) => write!(call, " (i64.const {number})"),
                Argument::Result => write!(call, " (i32.const {result})"),
            };
        }
        call.push(')');
        let kept = match op.answer {
            Answer::Nothing | Answer::Written(_) => call,
            Answer::I32 | Answer::Success => format!("(i32.store (i32.const {result}) {call})"),
            Answer::I64 => format!("(i64.store (i32.const {result}) {call})"),
            Answer::Created | Answer::Found => format!("(drop {call})"),
        };
        self.body += &kept;
    }

    fn end(&mut self, name: &'static str, length: usize) {
        let name = self.import(name);
        self.body += &format!("(call ${name} (i32.const {RESULTS}) (i32.const {length}))");
    }

    fn import(&mut self, name: &'static str) -> &'static str {
        let import = Import::find("ethereum", name).unwrap_or_else(|| panic!("{name}"));
        let params: String = import.params.iter().map(|(_, ty)| format!("{ty} ")).collect();
        let result = import.result.map(|ty| format!("(result {ty})")).unwrap_or_default();
        let text = format!(r#"(import "ethereum" "{name}" (func ${name} (param {params}) {result}))"#);
        self.imports.insert(name, text);
        name
    }

    /// Puts an operand into memory and gives its place.
    fn operand(&mut self, encoding: Encoding, word: U256) -> usize {
        let at = OPERANDS + self.operands.len();
        match encoding {
            Encoding::U256 => self.operands.extend(word.to_little_endian()),
            Encoding::U128 => self.operands.extend(word.low_u128().to_le_bytes()),
            Encoding::Bytes32 => self.operands.extend(word.to_big_endian()),
            Encoding::Address => self.operands.extend(&word.to_big_endian()[12..]),
        }
        at
    }
}

/// An answer as the EVM has it.
pub(super) fn word(answer: Answer, bytes: &[u8]) -> U256 {
    match answer {
        Answer::Written(Encoding::Bytes32) | Answer::Found => U256::from_big_endian(bytes),
        Answer::Written(Encoding::Address) | Answer::Created => U256::from_big_endian(&bytes[..20]),
        Answer::Success => U256::from(u8::from(bytes[0] == 0)),
        _ => U256::from_little_endian(bytes),
    }
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}
