//! The module that is deployed where code is metered before: the contract with calls of `useGas` in it.
//!
//! The charges are those of the plan, in whole gas. What starting costs is charged by a function that is exported as
//! `main` and calls the contract's own. If the contract does not import `useGas`, the import moves its functions
//! by one, wherever they are named.

use hebe_host_ei::{PARTICLES, whole_gas};
use wasmparser::{ImportSectionReader, Parser, Payload, TypeRef};

use super::{
    Meter,
    body::amount,
    plan::{End, Length, Planner},
    price::Table,
    reach::reach,
};
use crate::{
    binary::{
        Cursor, leb, opcode as op,
        section::{after_locals, each_export, has_section, id, sections, sized, write_longer, write_section},
    },
    validate::{FunctionFacts, Validated},
};

/// Instructions of constant expressions (wasm spec, "Instructions", binary format).
const REF_NULL: u8 = 0xd0;
const REF_FUNC: u8 = 0xd2;

/// Where things are in the deployed module.
struct Indices {
    /// The first function that moved.
    first: u32,
    /// By how much they moved: 1 if `useGas` is imported anew.
    by: u32,
    use_gas: u32,
    /// What charges the start.
    start: u32,
    /// The first of the functions that charge for lengths.
    lengths: u32,
}

impl Indices {
    fn moved(&self, function: u32) -> u32 {
        if function >= self.first { function + self.by } else { function }
    }
}

/// Writes the calls of `useGas`. The prices are whole gas.
pub(super) fn deploy(module: &Validated<'_>, meter: &Meter) -> Vec<u8> {
    let (code, facts) = (module.bytes(), module.facts());
    let imported = facts.imported_functions;
    let known = use_gas(code);
    let by = u32::from(known.is_none());
    let functions = imported + facts.functions.len() as u32 + by;
    let use_gas = known.unwrap_or(imported);
    let indices = Indices { first: imported, by, use_gas, start: functions, lengths: functions + 1 };
    let reach = reach(facts);
    let mut writer = Writer {
        code,
        table: &meter.table,
        indices: &indices,
        planner: Planner::new(imported, &reach),
        out: Vec::new(),
        lengths: false,
    };
    let bodies: Vec<Vec<u8>> = facts.functions.iter().map(|function| writer.body(function)).collect();
    let start = facts.start_cost(code.len(), &meter.prices);
    let mut more = vec![sized(&start_body(whole_gas(start), &indices, facts.main))];
    if writer.lengths {
        let lengths = [Length::Pages, Length::Lines, Length::Elements];
        more.extend(lengths.map(|length| sized(&charge_length(length, &meter.table, &indices))));
    }
    let first_type = facts.results.len() as u32;
    let helper_types: Vec<Vec<u8>> =
        (0..more.len()).map(|index| number(first_type + 1 + u32::from(index > 0))).collect();
    let has_imports = imported > 0;
    let import = [&[8][..], b"ethereum", &[6], b"useGas", &[0], &number(first_type)].concat();
    sections(code, |out, section, content| match section {
        id::TYPE => {
            let types = [
                vec![op::FUNCTION, 1, op::I64, 0],
                vec![op::FUNCTION, 0, 0],
                vec![op::FUNCTION, 1, op::I32, 1, op::I32],
            ];
            write_longer(out, section, content, &types);
            if by > 0 && !has_imports && !has_section(code, id::IMPORT) {
                write_longer(out, id::IMPORT, &[0], std::slice::from_ref(&import));
            }
        }
        id::IMPORT if by > 0 => write_longer(out, section, content, std::slice::from_ref(&import)),
        id::FUNCTION => write_longer(out, section, content, &helper_types),
        id::EXPORT => write_section(out, section, &exports(content, &indices)),
        id::ELEMENT => write_section(out, section, &elements(content, &indices)),
        id::CODE => {
            let mut all = number(bodies.len() as u32);
            bodies.iter().for_each(|body| all.extend_from_slice(body));
            write_longer(out, section, &all, &more);
        }
        id::CUSTOM => write_section(out, section, &custom(content, &indices)),
        _ => write_section(out, section, content),
    })
}

/// Whole gas from units.
fn gas(table: &Table, units: i64) -> i64 {
    units * i64::from(table.unit) / PARTICLES
}

