//! Imports that take the gas with their arguments.

use super::{WITH_GAS, module::Items, reach::Reach};
use crate::{
    binary::{
        Cursor, leb,
        opcode::{FUNCTION, I64},
        section::{each_section, id},
    },
    validate::Facts,
};

/// The import section, in which each function that takes gas has another module and another type. The types are added. All
/// imports are functions: nothing else is offered.
pub(super) fn imports(code: &[u8], facts: &Facts, reach: &[Reach], types: &mut Items) -> Vec<u8> {
    let content = section(code, id::IMPORT);
    let mut cursor = Cursor { bytes: content, at: 0 };
    let mut out = Vec::with_capacity(content.len() + content.len() / 4);
    let mut added: Vec<(u32, u32)> = Vec::new();
    if content.is_empty() {
        return out;
    }
    leb::unsigned(&mut out, cursor.unsigned());
    for import in reach.iter().take(facts.imported_functions as usize) {
        let (module, name) = (name(&mut cursor), name(&mut cursor));
        let (kind, ty) = (cursor.byte(), cursor.unsigned());
        let prefix = if import.takes_gas { WITH_GAS } else { "" };
        leb::unsigned(&mut out, (prefix.len() + module.len()) as u32);
        out.extend_from_slice(prefix.as_bytes());
        out.extend_from_slice(module);
        leb::unsigned(&mut out, name.len() as u32);
        out.extend_from_slice(name);
        out.push(kind);
        let ty = if import.takes_gas { with_gas(code, ty, facts, types, &mut added) } else { ty };
        leb::unsigned(&mut out, ty);
    }
    out
}

fn section(code: &[u8], id: u8) -> &[u8] {
    each_section(code).find(|(section, _)| *section == id).map_or(&[], |(_, content)| content)
}

fn name<'a>(cursor: &mut Cursor<'a>) -> &'a [u8] {
    let length = cursor.unsigned() as usize;
    let start = cursor.at;
    cursor.at += length;
    cursor.bytes.get(start..cursor.at).unwrap_or_default()
}

/// The index of a type with gas as one more parameter and one more result.
fn with_gas(code: &[u8], ty: u32, facts: &Facts, types: &mut Items, added: &mut Vec<(u32, u32)>) -> u32 {
    if let Some((_, known)) = added.iter().find(|(of, _)| *of == ty) {
        return *known;
    }
    let mut cursor = Cursor { bytes: section(code, id::TYPE), at: 0 };
    cursor.unsigned();
    let (mut params, mut results): (&[u8], &[u8]) = (&[], &[]);
    for _ in 0..=ty {
        cursor.byte();
        (params, results) = (name(&mut cursor), name(&mut cursor));
    }
    let longer = |values: &[u8]| [&[values.len() as u8 + 1], values, &[I64]].concat();
    types.push([vec![FUNCTION], longer(params), longer(results)].concat());
    let index = (facts.results.len() + types.len() - 1) as u32;
    added.push((ty, index));
    index
}
