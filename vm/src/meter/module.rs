//! The module around the bodies: globals with their exports, and the functions that the bodies call.

use super::{
    DEPTH_BUDGET, DEPTH_EXPORT, GAS_EXPORT, Injected, Meter, RUN_EXPORT,
    body::{Counts, Writer, charge_length, exhausted, overflow},
    entry::entry,
    imports::imports,
    plan::{Length, Planner},
    reach::reach,
    shape::Shape,
};
use crate::{
    binary::{
        leb, opcode as op,
        section::{has_section, id, sections, write_code, write_longer, write_section},
    },
    validate::{Facts, Validated, fits_budget},
};

const MUTABLE: u8 = 1;
const EXPORTED_FUNCTION: u8 = 0;
const EXPORTED_GLOBAL: u8 = 3;

/// Where things are that the module did not have before. All of them come after what it had, so no index of
/// its own changes.
pub(super) struct Indices {
    pub(super) depth_global: u32,
    pub(super) gas_global: u32,
    /// The functions that end a contract without depth and without gas.
    pub(super) overflow: u32,
    pub(super) exhausted: u32,
    /// The function by which an engine runs the contract.
    pub(super) run: u32,
    /// The first of the functions that charge for lengths, in the order of [`Length`].
    pub(super) lengths: u32,
}

/// What a section gets at its end, item by item.
pub(super) type Items = Vec<Vec<u8>>;

/// A function that is added: its type and its body.
struct Helper {
    /// The parameters and results of its type, as the binary format writes them.
    ty: &'static [u8],
    body: Vec<u8>,
}

/// `[] -> []`
const PLAIN: &[u8] = &[op::FUNCTION, 0, 0];
/// `[i32] -> [i32]`
const LENGTH: &[u8] = &[op::FUNCTION, 1, op::I32, 1, op::I32];
/// `[i64] -> [i64]`
const GAS: &[u8] = &[op::FUNCTION, 1, op::I64, 1, op::I64];

/// Writes the charges into a module: depth if it could run out, and gas if it is counted.
pub(super) fn inject(module: &Validated<'_>, meter: &Meter, gas: bool) -> Injected {
    let (code, facts) = (module.bytes(), module.facts());
    let counts = Counts { gas, depth: !fits_budget(facts) };
    let functions = facts.imported_functions + facts.functions.len() as u32;
    let run = functions + u32::from(gas) + u32::from(counts.depth);
    let indices = Indices {
        gas_global: facts.globals,
        depth_global: facts.globals + u32::from(gas),
        exhausted: functions,
        overflow: functions + u32::from(gas),
        run,
        lengths: run + 1,
    };
    let mut reach = reach(facts);
    if gas {
        // One in a table is called through it as well, by its own type.
        let imports = reach.iter_mut().take(facts.imported_functions as usize);
        (0..)
            .zip(imports)
            .for_each(|(index, import)| import.takes_gas = !facts.table_functions.contains(&index));
    }
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
    let (mut bodies, mut shape) = (Vec::with_capacity(code.len() * 2), Shape::default());
    for (number, function) in (facts.imported_functions as usize..).zip(&facts.functions) {
        writer.write(number, function);
        leb::unsigned(&mut bodies, writer.out.len() as u32);
        bodies.extend_from_slice(&writer.out);
        shape.add(function, writer.out.len(), writer.planner.edges);
    }
    let (changes, mut types) = (writer.planner.changes, writer.types.more);
    let imports = imports(code, facts, &reach, &mut types);
    let run = Helper { ty: if gas { GAS } else { PLAIN }, body: entry(code, facts.main, counts, &indices) };
    let more = helpers(meter, counts, run, writer.lengths, &indices);
    let helper_types = helper_types(facts, &mut types, &more);
    let more: Items = more.into_iter().map(|helper| helper.body).collect();
    let bytes = sections(code, |out, section, content| match section {
        id::TYPE => write_longer(out, section, content, &types),
        id::IMPORT => write_section(out, section, &imports),
        id::FUNCTION => write_longer(out, section, content, &helper_types),
        id::GLOBAL => write_longer(out, section, content, &globals(counts)),
        id::EXPORT => {
            let is_first = facts.globals == 0 && !has_section(code, id::GLOBAL);
            if is_first && (counts.gas || counts.depth) {
                write_longer(out, id::GLOBAL, &[0], &globals(counts));
            }
            write_longer(out, section, content, &exports(counts, &indices));
        }
        id::CODE => write_code(out, facts.functions.len(), &bodies, &more),
        _ => write_section(out, section, content),
    });
    Injected { bytes, changes, effort: shape.of(counts.depth) }
}

/// The functions that are added, in the order of [`Indices`].
fn helpers(meter: &Meter, counts: Counts, run: Helper, lengths: bool, indices: &Indices) -> Vec<Helper> {
    let mut helpers = Vec::new();
    if counts.gas {
        helpers.push(Helper { ty: PLAIN, body: exhausted(indices) });
    }
    if counts.depth {
        helpers.push(Helper { ty: PLAIN, body: overflow(indices) });
    }
    helpers.push(run);
    if lengths {
        for length in [Length::Pages, Length::Lines, Length::Elements] {
            let body = charge_length(length, meter.table.lengths[length as usize], indices);
            helpers.push(Helper { ty: LENGTH, body });
        }
    }
    helpers
}

/// The index of each helper's type. The types are added.
fn helper_types(facts: &Facts, types: &mut Items, helpers: &[Helper]) -> Items {
    let mut added: Vec<(&[u8], usize)> = Vec::new();
    let mut index = |helper: &Helper| {
        let known = added.iter().find(|(ty, _)| *ty == helper.ty).map(|(_, index)| *index);
        let index = known.unwrap_or_else(|| {
            added.push((helper.ty, facts.results.len() + types.len()));
            types.push(helper.ty.to_vec());
            facts.results.len() + types.len() - 1
        });
        let mut number = Vec::new();
        leb::unsigned(&mut number, index as u32);
        number
    };
    helpers.iter().map(&mut index).collect()
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
    let export = |name: &str, kind, index| {
        let mut export = vec![name.len() as u8];
        export.extend_from_slice(name.as_bytes());
        export.push(kind);
        leb::unsigned(&mut export, index);
        export
    };
    let mut exports = vec![export(RUN_EXPORT, EXPORTED_FUNCTION, indices.run)];
    if counts.gas {
        exports.push(export(GAS_EXPORT, EXPORTED_GLOBAL, indices.gas_global));
    }
    if counts.depth {
        exports.push(export(DEPTH_EXPORT, EXPORTED_GLOBAL, indices.depth_global));
    }
    exports
}