fn number(value: u32) -> Vec<u8> {
    let mut out = Vec::new();
    leb::unsigned(&mut out, value);
    out
}

/// The function that `useGas` is imported as.
fn use_gas(code: &[u8]) -> Option<u32> {
    let reader = Parser::new(0).parse_all(code).find_map(|payload| match payload {
        Ok(Payload::ImportSection(reader)) => Some(reader),
        _ => None,
    });
    reader.and_then(position)
}

fn position(reader: ImportSectionReader<'_>) -> Option<u32> {
    let functions = reader.into_imports().filter_map(Result::ok).filter(|i| matches!(i.ty, TypeRef::Func(_)));
    let mut numbered = (0..).zip(functions);
    numbered.find(|(_, i)| (i.module, i.name) == ("ethereum", "useGas")).map(|(index, _)| index)
}

/// The exports, with the function that charges the start as `main`.
fn exports(content: &[u8], indices: &Indices) -> Vec<u8> {
    let mut out = number(Cursor { bytes: content, at: 0 }.unsigned());
    each_export(content, |name, kind, index| {
        leb::unsigned(&mut out, name.len() as u32);
        out.extend_from_slice(name);
        out.push(kind);
        leb::unsigned(&mut out, if kind == 0 { indices.start } else { index });
    });
    out
}

/// The body of the function that charges the start.
fn start_body(gas: i64, indices: &Indices, main: u32) -> Vec<u8> {
    let mut out = vec![0];
    charge(&mut out, gas, indices);
    out.push(op::CALL);
    leb::unsigned(&mut out, indices.moved(main));
    out.push(op::END);
    out
}

/// The body of the function that charges for a length and hands it back: `(param i32) (result i32)`.
fn charge_length(length: Length, table: &Table, indices: &Indices) -> Vec<u8> {
    let mut out = vec![0];
    amount(&mut out, length, gas(table, table.lengths[length as usize].into()));
    out.push(op::CALL);
    leb::unsigned(&mut out, indices.use_gas);
    out.extend([op::LOCAL_GET, 0, op::END]);
    out
}

fn charge(out: &mut Vec<u8>, gas: i64, indices: &Indices) {
    out.push(op::I64_CONST);
    leb::signed(out, gas);
    out.push(op::CALL);
    leb::unsigned(out, indices.use_gas);
}

struct Writer<'a> {
    code: &'a [u8],
    table: &'a Table,
    indices: &'a Indices,
    planner: Planner<'a>,
    out: Vec<u8>,
    lengths: bool,
}

impl Writer<'_> {
    /// A body with its size in front.
    fn body(&mut self, facts: &FunctionFacts) -> Vec<u8> {
        let start = after_locals(self.code, facts.body.start);
        self.planner.plan(self.code, start, self.table);
        self.out.clear();
        self.out.extend_from_slice(&self.code[facts.body.start..start]);
        let mut from = start;
        for segment in &self.planner.segments {
            self.out.extend_from_slice(&self.code[from..segment.start()]);
            if segment.charge != 0 {
                charge(&mut self.out, gas(self.table, segment.charge), self.indices);
            }
            self.out.extend_from_slice(&self.code[segment.start()..segment.last()]);
            from = segment.last();
            match segment.end {
                End::Own(..) if self.code[from] == op::CALL => {
                    let mut cursor = Cursor { bytes: self.code, at: from + 1 };
                    self.out.push(op::CALL);
                    leb::unsigned(&mut self.out, self.indices.moved(cursor.unsigned()));
                    from = cursor.at;
                }
                End::Length(length, _) => {
                    self.lengths = true;
                    self.out.push(op::CALL);
                    leb::unsigned(&mut self.out, self.indices.lengths + length as u32);
                }
                _ => {}
            }
        }
        self.out.extend_from_slice(&self.code[from..facts.body.end]);
        sized(&self.out)
    }
}

