//! What a run did, as JSON and as text.

use std::iter;

use hebe_host_ei::{Bytes32, Fault, Gas, Revision, StatusCode};
use hebe_state::{Log, Receipt, State};
use serde::Serialize;

use super::changes::{AccountReport, CodeReport, by_account};
use crate::{
    print::{Style, count, field, hex, one_line},
    vms::MeteringReport,
};

/// What was asked.
pub(crate) struct Context {
    pub(crate) vm: String,
    /// Who pays for wasm instructions, if wasm runs and it is known.
    pub(crate) metering: Option<MeteringReport>,
    pub(crate) revision: Revision,
    pub(crate) gas: Gas,
    /// The reason for a failure if the VM gives none.
    pub(crate) otherwise: Option<String>,
}

/// The answer. Bytes are hex, amounts of wei are decimal.
#[derive(Serialize)]
pub(crate) struct Report {
    status: &'static str,
    status_code: i32,
    words: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    vm: String,
    #[serde(flatten)]
    metering: Option<MeteringReport>,
    revision: &'static str,
    gas: Gas,
    gas_used: u64,
    gas_left: Gas,
    gas_refund: Gas,
    output: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<Created>,
    logs: Vec<LogReport>,
    changes: Vec<AccountReport>,
    #[serde(skip)]
    output_bytes: Vec<u8>,
}

#[derive(Serialize)]
struct Created {
    address: String,
    code: CodeReport,
}

#[derive(Serialize)]
struct LogReport {
    address: String,
    topics: Vec<String>,
    data: String,
}

impl Report {
    pub(crate) fn new(context: Context, receipt: &Receipt, (before, after): (&State, &State)) -> Self {
        let outcome = &receipt.outcome;
        let created = receipt.created.map(|address| Created {
            address: address.to_string(),
            code: CodeReport::new(&outcome.output.as_slice().into()),
        });
        Self {
            status: outcome.status.name(),
            status_code: outcome.status as i32,
            words: outcome.status.words(),
            reason: outcome.reason.as_ref().map(ToString::to_string).or(context.otherwise),
            vm: context.vm,
            metering: context.metering,
            revision: context.revision.name(),
            gas: context.gas,
            gas_used: receipt.gas_used,
            gas_left: outcome.gas_left,
            gas_refund: outcome.gas_refund,
            output: hex(&outcome.output),
            created,
            logs: receipt.logs.iter().map(LogReport::new).collect(),
            changes: by_account(before, &before.diff(after)),
            output_bytes: outcome.output.clone(),
        }
    }

    /// For a person.
    pub(crate) fn text(&self, style: Style) -> String {
        let succeeded = self.status == StatusCode::Success.name();
        let status = format!("{} ({})", self.words, self.status);
        let status = if succeeded { style.good(&status) } else { style.bad(&status) };
        let mut text = field(style, "status", &status);
        // A contract that reverts says why in its output.
        let ends_well = [StatusCode::Success, StatusCode::Revert].iter().any(|end| self.status == end.name());
        if let Some(reason) = self.reason.as_ref().filter(|_| !ends_well) {
            text += &field(style, "reason", &one_line(reason));
        }
        text += &field(style, "vm", &format!("{}, at {}", one_line(&self.vm), self.revision));
        if let Some(metering) = &self.metering {
            text += &field(style, "metering", &metering.text());
        }
        text +=
            &field(style, "gas", &format!("{} used, {} left of {}", self.gas_used, self.gas_left, self.gas));
        if self.gas_refund != 0 {
            text += &field(style, "refund", &format!("{}, if a transaction grants it", self.gas_refund));
        }
        match &self.created {
            Some(Created { address, code }) => {
                text += &field(style, "created", &format!("{address}\n  code {}", code.text()));
            }
            None => text += &field(style, "output", &output_text(&self.output_bytes)),
        }
        for log in &self.logs {
            text += &field(style, "log", &log.text());
        }
        let labels = iter::once("changes").chain(iter::repeat(""));
        for (account, label) in self.changes.iter().zip(labels) {
            text += &field(style, label, &account.text());
        }
        text
    }
}

/// A failure of this node, for JSON.
#[derive(Serialize)]
pub(crate) struct FaultReport<'a> {
    status: &'static str,
    status_code: i32,
    words: &'static str,
    reason: String,
    vm: &'a str,
    revision: &'static str,
    gas: Gas,
}

impl<'a> FaultReport<'a> {
    pub(crate) fn new(context: &'a Context, fault: &Fault) -> Self {
        let status = fault.status();
        Self {
            status: status.name(),
            status_code: status as i32,
            words: status.words(),
            reason: fault.to_string(),
            vm: &context.vm,
            revision: context.revision.name(),
            gas: context.gas,
        }
    }
}

/// The longest output that is shown whole.
const MOST_OUTPUT: usize = 1024;

fn output_text(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "none".to_owned();
    }
    if bytes.len() > MOST_OUTPUT {
        let (shown, size) = (hex(&bytes[..MOST_OUTPUT]), count(bytes.len(), "byte"));
        return format!("{shown}… ({size}; --json shows all)");
    }
    hex(bytes) + &meaning(bytes).map(|meaning| format!("\n= {meaning}")).unwrap_or_default()
}

/// What bytes may stand for: a number in 32 bytes unless it is as large as an address or a hash, or text.
fn meaning(bytes: &[u8]) -> Option<String> {
    if let Ok(word) = bytes.try_into().map(Bytes32)
        && word.0.starts_with(&[0; 16])
    {
        return Some(word.to_u256().to_string());
    }
    let text = str::from_utf8(bytes).ok()?;
    let printable = |c: char| !c.is_control() || c == '\n' || c == '\t';
    text.chars().all(printable).then(|| format!("{text:?}"))
}

impl LogReport {
    fn new(log: &Log) -> Self {
        Self {
            address: log.address.to_string(),
            topics: log.topics.iter().map(ToString::to_string).collect(),
            data: hex(&log.data),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("from {}", self.address);
        for topic in &self.topics {
            text += &format!("\n  topic {topic}");
        }
        text + &format!("\n  data  {}", self.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_in_words() {
        let word = |last: u8| Bytes32::from(u64::from(last)).0.to_vec();
        assert_eq!(output_text(&[]), "none");
        assert_eq!(output_text(&[0xff]), "0xff");
        assert_eq!(output_text(b"hi\n"), "0x68690a\n= \"hi\\n\"");
        assert_eq!(output_text(b"\x1b[31m"), "0x1b5b33316d");
        assert_eq!(output_text(&word(7)), format!("0x{}07\n= 7", "00".repeat(31)));
        // A hash is a number to nobody.
        assert_eq!(output_text(&[0xff; 32]), format!("0x{}", "ff".repeat(32)));
        assert!(output_text(&[0; 1024]).ends_with("00"));
        let long = output_text(&[0; 1025]);
        assert!(long.ends_with("00… (1025 bytes; --json shows all)"), "{long}");
    }
}
