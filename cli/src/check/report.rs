//! What `hebe check` answers.

use hebe_host_ei::{Prices, Profile, Revision};
use hebe_vm::{
    meter::DEPTH_BUDGET,
    validate::{CallDepth, Finding, Function, Survey, call_depth},
};
use serde::Serialize;

use super::{hints::hint, start::StartCost};

/// The answer. Offsets are bytes from the start of the module.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) valid: bool,
    pub(super) profile: &'static str,
    pub(super) revision: &'static str,
    pub(super) size: usize,
    pub(super) reasons: Vec<Reason>,
    /// Reasons that are not among them, since there are many of their kind.
    pub(super) more_reasons: u64,
    /// From here on the rules of wasm could not be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unchecked_from: Option<usize>,
    pub(super) imports: Vec<ImportReport>,
    pub(super) features: Vec<FeatureReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) depth: Option<DepthReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<StartCost>,
    pub(super) limits: Vec<LimitReport>,
}

/// Why it is not a contract.
#[derive(Serialize)]
pub(super) struct Reason {
    pub(super) message: String,
    pub(super) place: Place,
    pub(super) count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hint: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Place {
    pub(super) offset: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) function: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) instruction: Option<String>,
}

#[derive(Serialize)]
pub(super) struct ImportReport {
    pub(super) module: String,
    pub(super) name: String,
    /// Its signature in the EEI, if it is of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) signature: Option<String>,
}

#[derive(Serialize)]
pub(super) struct FeatureReport {
    pub(super) name: String,
    pub(super) taken: bool,
    pub(super) count: u64,
    pub(super) place: Place,
}

/// How deep calls can nest in one message.
#[derive(Serialize)]
pub(super) struct DepthReport {
    /// Functions call one another in a circle, so that only the budget bounds the depth.
    pub(super) recursive: bool,
    /// The deepest chain, or the circle.
    pub(super) frames: Vec<FrameReport>,
    pub(super) takes: u64,
    pub(super) budget: u64,
}

#[derive(Serialize)]
pub(super) struct FrameReport {
    pub(super) function: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) takes: u32,
}

#[derive(Serialize)]
pub(super) struct LimitReport {
    pub(super) name: &'static str,
    pub(super) words: &'static str,
    pub(super) used: u64,
    pub(super) bound: u32,
}

impl Report {
    pub(super) fn new(
        survey: &Survey<'_>,
        code: &[u8],
        profile: &Profile,
        revision: Revision,
        prices: &Prices,
    ) -> Self {
        let imports = survey.imports.iter().map(|import| ImportReport {
            module: import.module.clone(),
            name: import.name.clone(),
            signature: import.known.map(ToString::to_string),
        });
        let features = survey.features.iter().map(|feature| FeatureReport {
            name: feature.name.clone(),
            taken: feature.taken,
            count: feature.count,
            place: Place::new(feature.offset, feature.function.as_ref()),
        });
        let limits = survey.limits.iter().map(|limit| LimitReport {
            name: limit.name,
            words: limit.words,
            used: limit.used,
            bound: limit.bound,
        });
        let valid = survey.validated.as_ref();
        Self {
            valid: valid.is_some(),
            profile: profile.name,
            revision: revision.name(),
            size: code.len(),
            reasons: survey.findings.iter().map(|finding| Reason::new(finding, profile)).collect(),
            more_reasons: survey.more,
            unchecked_from: survey.unchecked_from,
            imports: imports.collect(),
            features: features.collect(),
            depth: valid.map(|valid| DepthReport::new(&call_depth(valid))),
            start: valid.map(|valid| StartCost::new(valid.facts(), code.len(), prices)),
            limits: limits.collect(),
        }
    }
}

impl Reason {
    fn new(finding: &Finding, profile: &Profile) -> Self {
        let Finding { error, count } = finding;
        Self {
            message: error.violation.to_string(),
            place: Place::new(error.offset, error.function.as_deref()),
            count: *count,
            hint: hint(&error.violation, profile),
        }
    }
}

impl Place {
    fn new(offset: usize, function: Option<&Function>) -> Self {
        Self {
            offset,
            function: function.map(|function| function.index),
            name: function.and_then(|function| function.name.clone()),
            instruction: function.and_then(|function| function.instruction.clone()),
        }
    }
}

impl DepthReport {
    fn new(depth: &CallDepth) -> Self {
        let frames = depth.frames().iter().map(|frame| FrameReport {
            function: frame.function.index,
            name: frame.function.name.clone(),
            takes: frame.takes,
        });
        Self {
            recursive: matches!(depth, CallDepth::Recursive(_)),
            frames: frames.collect(),
            takes: depth.takes(),
            budget: DEPTH_BUDGET.unsigned_abs(),
        }
    }
}
