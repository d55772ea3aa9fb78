//! A way around mistakes of wasmi 2.0.
//!
//! Its translator keeps one value in a register and remembers the last instruction, to make one of two. In some places it goes
//! wrong about which value is where, and the result depends on what ran before:
//!
//! * `select` on a comparison with zero of a local or a call's result: the comparison is dropped, its register looked at all the same;
//! * `block`, `loop` and `if` with parameters, with more operands below them;
//! * stores at an offset of 2^16 or more whose address and value are the same register: the translator panics.
//!
//! An empty block before each of these makes it put every value in its place. That changes nothing else, and costs a move. (A fourth,
//! `br_table` with several values, no profile has: the limit `br_table_values`.) `tests/metering/wasmi.rs` tells when a version of wasmi
//! needs this no more.

use crate::binary::{
    Cursor, leb,
    opcode::{
        BLOCK, EMPTY, END, FUNCTION, I32_STORE, I64_STORE32, IF, IMMEDIATES, LOOP, SELECT, SELECT_TYPED,
        STRUCTURED,
    },
    section::{after_locals, each_section, id, sections, write_section},
};

/// How many numbers follow an instruction, or [`STRUCTURED`] for what wants a second look.
const PLAIN: [u8; 256] = {
    let mut plain = IMMEDIATES;
    plain[SELECT as usize] = STRUCTURED;
    let mut store = I32_STORE as usize;
    while store <= I64_STORE32 as usize {
        plain[store] = STRUCTURED;
        store += 1;
    }
    plain
};

/// Stores with an offset of so much or more are encoded in another way.
const FAR: u32 = 1 << 16;

/// The module with an empty block where it needs one, or nothing if it needs none. The module was validated.
pub(super) fn apart(code: &[u8]) -> Option<Vec<u8>> {
    let types = types_with_parameters(code);
    let mut found = false;
    let apart = sections(code, |out, section, content| match section {
        id::CODE => write_section(out, section, &code_section(content, &types, &mut found)),
        _ => write_section(out, section, content),
    });
    found.then_some(apart)
}

/// For each function type whether it has parameters.
fn types_with_parameters(code: &[u8]) -> Vec<bool> {
    let section = each_section(code).find(|(section, _)| *section == id::TYPE);
    let mut cursor = Cursor { bytes: section.map_or(&[], |(_, content)| content), at: 0 };
    let mut types = Vec::new();
    for _ in 0..cursor.unsigned() {
        if cursor.byte() != FUNCTION {
            break;
        }
        let params = cursor.unsigned();
        types.push(params > 0);
        cursor.at += params as usize;
        let results = cursor.unsigned();
        cursor.at += results as usize;
    }
    types
}

fn code_section(content: &[u8], types: &[bool], found: &mut bool) -> Vec<u8> {
    let mut cursor = Cursor { bytes: content, at: 0 };
    let count = cursor.unsigned();
    let mut out = Vec::with_capacity(content.len() + content.len() / 8);
    leb::unsigned(&mut out, count);
    let mut body = Vec::with_capacity(4_096);
    for _ in 0..count {
        let size = cursor.unsigned() as usize;
        let Some(end) = cursor.at.checked_add(size).filter(|end| *end <= content.len()) else { break };
        body.clear();
        *found |= write_body(&mut body, &content[..end], cursor.at, types);
        cursor.at = end;
        leb::unsigned(&mut out, body.len() as u32);
        out.extend_from_slice(&body);
    }
    out
}

/// Writes a body that ends with `content`. True if something was put in.
fn write_body(out: &mut Vec<u8>, content: &[u8], start: usize, types: &[bool]) -> bool {
    let mut cursor = Cursor { bytes: content, at: after_locals(content, start) };
    let mut from = start;
    while !cursor.is_at_end() {
        let at = cursor.at;
        let opcode = cursor.byte();
        // Most instructions by one look at a table.
        let immediates = PLAIN[usize::from(opcode)];
        if immediates != STRUCTURED {
            cursor.skip(immediates);
            continue;
        }
        if needs_block(opcode, cursor, types) {
            out.extend_from_slice(&content[from..at]);
            out.extend([BLOCK, EMPTY, END]);
            from = at;
        }
        cursor.pass(opcode);
    }
    out.extend_from_slice(&content[from..]);
    from > start
}

/// Whether wasmi may go wrong at an instruction whose immediates come next.
fn needs_block(opcode: u8, mut immediates: Cursor<'_>, types: &[bool]) -> bool {
    match opcode {
        SELECT | SELECT_TYPED => true,
        BLOCK | LOOP | IF => {
            // An index of a type, if it is not negative: all other types of blocks are.
            let ty = usize::try_from(immediates.signed());
            ty.is_ok_and(|ty| types.get(ty).copied().unwrap_or(false))
        }
        I32_STORE..=I64_STORE32 => {
            immediates.skip(1);
            immediates.unsigned() >= FAR
        }
        _ => false,
    }
}