/// Element segments with the functions where they are now.
fn elements(content: &[u8], indices: &Indices) -> Vec<u8> {
    let mut cursor = Cursor { bytes: content, at: 0 };
    let mut out = Vec::with_capacity(content.len() + 8);
    for _ in 0..copy_number(&mut cursor, &mut out, |count| count) {
        // Bit 0: passive or declared; bit 1: with a table or declared; bit 2: items are expressions.
        let flags = copy_number(&mut cursor, &mut out, |flags| flags);
        if flags & 0b11 == 0b10 {
            copy_number(&mut cursor, &mut out, |table| table);
        }
        if flags & 1 == 0 {
            copy_expression(&mut cursor, &mut out, indices);
        }
        if flags & 0b11 != 0 {
            out.push(cursor.byte());
        }
        for _ in 0..copy_number(&mut cursor, &mut out, |count| count) {
            if cursor.is_at_end() {
                break;
            }
            if flags & 0b100 == 0 {
                copy_number(&mut cursor, &mut out, |function| indices.moved(function));
            } else {
                copy_expression(&mut cursor, &mut out, indices);
            }
        }
    }
    out
}

fn copy_number(cursor: &mut Cursor<'_>, out: &mut Vec<u8>, change: impl FnOnce(u32) -> u32) -> u32 {
    let value = cursor.unsigned();
    leb::unsigned(out, change(value));
    value
}

fn copy_expression(cursor: &mut Cursor<'_>, out: &mut Vec<u8>, indices: &Indices) {
    loop {
        let opcode = cursor.byte();
        out.push(opcode);
        match opcode {
            op::END => return,
            REF_FUNC => {
                copy_number(cursor, out, |function| indices.moved(function));
            }
            _ => {
                let from = cursor.at.min(cursor.bytes.len());
                if opcode == REF_NULL {
                    cursor.skip(1);
                } else {
                    cursor.pass(opcode);
                }
                out.extend_from_slice(&cursor.bytes[from..cursor.at.min(cursor.bytes.len())]);
            }
        }
    }
}

/// A custom section: the names of functions and of what is in them move with the functions. One that is not well-formed
/// stays as it is.
fn custom(content: &[u8], indices: &Indices) -> Vec<u8> {
    const NAME: &[u8] = b"\x04name";
    let named = content.strip_prefix(NAME).filter(|_| indices.by > 0);
    let names = named.and_then(|names| move_names(names, indices));
    names.map_or_else(|| content.to_vec(), |names| [NAME, &names].concat())
}

/// The subsections of a name section (wasm spec, "Name Section"), or `None` if they are not well-formed.
fn move_names(content: &[u8], indices: &Indices) -> Option<Vec<u8>> {
    const FUNCTIONS: u8 = 1;
    const LOCALS: u8 = 2;
    const LABELS: u8 = 3;
    let mut cursor = Cursor { bytes: content, at: 0 };
    let mut out = Vec::with_capacity(content.len() + 16);
    while !cursor.is_at_end() {
        let id = cursor.byte();
        let size = cursor.unsigned() as usize;
        let body = content.get(cursor.at..cursor.at.checked_add(size)?)?;
        cursor.at += size;
        let moved = match id {
            FUNCTIONS => move_map(body, indices, pass_name)?,
            LOCALS | LABELS => move_map(body, indices, |names| {
                let count = names.unsigned();
                (0..count).try_for_each(|_| {
                    names.unsigned();
                    pass_name(names)
                })
            })?,
            _ => body.to_vec(),
        };
        write_section(&mut out, id, &moved);
    }
    Some(out)
}

/// A map from functions to something that `pass` passes over.
fn move_map(body: &[u8], indices: &Indices, pass: impl Fn(&mut Cursor<'_>) -> Option<()>) -> Option<Vec<u8>> {
    let mut cursor = Cursor { bytes: body, at: 0 };
    let mut out = Vec::with_capacity(body.len() + 16);
    for _ in 0..copy_number(&mut cursor, &mut out, |count| count) {
        copy_number(&mut cursor, &mut out, |function| indices.moved(function));
        let from = cursor.at;
        pass(&mut cursor)?;
        out.extend_from_slice(body.get(from..cursor.at)?);
    }
    cursor.is_at_end().then_some(out)
}

/// Passes over a name. `None`: it is longer than what is left.
fn pass_name(cursor: &mut Cursor<'_>) -> Option<()> {
    let length = cursor.unsigned() as usize;
    cursor.at = cursor.at.checked_add(length).filter(|end| *end <= cursor.bytes.len())?;
    Some(())
}
