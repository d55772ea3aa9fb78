//! Features of wasm: by which name they go, and which a profile takes.

use hebe_host_ei::Profile;
use wasmparser::WasmFeatures;

use super::{
    FeatureUse, Finding, Violation,
    names::{self, Names},
    scan::{Seen, scan},
};

/// The wasm proposals of a profile. Floats are in none.
pub(super) fn of(profile: &Profile) -> WasmFeatures {
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

/// True if a profile takes the feature of this name.
pub fn takes(profile: &Profile, feature: &str) -> bool {
    flag(feature).is_some_and(|flag| of(profile).contains(flag))
}

/// Every feature that a module can have. Components are no modules.
pub(super) fn known() -> WasmFeatures {
    let all = WasmFeatures::all();
    all.iter_names()
        .filter(|(name, _)| name.starts_with("CM") || *name == "COMPONENT_MODEL")
        .fold(all, |all, (_, flag)| all - flag)
}

/// The name of a feature that the parser misses.
pub(super) fn name(missing: WasmFeatures) -> Option<String> {
    missing.iter_names().next().map(|(name, _)| spelling(name))
}

/// The parser's constant for a feature.
pub(super) fn flag(feature: &str) -> Option<WasmFeatures> {
    WasmFeatures::from_name(&feature.to_ascii_uppercase().replace('-', "_"))
}

/// `SIGN_EXTENSION` or `sign_extension` is `sign-extension`.
fn spelling(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// Every feature beyond the first release of wasm that the module has or, by the findings, misses.
pub(super) fn found(
    code: &[u8],
    profile: WasmFeatures,
    names: &Names<'_>,
    findings: &[Finding],
) -> Vec<FeatureUse> {
    let seen = scan(code).into_iter();
    let mut uses: Vec<_> = seen.map(|(name, seen)| told(spelling(name), &seen, profile, names)).collect();
    for Finding { error, count } in findings {
        let Violation::Feature { feature, .. } = &error.violation else { continue };
        if !uses.iter().any(|found| found.name == *feature) {
            let (name, function) = (feature.clone(), error.function.as_deref().cloned());
            uses.push(FeatureUse { name, taken: false, offset: error.offset, function, count: *count });
        }
    }
    uses.sort_by_key(|found| found.offset);
    uses
}

fn told(name: String, seen: &Seen, profile: WasmFeatures, names: &Names<'_>) -> FeatureUse {
    let instruction = seen.instruction.map(names::spelling);
    FeatureUse {
        taken: flag(&name).is_some_and(|flag| profile.contains(flag)),
        name,
        offset: seen.offset as usize,
        function: seen.function.map(|index| names.function(index, instruction)),
        count: seen.count,
    }
}
