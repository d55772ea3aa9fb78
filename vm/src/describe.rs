//! What this VM is, for a person, a tool and for operators who compare nodes.

use std::fmt::Write;

use hebe_host_ei::{IMPORTS, Prices, Profile};
use serde_json::json;
use sha3::{Digest, Keccak256};

use crate::{
    meter::{DEPTH_BUDGET, FRAME_DEPTH, METER_VERSION},
    options::OPTIONS,
    schedule,
};

/// Version of this VM.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A hash over the tables that decide results: host functions, gas schedules, profiles with their
/// limits, prices, the meter. Nodes of the same version with the same fingerprint and the same options agree on every
/// outcome. 32 bytes in hex.
///
/// It changes only with the major version (before 1.0: the minor version).
pub fn fingerprint() -> String {
    let digest = Keccak256::digest(consensus_text());
    digest.iter().fold(String::from("0x"), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What the fingerprint is taken of: a line for each fact.
pub fn consensus_text() -> String {
    let mut lines = vec![format!("meter {METER_VERSION} depth {DEPTH_BUDGET} frame {FRAME_DEPTH}")];
    lines.extend(Prices::ALL.iter().map(schedule::canonical));
    lines.extend(IMPORTS.iter().map(|import| {
        let params: Vec<String> = import.params.iter().map(|(_, ty)| ty.to_string()).collect();
        let result = import.result.map(|ty| ty.to_string()).unwrap_or_default();
        let since = import.since.map_or("r4", |since| since.revision.name());
        format!("import {} {} ({}) ({result}) {since}", import.module, import.name, params.join(" "))
    }));
    for profile in Profile::ALL {
        let Profile { name, proposals, extensions, .. } = profile;
        lines.push(format!("profile {name} proposals {proposals} extensions {extensions}"));
        let limits = profile.limits.entries();
        lines.extend(limits.map(|(name, _, bound)| format!("limit {} {name} {bound}", profile.name)));
    }
    lines.join("\n")
}

/// Name, version, options and fingerprint as JSON.
pub fn describe_json() -> String {
    let options = OPTIONS.iter().map(|option| {
        json!({
            "name": option.name,
            "values": option.values,
            "default": option.default,
            "about": option.about,
        })
    });
    json!({
        "name": "hebe",
        "version": VERSION,
        "fingerprint": fingerprint(),
        "options": options.collect::<Vec<_>>(),
    })
    .to_string()
}
