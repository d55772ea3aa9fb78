//! All that is to be known of a module at once: every broken rule, how much of each limit is used, which features of wasm
//! it has.
//!
//! A rule of wasm that is broken makes what follows in the function doubtful, so a function is left there and the next
//! one begins. But a feature that the profile does not have must not hide the rest: the check is then repeated with that
//! feature, as often as there are features to find.

use hebe_host_ei::{Profile, Revision};
use wasmparser::{FuncToValidate, ValidatorResources, WasmFeatures};

use super::{
    Bodies, Facts, Function, ImportUse, InvalidCode, Validated, Violation, check_version, features, imports,
    module::Shape,
    names::Names,
    sections,
    sink::{All, Sink},
    sizes,
};

/// What is to be known of a module.
#[derive(Clone, Debug)]
pub struct Survey<'a> {
    /// Every broken rule, in the order of their places. None: it is a contract.
    pub findings: Vec<Finding>,
    /// How many more there are: of each kind, only so many are kept.
    pub more: u64,
    /// Where the module broke the rules of wasm outside a function, so that they could not be checked any further.
    pub unchecked_from: Option<usize>,
    /// Every limit, in the order of the profile.
    pub limits: Vec<LimitUse>,
    /// The features of wasm beyond its first release that the module has, in the order of their places.
    pub features: Vec<FeatureUse>,
    /// What the module imports, no more than there may be.
    pub imports: Vec<ImportUse>,
    /// The contract, if it is one.
    pub validated: Option<Validated<'a>>,
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule, and where it is broken first.
    pub error: InvalidCode,
    /// How often it is broken, in the same function or outside of all.
    pub count: u64,
}

/// How much of a limit is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitUse {
    /// The limit's name.
    pub name: &'static str,
    /// What is counted, in words.
    pub words: &'static str,
    /// The most that there is, as far as the module was checked.
    pub used: u64,
    /// How much there may be.
    pub bound: u32,
}

/// A feature of wasm that a module has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureUse {
    /// The name of its proposal.
    pub name: String,
    /// True if the profile takes it.
    pub taken: bool,
    /// Where it is first, in bytes from the module's start.
    pub offset: usize,
    /// In which function, if in one.
    pub function: Option<Function>,
    /// At how many places it is.
    pub count: u64,
}

/// Checks `code` as [`validate`](super::validate) does, and does not end at the first broken rule. It finds none exactly
/// if `validate` accepts, and takes time linear in the length of `code`.
pub fn survey<'a>(code: &'a [u8], profile: &Profile, revision: Revision, debug: bool) -> Survey<'a> {
    let mut all = All::default();
    let checked = check(code, profile, revision, debug, &mut all);
    let (facts, unchecked_from) = match checked {
        Ok(facts) => (Some(facts), None),
        Err(unchecked_from) => (None, unchecked_from),
    };
    let names = Names::new(code);
    for function in all.findings.iter_mut().filter_map(|finding| finding.error.function.as_mut()) {
        **function = names.function(function.index, function.instruction.take());
    }
    all.findings.sort_by_key(|finding| finding.error.offset);
    let limits = profile.limits.entries().map(|(name, words, bound)| {
        let used = all.used.get(name).copied().unwrap_or_default();
        LimitUse { name, words, used, bound }
    });
    let valid = all.findings.is_empty();
    Survey {
        limits: limits.collect(),
        features: features::found(code, features::of(profile), &names, &all.findings),
        imports: imports::used(code, profile.limits.imports),
        validated: facts.filter(|_| valid).map(|facts| Validated { bytes: code, facts }),
        findings: all.findings,
        more: all.more,
        unchecked_from,
    }
}

/// Finds every broken rule. Without facts there is one of wasm; with a place there is one outside the functions, after
/// which those of wasm could not be checked.
fn check(
    code: &[u8],
    profile: &Profile,
    revision: Revision,
    debug: bool,
    all: &mut All,
) -> Result<Facts, Option<usize>> {
    let strict = features::of(profile);
    // To collect never fails, so the results of the sink say nothing.
    let _ = sizes(code, &profile.limits, all);
    if let Err(error) = check_version(code) {
        let offset = error.offset;
        let _ = all.report(error);
        return Err(Some(offset));
    }
    let (part, (shape, bodies)) = tolerant(strict, |features, all| {
        let mut shape = Shape::new(code, profile, revision, debug);
        let mut bodies = Vec::new();
        let _ = sections(code, features, &mut shape, all, |function, body, _, _| {
            bodies.push((function, body));
            Ok(())
        });
        (shape, bodies)
    });
    let unchecked_from = part.broken.first().map(|error| error.offset);
    all.merge(part);
    let mut checks = Bodies::default();
    let functions: Vec<_> = bodies
        .into_iter()
        .map(|(function, body)| {
            let (part, facts) = tolerant(strict, |features, all| {
                let function = with_features(&function, features);
                checks.check(function, &body, &shape, all).map_err(|error| all.broken(error)).ok()
            });
            let part = part.in_function(function.index);
            all.merge(part);
            facts
        })
        .collect();
    match functions.into_iter().collect::<Option<Vec<_>>>() {
        Some(functions) if unchecked_from.is_none() => Ok(shape.into_facts(functions)),
        _ => Err(unchecked_from),
    }
}

/// Checks with these features, and again with one more each time one is missing.
fn tolerant<T>(start: WasmFeatures, mut check: impl FnMut(WasmFeatures, &mut All) -> T) -> (All, T) {
    let mut run = |features| {
        let mut all = All::default();
        let result = check(features, &mut all);
        (all, result)
    };
    let (mut features, mut refused) = (start, Vec::new());
    let (mut all, mut result) = run(features);
    while let Some(error) = all.broken.first().cloned() {
        let mut helps = |more| Some(run(more)).filter(|(next, _)| !next.broken.contains(&error));
        let missing = all.broken.iter().find_map(missing_feature).map(|missing| features | missing);
        let next = match missing.filter(|more| *more != features) {
            Some(more) => helps(more).map(|next| (more, next)),
            // Unless no feature helps at all, it is one of those that the parser does not name.
            None => helps(features::known()).map(|all| {
                let one =
                    UNNAMED.iter().map(|one| features | *one).find_map(|more| Some((more, helps(more)?)));
                one.unwrap_or((features::known(), all))
            }),
        };
        let Some((more, next)) = next else { break };
        refused.push(error);
        (features, (all, result)) = (more, next);
    }
    for error in refused.into_iter().chain(all.broken.clone()) {
        all.add(Finding { error, count: 1 });
    }
    (all, result)
}

/// Features that the parser may miss without naming them: a second memory or table, and the count of data segments.
const UNNAMED: &[WasmFeatures] =
    &[WasmFeatures::MULTI_MEMORY, WasmFeatures::REFERENCE_TYPES, WasmFeatures::BULK_MEMORY];

fn missing_feature(error: &InvalidCode) -> Option<WasmFeatures> {
    match &error.violation {
        Violation::Feature { feature, .. } => features::flag(feature),
        _ => None,
    }
}

fn with_features(
    function: &FuncToValidate<ValidatorResources>,
    features: WasmFeatures,
) -> FuncToValidate<ValidatorResources> {
    FuncToValidate { resources: function.resources.clone(), index: function.index, ty: function.ty, features }
}
