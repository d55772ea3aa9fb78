//! bytes → [`Validated`]: the rules of wasm, the shape of a contract, the limits of its profile.
//!
//! Everything is found here, before anything runs. [`validate`] ends at the first broken rule, [`survey`] goes on and
//! says all that is to be known of a module. Both go the same way; they differ in what becomes of a broken rule, which is
//! the sink's to say.

mod charge;
mod control;
mod depth;
mod error;
mod facts;
mod features;
mod function;
mod imports;
mod module;
mod names;
mod scan;
mod sink;
mod survey;

use std::mem;

use hebe_host_ei::{Limits, Profile, Revision};
use wasmparser::{
    FuncToValidate, FuncValidatorAllocations, FunctionBody, Parser, Payload, ValidPayload, Validator,
    ValidatorResources, WasmFeatures,
};

pub(crate) use depth::fits_budget;
pub use depth::{CallDepth, Frame, call_depth};
pub use error::{Function, InvalidCode, Violation};
pub use facts::{Facts, FunctionFacts};
pub use features::takes;
pub use imports::ImportUse;
pub use survey::{FeatureUse, Finding, LimitUse, Survey, survey};

use module::Shape;
use sink::{First, Sink};

/// The first bytes of every wasm module.
pub const MAGIC: &[u8; 4] = b"\0asm";

/// A module that keeps every rule. There is no other way to one than [`validate`] and [`survey`].
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

/// Checks that `code` is a contract under `profile` and at `revision`, which says what can be imported. With `debug`, imports from `debug` are allowed.
pub fn validate<'a>(
    code: &'a [u8],
    profile: &Profile,
    revision: Revision,
    debug: bool,
) -> Result<Validated<'a>, InvalidCode> {
    check_size(code, profile)?;
    check_version(code)?;
    let mut shape = Shape::new(code, profile, revision, debug);
    let mut bodies = Bodies::default();
    let mut functions = Vec::new();
    sections(code, features::of(profile), &mut shape, &mut First, |function, body, shape, sink| {
        let index = function.index;
        functions.push(bodies.check(function, &body, shape, sink).map_err(|error| error.in_function(index))?);
        Ok(())
    })
    .map_err(|error| names::name_it(error, code))?;
    Ok(Validated { bytes: code, facts: shape.into_facts(functions) })
}

/// Checks the size of the whole alone.
pub fn check_size(code: &[u8], profile: &Profile) -> Result<(), InvalidCode> {
    sizes(code, &profile.limits, &mut First)
}

fn sizes(code: &[u8], limits: &Limits, sink: &mut impl Sink) -> Result<(), InvalidCode> {
    sink.limit(0, "module_bytes", "bytes of the module", code.len() as u64, limits.module_bytes)
}

/// The version is checked apart, since the parser has another message for what it takes for a component.
fn check_version(code: &[u8]) -> Result<(), InvalidCode> {
    match code.get(4..8).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes) {
        Some(version) if version != 1 => Err(InvalidCode::at(4, Violation::Version(version))),
        _ => Ok(()),
    }
}

/// Checks section by section, and hands on what is needed to check the functions.
fn sections<'a, S: Sink>(
    code: &'a [u8],
    features: WasmFeatures,
    shape: &mut Shape<'_>,
    sink: &mut S,
    mut function: impl FnMut(
        FuncToValidate<ValidatorResources>,
        FunctionBody<'a>,
        &Shape<'_>,
        &mut S,
    ) -> Result<(), InvalidCode>,
) -> Result<(), InvalidCode> {
    // There is none any more once the module broke the rules of wasm: its further words would mean nothing.
    let mut validator = Some(Validator::new_with_features(features));
    let mut parser = Parser::new(0);
    parser.set_features(features);
    for payload in parser.parse_all(code) {
        let payload = match payload {
            Ok(payload) => payload,
            Err(error) => return sink.broken(error.into()),
        };
        shape.check(&payload, sink).or_else(|error| sink.broken(error))?;
        match validator.as_mut().map(|validator| validator.payload(&payload)) {
            Some(Ok(ValidPayload::Func(to_validate, body))) => function(to_validate, body, shape, sink)?,
            Some(Err(error)) => {
                sink.broken(error.into())?;
                validator = None;
            }
            _ => {}
        }
        if let Payload::End(offset) = payload {
            shape.check_end(offset, sink)?;
        }
    }
    Ok(())
}

/// Checks functions one after the other.
#[derive(Default)]
struct Bodies {
    allocations: FuncValidatorAllocations,
    /// Locals of all functions so far.
    locals: u64,
}

impl Bodies {
    fn check<S: Sink>(
        &mut self,
        function: FuncToValidate<ValidatorResources>,
        body: &FunctionBody<'_>,
        shape: &Shape<'_>,
        sink: &mut S,
    ) -> Result<FunctionFacts, InvalidCode> {
        let mut function = function.into_validator(mem::take(&mut self.allocations));
        let facts = function::check(&mut function, body, shape, sink)?;
        self.allocations = function.into_allocations();
        self.locals += u64::from(facts.locals);
        let (offset, words) = (body.range().start, "locals of all functions");
        sink.limit(offset, "all_locals", words, self.locals, shape.limits().all_locals)?;
        Ok(facts)
    }
}
