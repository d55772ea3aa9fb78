//! Sections of validated modules (wasm spec, "Modules", binary format).

use super::{Cursor, leb};

/// Section numbers.
pub(crate) mod id {
    pub(crate) const CUSTOM: u8 = 0;
    pub(crate) const TYPE: u8 = 1;
    pub(crate) const IMPORT: u8 = 2;
    pub(crate) const FUNCTION: u8 = 3;
    pub(crate) const GLOBAL: u8 = 6;
    pub(crate) const EXPORT: u8 = 7;
    pub(crate) const ELEMENT: u8 = 9;
    pub(crate) const CODE: u8 = 10;
}

/// A body with its size in front.
pub(crate) fn sized(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 5);
    leb::unsigned(&mut out, body.len() as u32);
    out.extend_from_slice(body);
    out
}

/// Writes a module section by section.
pub(crate) fn sections(code: &[u8], mut write: impl FnMut(&mut Vec<u8>, u8, &[u8])) -> Vec<u8> {
    let mut out = Vec::with_capacity(code.len() * 2);
    out.extend_from_slice(&code[..8]);
    for (id, content) in each_section(code) {
        write(&mut out, id, content);
    }
    out
}

/// The sections of a validated module.
pub(crate) fn each_section(code: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut cursor = Cursor { bytes: code, at: 8 };
    std::iter::from_fn(move || {
        if cursor.is_at_end() {
            return None;
        }
        let id = cursor.byte();
        let size = cursor.unsigned() as usize;
        let content = code.get(cursor.at..cursor.at + size)?;
        cursor.at += size;
        Some((id, content))
    })
}

/// Each export's name, kind and index.
pub(crate) fn each_export(content: &[u8], mut with: impl FnMut(&[u8], u8, u32)) {
    let mut cursor = Cursor { bytes: content, at: 0 };
    for _ in 0..cursor.unsigned() {
        let length = cursor.unsigned() as usize;
        let Some(name) = content.get(cursor.at..cursor.at + length) else { return };
        cursor.at += length;
        let kind = cursor.byte();
        with(name, kind, cursor.unsigned());
    }
}

/// True if there is such a section.
pub(crate) fn has_section(code: &[u8], id: u8) -> bool {
    each_section(code).any(|(section, _)| section == id)
}

/// Writes the code section: so many bodies with their sizes, and more without.
pub(crate) fn write_code(out: &mut Vec<u8>, count: usize, bodies: &[u8], more: &[Vec<u8>]) {
    let mut ends = Vec::new();
    more.iter().for_each(|body| ends.extend_from_slice(&sized(body)));
    let mut number = Vec::new();
    leb::unsigned(&mut number, (count + more.len()) as u32);
    out.push(id::CODE);
    leb::unsigned(out, (number.len() + bodies.len() + ends.len()) as u32);
    [&number, bodies, &ends].into_iter().for_each(|part| out.extend_from_slice(part));
}

/// Writes a section with more items behind those it had.
pub(crate) fn write_longer(out: &mut Vec<u8>, id: u8, content: &[u8], more: &[Vec<u8>]) {
    let mut cursor = Cursor { bytes: content, at: 0 };
    let count = cursor.unsigned();
    let mut longer = Vec::with_capacity(content.len() + 64);
    leb::unsigned(&mut longer, count + more.len() as u32);
    longer.extend_from_slice(&content[cursor.at..]);
    more.iter().for_each(|item| longer.extend_from_slice(item));
    write_section(out, id, &longer);
}

pub(crate) fn write_section(out: &mut Vec<u8>, id: u8, content: &[u8]) {
    out.push(id);
    leb::unsigned(out, content.len() as u32);
    out.extend_from_slice(content);
}

/// Where the instructions of a body begin, behind its declared locals.
pub(crate) fn after_locals(code: &[u8], body: usize) -> usize {
    let mut cursor = Cursor { bytes: code, at: body };
    for _ in 0..cursor.unsigned().min(code.len() as u32) {
        cursor.skip(1);
        cursor.byte();
    }
    cursor.at
}
