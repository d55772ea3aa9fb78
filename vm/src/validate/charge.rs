//! What code that charges itself has beside its own instructions, as the sentinel writes it. It takes nothing of the depth budget, so that
//! a contract nests as deep with it as without.
//!
//! That does no harm wherever it stands: a constant on its way to `useGas` is one value for a moment, and the functions call none of
//! the module's, or one whose frame counts.

use super::control::Control;
use crate::binary::{Cursor, opcode as op};

/// True if an instruction is a call of `useGas`.
pub(super) fn takes_constant(control: Option<&Control<'_>>, use_gas: Option<u32>) -> bool {
    control.is_some_and(|control| {
        control.opcode == op::CALL && use_gas.is_some() && control.immediate() == use_gas
    })
}

/// True if a valid body, its locals in front, is one of those that the sentinel adds: it charges a constant and calls a function, or
/// charges for a length and hands it back.
pub(super) fn is_charge(body: &[u8], use_gas: Option<u32>) -> bool {
    use_gas.is_some_and(|use_gas| is_start(body, use_gas) || is_length(body, use_gas))
}

/// No locals; `i64.const`, `call` of `useGas`, `call`, `end`.
fn is_start(body: &[u8], use_gas: u32) -> bool {
    let mut cursor = Cursor { bytes: body, at: 0 };
    let begins = cursor.byte() == 0 && cursor.byte() == op::I64_CONST;
    cursor.skip(1);
    let charges = cursor.byte() == op::CALL && cursor.unsigned() == use_gas;
    let calls = cursor.byte() == op::CALL;
    cursor.skip(1);
    begins && charges && calls && cursor.byte() == op::END && cursor.at == body.len()
}

/// No locals; the length as an `i64`, perhaps in lines of 64; times a constant to `useGas`; the length again.
fn is_length(body: &[u8], use_gas: u32) -> bool {
    const LENGTH: &[u8] = &[0, op::LOCAL_GET, 0, op::I64_EXTEND_I32_U];
    const LINES: &[u8] = &[op::I64_CONST, 63, op::I64_ADD, op::I64_CONST, 6, op::I64_SHR_U];
    let Some(rest) = body.strip_prefix(LENGTH) else { return false };
    let rest = rest.strip_prefix(LINES).unwrap_or(rest);
    let mut cursor = Cursor { bytes: rest, at: 0 };
    let begins = cursor.byte() == op::I64_CONST;
    cursor.skip(1);
    let charges = cursor.byte() == op::I64_MUL && cursor.byte() == op::CALL && cursor.unsigned() == use_gas;
    begins && charges && rest.get(cursor.at..) == Some(&[op::LOCAL_GET, 0, op::END])
}
