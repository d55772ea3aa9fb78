//! The function by which an engine runs a contract.

use super::{DEPTH_BUDGET, body::Counts, module::Indices};
use crate::binary::{
    Cursor, leb,
    opcode::{CALL, END, GLOBAL_GET, GLOBAL_SET, I64_CONST, LOCAL_GET},
    section::{each_section, id},
};

/// Its body: gives every mutable global its first value, so that an instance can serve again, takes the gas over from its
/// parameter, runs `main`, and returns the gas that is left.
pub(super) fn entry(code: &[u8], main: u32, counts: Counts, indices: &Indices) -> Vec<u8> {
    let mut out = vec![0];
    reset_globals(code, &mut out);
    let op = |out: &mut Vec<u8>, opcode, index| {
        out.push(opcode);
        leb::unsigned(out, index);
    };
    if counts.depth {
        out.push(I64_CONST);
        leb::signed(&mut out, DEPTH_BUDGET);
        op(&mut out, GLOBAL_SET, indices.depth_global);
    }
    if counts.gas {
        op(&mut out, LOCAL_GET, 0);
        op(&mut out, GLOBAL_SET, indices.gas_global);
    }
    op(&mut out, CALL, main);
    if counts.gas {
        op(&mut out, GLOBAL_GET, indices.gas_global);
    }
    out.push(END);
    out
}

/// Sets the contract's own mutable globals to what their initial expressions say. An expression is made of instructions that a
/// body may have, and depends on immutable globals at the most.
fn reset_globals(code: &[u8], out: &mut Vec<u8>) {
    let section = each_section(code).find(|(section, _)| *section == id::GLOBAL);
    let mut cursor = Cursor { bytes: section.map_or(&[], |(_, content)| content), at: 0 };
    let count = if cursor.is_at_end() { 0 } else { cursor.unsigned() };
    for index in 0..count {
        cursor.skip(1);
        let is_mutable = cursor.byte() != 0;
        let start = cursor.at;
        let end = end_of_expression(&mut cursor);
        if is_mutable {
            out.extend_from_slice(cursor.bytes.get(start..end).unwrap_or_default());
            out.push(GLOBAL_SET);
            leb::unsigned(out, index);
        }
    }
}

/// Passes over an initial expression. Where its `end` is.
fn end_of_expression(cursor: &mut Cursor<'_>) -> usize {
    loop {
        let at = cursor.at;
        match cursor.byte() {
            END => return at,
            opcode => cursor.pass(opcode),
        }
    }
}
