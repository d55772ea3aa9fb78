//! bytes → [`Validated`]: the rules of wasm, the shape of a contract, the limits of its profile.
//!
//! Everything is found here, before anything runs.

mod error;
mod facts;
mod function;
mod module;

use hebe_host_ei::Profile;
use wasmparser::{FuncValidatorAllocations, Parser, Payload, ValidPayload, Validator, WasmFeatures};

pub use error::{Function, InvalidCode, Violation};
pub use facts::{Facts, FunctionFacts};

use module::Shape;

/// The first bytes of every wasm module.
pub const MAGIC: &[u8; 4] = b"\0asm";

/// A module that keeps every rule. There is no other way to one than [`validate`].
#[derive(Clone, Debug)]
pub struct Validated<'a> {
    bytes: &'a [u8],
    facts: Facts,
}

impl<'a> Validated<'a> {
    /// The module as it was given.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Bytes of memory that a translation of it may take: an estimate, on the high side.
    pub fn weight(&self) -> u64 {
        let functions = self.facts.functions.iter().map(|function| function.weight);
        self.bytes.len() as u64 + functions.sum::<u64>()
    }

    /// What it is, as the meter needs to know.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }
}

/// Checks that `code` is a contract under `profile`. With `debug`, imports from `debug` are allowed.
pub fn validate<'a>(code: &'a [u8], profile: &Profile, debug: bool) -> Result<Validated<'a>, InvalidCode> {
    check_size(code, profile)?;
    check_version(code)?;
    let mut validator = Validator::new_with_features(features(profile));
    let mut shape = Shape::new(profile, debug);
    let mut allocations = FuncValidatorAllocations::default();
    let mut functions = Vec::new();
    let mut locals = 0;
    let mut parser = Parser::new(0);
    parser.set_features(*validator.features());
    for payload in parser.parse_all(code) {
        let payload = payload?;
        shape.check(&payload)?;
        if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
            let mut function = function.into_validator(allocations);
            let facts = function::check(&mut function, &body, &profile.limits)
                .map_err(|error| function::name_it(error, function.index(), code))?;
            locals += u64::from(facts.locals);
            functions.push(facts);
            let words = "locals of all functions";
            limit(body.range().start, "all_locals", words, locals, profile.limits.all_locals)?;
            allocations = function.into_allocations();
        }
        if let Payload::End(offset) = payload {
            shape.check_end(offset)?;
        }
    }
    Ok(Validated { bytes: code, facts: shape.into_facts(functions) })
}

/// Checks the size of the whole alone.
pub fn check_size(code: &[u8], profile: &Profile) -> Result<(), InvalidCode> {
    limit(0, "module_bytes", "bytes of the module", code.len() as u64, profile.limits.module_bytes)
}

/// The version is checked apart, since the parser has another message for what it takes for a component.
fn check_version(code: &[u8]) -> Result<(), InvalidCode> {
    match code.get(4..8).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes) {
        Some(version) if version != 1 => Err(InvalidCode::at(4, Violation::Version(version))),
        _ => Ok(()),
    }
}

/// The wasm proposals of a profile. Floats are in none.
fn features(profile: &Profile) -> WasmFeatures {
    let mvp = WasmFeatures::MVP - WasmFeatures::FLOATS;
    if !profile.proposals {
        return mvp;
    }
    mvp | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::CALL_INDIRECT_OVERLONG
        | WasmFeatures::EXTENDED_CONST
}

/// Refuses more than `bound` of something.
fn limit(
    offset: u64,
    limit: &'static str,
    what: &'static str,
    found: u64,
    bound: u32,
) -> Result<(), InvalidCode> {
    if found > u64::from(bound) {
        return Err(InvalidCode::at(offset, Violation::Limit { limit, what, found, bound }));
    }
    Ok(())
}
