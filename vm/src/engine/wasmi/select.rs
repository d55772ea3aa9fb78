//! A way around a mistake of wasmi 2.0.
//!
//! Its translator takes a comparison with zero and the `select` that it is the condition of for one instruction, drops the
//! comparison, and then looks at its register even where the compared value is in a slot (`try_fuse_select`): the result depends on
//! what ran before. An empty block between the two makes it write the comparison out. It changes nothing else, and costs a
//! move. `tests/metering/select.rs` tells when a version of wasmi needs it no more.

use crate::binary::{
    Cursor, leb,
    opcode::{BLOCK, EMPTY, END, SELECT, SELECT_TYPED},
    section::{after_locals, id, sections, write_section},
};

/// The module with an empty block before each `select`, or nothing if it has none. The module was validated.
pub(super) fn separated(code: &[u8]) -> Option<Vec<u8>> {
    if !code.iter().any(|byte| matches!(*byte, SELECT | SELECT_TYPED)) {
        return None;
    }
    let mut found = false;
    let separated = sections(code, |out, section, content| match section {
        id::CODE => write_section(out, section, &code_section(content, &mut found)),
        _ => write_section(out, section, content),
    });
    found.then_some(separated)
}

fn code_section(content: &[u8], found: &mut bool) -> Vec<u8> {
    let mut cursor = Cursor { bytes: content, at: 0 };
    let count = cursor.unsigned();
    let mut out = Vec::with_capacity(content.len() + content.len() / 8);
    leb::unsigned(&mut out, count);
    let mut body = Vec::with_capacity(4_096);
    for _ in 0..count {
        let size = cursor.unsigned() as usize;
        let Some(end) = cursor.at.checked_add(size).filter(|end| *end <= content.len()) else { break };
        body.clear();
        *found |= write_body(&mut body, &content[..end], cursor.at);
        cursor.at = end;
        leb::unsigned(&mut out, body.len() as u32);
        out.extend_from_slice(&body);
    }
    out
}

/// Writes a body that ends with `content`. True if something was put in.
fn write_body(out: &mut Vec<u8>, content: &[u8], start: usize) -> bool {
    let mut cursor = Cursor { bytes: content, at: after_locals(content, start) };
    let mut from = start;
    while !cursor.is_at_end() {
        let at = cursor.at;
        let opcode = cursor.byte();
        if matches!(opcode, SELECT | SELECT_TYPED) {
            out.extend_from_slice(&content[from..at]);
            out.extend([BLOCK, EMPTY, END]);
            from = at;
        }
        cursor.pass(opcode);
    }
    out.extend_from_slice(&content[from..]);
    from > start
}
