//! The module around the bodies: two globals, their exports, and what the bodies need.

use hebe_host_ei::Prices;
use wasmparser::{BinaryReader, Parser};

use super::{
    DEPTH_BUDGET, DEPTH_EXPORT, GAS_EXPORT,
    body::{Writer, length_helper},
    leb,
    segments::Length,
};
use crate::validate::Validated;

/// Section numbers (wasm spec, "Modules", binary format).
mod section {
    pub(super) const TYPE: u8 = 1;
    pub(super) const FUNCTION: u8 = 3;
    pub(super) const GLOBAL: u8 = 6;
    pub(super) const EXPORT: u8 = 7;
    pub(super) const CODE: u8 = 10;
}

const I32: u8 = 0x7f;
const I64: u8 = 0x7e;
const FUNCTION_TYPE: u8 = 0x60;
const MUTABLE: u8 = 1;
const EXPORTED_GLOBAL: u8 = 3;

/// Where things are that the module did not have before. All of them come after what it had, so no index of
/// its own changes.
pub(super) struct Indices {
    pub(super) gas_global: u32,
    pub(super) depth_global: u32,
    /// The functions that charge for lengths, by [`Length`].
    pub(super) helpers: [u32; 3],
    /// For each function type, the block type with its results alone.
    pub(super) block_types: Vec<Vec<u8>>,
}

/// Writes the charges into a module.
pub(super) fn inject(module: &Validated<'_>, prices: &Prices) -> Vec<u8> {
    let code = module.bytes();
    let facts = module.facts();
    let mut types = Vec::new();
    let block_types = block_types(module, &mut types);
    let functions = facts.imported_functions + facts.functions.len() as u32;
    let indices = Indices {
        gas_global: facts.globals,
        depth_global: facts.globals + 1,
        helpers: [functions, functions + 1, functions + 2],
        block_types,
    };
    let (bodies, needs_helpers) = bodies(module, prices, &indices);
    let helper_type = facts.results.len() as u32 + types.len() as u32;
    if needs_helpers {
        types.push(vec![FUNCTION_TYPE, 1, I32, 1, I32]);
    }

    let mut out = code[..8].to_vec();
    out.reserve(code.len() * 3 / 2);
    let mut has_globals = false;
    // The module was validated: reading it again cannot fail.
    for (id, range) in
        Parser::new(0).parse_all(code).map_while(Result::ok).filter_map(|payload| payload.as_section())
    {
        let content = &code[range.start as usize..range.end as usize];
        match id {
            section::TYPE => write_longer(&mut out, id, content, &types),
            section::FUNCTION if needs_helpers => {
                let mut index = Vec::new();
                leb::unsigned(&mut index, helper_type);
                write_longer(&mut out, id, content, &[index.clone(), index.clone(), index]);
            }
            section::GLOBAL => {
                has_globals = true;
                write_longer(&mut out, id, content, &globals());
            }
            section::EXPORT => {
                if !has_globals {
                    write_longer(&mut out, section::GLOBAL, &[0], &globals());
                }
                write_longer(&mut out, id, content, &exports(&indices));
            }
            section::CODE => {
                write_section(&mut out, id, &bodies);
            }
            _ => write_section(&mut out, id, content),
        }
    }
    out
}

/// The content of the code section, and whether bodies call the helpers at its end.
fn bodies(module: &Validated<'_>, prices: &Prices, indices: &Indices) -> (Vec<u8>, bool) {
    let facts = module.facts();
    let mut content = Vec::with_capacity(module.bytes().len() * 3 / 2);
    let mut body = Vec::new();
    let mut needs_helpers = false;
    for function in &facts.functions {
        body.clear();
        let writer = Writer { code: module.bytes(), facts: function, prices, indices, out: &mut body };
        needs_helpers |= writer.write();
        leb::unsigned(&mut content, body.len() as u32);
        content.extend_from_slice(&body);
    }
    if needs_helpers {
        for length in Length::ALL {
            let body = length_helper(length.price(prices), indices);
            leb::unsigned(&mut content, body.len() as u32);
            content.extend_from_slice(&body);
        }
    }
    let count = facts.functions.len() as u32 + if needs_helpers { Length::ALL.len() as u32 } else { 0 };
    let mut counted = Vec::with_capacity(content.len() + 5);
    leb::unsigned(&mut counted, count);
    counted.extend_from_slice(&content);
    (counted, needs_helpers)
}

/// The block type with the results of each function type; those with several need types of their own.
fn block_types(module: &Validated<'_>, types: &mut Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let results = &module.facts().results;
    let block_type = |results: &Vec<u8>, types: &mut Vec<Vec<u8>>, known: usize| match results[..] {
        [] => vec![0x40],
        [one] => vec![one],
        _ => {
            let mut index = Vec::new();
            leb::signed(&mut index, (known + types.len()) as i64);
            types.push([&[FUNCTION_TYPE, 0, results.len() as u8], &results[..]].concat());
            index
        }
    };
    results.iter().map(|own| block_type(own, types, results.len())).collect()
}

/// Gas, which the host sets, and depth.
fn globals() -> [Vec<u8>; 2] {
    let mut depth = vec![I32, MUTABLE, 0x41];
    leb::signed(&mut depth, DEPTH_BUDGET.into());
    depth.push(0x0b);
    [vec![I64, MUTABLE, 0x42, 0, 0x0b], depth]
}

fn exports(indices: &Indices) -> [Vec<u8>; 2] {
    [(GAS_EXPORT, indices.gas_global), (DEPTH_EXPORT, indices.depth_global)].map(|(name, index)| {
        let mut export = vec![name.len() as u8];
        export.extend_from_slice(name.as_bytes());
        export.push(EXPORTED_GLOBAL);
        leb::unsigned(&mut export, index);
        export
    })
}

/// Writes a section with more items behind those it had.
fn write_longer(out: &mut Vec<u8>, id: u8, content: &[u8], more: &[Vec<u8>]) {
    let mut reader = BinaryReader::new(content, 0);
    let count = reader.read_var_u32().unwrap_or(0);
    let mut longer = Vec::with_capacity(content.len() + 64);
    leb::unsigned(&mut longer, count + more.len() as u32);
    longer.extend_from_slice(&content[reader.original_position() as usize..]);
    more.iter().for_each(|item| longer.extend_from_slice(item));
    write_section(out, id, &longer);
}

fn write_section(out: &mut Vec<u8>, id: u8, content: &[u8]) {
    out.push(id);
    leb::unsigned(out, content.len() as u32);
    out.extend_from_slice(content);
}
