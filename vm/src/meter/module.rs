//! The module around the bodies: globals with their exports, and the functions that the bodies call.

use super::{
    DEPTH_BUDGET, DEPTH_EXPORT, GAS_EXPORT, Meter,
    body::{Counts, Writer, charge_length, exhausted, overflow},
    plan::{Length, Planner},
    reach::reach,
};
use crate::{
    binary::{
        leb, opcode as op,
        section::{has_section, id, sections, write_code, write_longer, write_section},
    },
    validate::{Facts, Validated, fits_budget},
};

const MUTABLE: u8 = 1;
const EXPORTED_GLOBAL: u8 = 3;

/// Where things are that the module did not have before. All of them come after what it had, so no index of
/// its own changes.
pub(super) struct Indices {
    pub(super) depth_global: u32,
    pub(super) gas_global: u32,
    /// The functions that end a contract without depth and without gas.
    pub(super) overflow: u32,
    pub(super) exhausted: u32,
    /// The first of the functions that charge for lengths, in the order of [`Length`].
    pub(super) lengths: u32,
}

/// What a section gets at its end, item by item.
type Items = Vec<Vec<u8>>;

/// Writes the charges into a module: depth if it could run out, and gas if it is counted.
pub(super) fn inject(module: &Validated<'_>, meter: &Meter, gas: bool) -> Vec<u8> {
    let (code, facts) = (module.bytes(), module.facts());
    let counts = Counts { gas, depth: !fits_budget(facts) };
    if !counts.gas && !counts.depth {
        return code.to_vec();
    }
    let functions = facts.imported_functions + facts.functions.len() as u32;
    let indices = Indices {
        gas_global: facts.globals,
        depth_global: facts.globals + u32::from(gas),
        exhausted: functions,
        overflow: functions + u32::from(gas),
        lengths: functions + u32::from(gas) + u32::from(counts.depth),
    };
    let reach = reach(facts);
    let mut writer = Writer {
        code,
        table: &meter.table,
        indices: &indices,
        counts,
        planner: Planner::new(facts.imported_functions, &reach),
        reach: &reach,
        out: Vec::with_capacity(4_096),
        types: Types::new(facts),
        lengths: false,
    };
    let mut bodies = Vec::with_capacity(code.len() * 2);
    for (number, function) in (facts.imported_functions as usize..).zip(&facts.functions) {
        writer.write(number, function);
        leb::unsigned(&mut bodies, writer.out.len() as u32);
        bodies.extend_from_slice(&writer.out);
    }
    let mut types = writer.types.more;
    let more = helpers(meter, counts, writer.lengths, &indices);
    let helper_types = helper_types(facts, &mut types, more.len(), writer.lengths);
    sections(code, |out, section, content| match section {
        id::TYPE => write_longer(out, section, content, &types),
        id::FUNCTION => write_longer(out, section, content, &helper_types),
        id::GLOBAL => write_longer(out, section, content, &globals(counts)),
        id::EXPORT => {
            if facts.globals == 0 && !has_section(code, id::GLOBAL) {
                write_longer(out, id::GLOBAL, &[0], &globals(counts));
            }
            write_longer(out, section, content, &exports(counts, &indices));
        }
        id::CODE => write_code(out, facts.functions.len(), &bodies, &more),
        _ => write_section(out, section, content),
    })
}

/// The bodies of the functions that are added.
fn helpers(meter: &Meter, counts: Counts, lengths: bool, indices: &Indices) -> Items {
    let mut bodies = Vec::new();
    if counts.gas {
        bodies.push(exhausted(indices));
    }
    if counts.depth {
        bodies.push(overflow(indices));
    }
    if lengths {
        for length in [Length::Pages, Length::Lines, Length::Elements] {
            bodies.push(charge_length(length, meter.table.lengths[length as usize], indices));
        }
    }
    bodies
}

/// The types of so many functions that are added: the last three, if they charge for lengths, take and give a number; the others
/// nothing.
fn helper_types(facts: &Facts, types: &mut Items, count: usize, lengths: bool) -> Items {
    let plain = facts.results.len() + types.len();
    types.push(vec![op::FUNCTION, 0, 0]);
    if lengths {
        types.push(vec![op::FUNCTION, 1, op::I32, 1, op::I32]);
    }
    let index = |position| {
        let mut index = Vec::new();
        leb::unsigned(&mut index, (plain + usize::from(lengths && position + 3 >= count)) as u32);
        index
    };
    (0..count).map(index).collect()
}

/// Types of blocks.
pub(super) struct Types<'a> {
    facts: &'a Facts,
    /// Those that the module did not have, and which function type each is for.
    more: Items,
    of: Vec<u32>,
}

impl<'a> Types<'a> {
    fn new(facts: &'a Facts) -> Self {
        Self { facts, more: Vec::new(), of: Vec::new() }
    }

    /// Writes the type of a block with the results of a function type alone. If they are several, it needs a type of its own.
    pub(super) fn write(&mut self, ty: u32, out: &mut Vec<u8>) {
        let results = &self.facts.results[ty as usize];
        match results[..] {
            [] => out.push(op::EMPTY),
            [one] => out.push(one),
            _ => {
                let known = self.of.iter().position(|of| *of == ty).unwrap_or_else(|| {
                    self.more.push([&[op::FUNCTION, 0, results.len() as u8], &results[..]].concat());
                    self.of.push(ty);
                    self.of.len() - 1
                });
                leb::signed(out, (self.facts.results.len() + known) as i64);
            }
        }
    }
}

/// Gas, which the host sets, and depth.
fn globals(counts: Counts) -> Items {
    let global = |value: i64| {
        let mut global = vec![op::I64, MUTABLE, op::I64_CONST];
        leb::signed(&mut global, value);
        global.push(op::END);
        global
    };
    [(counts.gas, 0), (counts.depth, DEPTH_BUDGET)]
        .into_iter()
        .filter(|(is_counted, _)| *is_counted)
        .map(|(_, value)| global(value))
        .collect()
}

fn exports(counts: Counts, indices: &Indices) -> Items {
    let export = |name: &str, index| {
        let mut export = vec![name.len() as u8];
        export.extend_from_slice(name.as_bytes());
        export.push(EXPORTED_GLOBAL);
        leb::unsigned(&mut export, index);
        export
    };
    [(counts.gas, GAS_EXPORT, indices.gas_global), (counts.depth, DEPTH_EXPORT, indices.depth_global)]
        .into_iter()
        .filter(|(is_counted, ..)| *is_counted)
        .map(|(_, name, index)| export(name, index))
        .collect()
}
