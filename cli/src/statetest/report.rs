//! What came of a case and of all of them, as JSON and as text.

use std::{collections::BTreeMap, path::Path};

use hebe_state::{TxError, statetest::Report};
use serde::Serialize;

use super::Job;
use crate::print::{self, Style, one_line};

/// A case and what came of it.
#[derive(Serialize)]
pub(super) struct Line {
    file: String,
    test: String,
    fork: String,
    data: usize,
    gas: usize,
    value: usize,
    result: Verdict,
    #[serde(flatten)]
    came: Option<Came>,
    expected_root: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_logs_hash: Option<String>,
    /// Why it is skipped, or what failed.
    failures: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_difference: Option<Difference>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Pass,
    Fail,
    Skip,
}

#[derive(Serialize)]
struct Came {
    expects_success: bool,
    /// EVMC's name of the status, or `INVALID` for a transaction that the rules forbid.
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gas_used: Option<u64>,
    root: String,
    logs_hash: String,
}

/// Where the state differs from the one in the file.
#[derive(Serialize)]
struct Difference {
    address: String,
    change: String,
}

impl Line {
    /// `None` if the run panicked.
    pub(super) fn new(job: &Job<'_>, ran: Option<Result<Report, String>>) -> Self {
        let case = job.case;
        let mut line = Self {
            file: job.file.to_owned(),
            test: job.test.name.clone(),
            fork: case.fork.clone(),
            data: case.indexes.data,
            gas: case.indexes.gas,
            value: case.indexes.value,
            result: Verdict::Fail,
            came: None,
            expected_root: case.root.to_string(),
            expected_logs_hash: case.logs_hash.map(|hash| hash.to_string()),
            failures: Vec::new(),
            first_difference: None,
        };
        match ran {
            None => line.failures = vec!["this program panicked, see above; please report it".to_owned()],
            Some(Err(reason)) => (line.result, line.failures) = (Verdict::Skip, vec![reason]),
            Some(Ok(report)) => line.fill(&report),
        }
        line
    }

    fn fill(&mut self, report: &Report) {
        self.result = if report.passed() { Verdict::Pass } else { Verdict::Fail };
        self.failures.clone_from(&report.failures);
        let difference = |(address, change): &(_, hebe_state::Change)| Difference {
            address: format!("{address}"),
            change: change.to_string(),
        };
        self.first_difference = report.first_difference.as_ref().map(difference);
        self.came = Some(Came::new(report));
    }

    /// The name of the folder of the file.
    fn area(&self) -> String {
        let folder = Path::new(&self.file).parent().and_then(Path::file_name);
        folder.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// For a person, if the case failed; else empty.
    pub(super) fn failure_text(&self, style: Style) -> String {
        if self.result != Verdict::Fail {
            return String::new();
        }
        let Self { test, fork, data, gas, value, file, .. } = self;
        let (test, fork, file) = (one_line(test), one_line(fork), one_line(file));
        let mut text = style.bad("FAIL");
        text += &format!(" {test} ({fork}, data {data}, gas {gas}, value {value}) in {file}\n");
        for failure in &self.failures {
            text += &format!("  {}\n", one_line(failure));
        }
        if let Some(came) = &self.came {
            text += &came.text(&self.failures);
        }
        if let Some(Difference { address, change }) = &self.first_difference {
            text += &format!("  first difference, expected -> came: {address} {change}\n");
        }
        text
    }
}

impl Came {
    fn new(report: &Report) -> Self {
        let (status, reason, gas_used) = match &report.result {
            Ok(receipt) => {
                let reason = receipt.outcome.reason.as_ref().map(ToString::to_string);
                (receipt.outcome.status.name(), reason, Some(receipt.gas_used))
            }
            Err(TxError::Invalid(reason)) => ("INVALID", Some(reason.clone()), None),
            Err(TxError::Fault(fault)) => (fault.status().name(), Some(fault.to_string()), None),
        };
        Self {
            expects_success: report.expects_success,
            status: status.to_owned(),
            reason,
            gas_used,
            root: report.root.to_string(),
            logs_hash: report.logs_hash.to_string(),
        }
    }

    /// What is not said by the failures.
    fn text(&self, failures: &[String]) -> String {
        let mut text = format!("  status {}", self.status);
        if let Some(reason) = self.reason.as_ref().filter(|reason| !failures.contains(reason)) {
            text += &format!(": {}", one_line(reason));
        }
        if let Some(gas) = self.gas_used {
            text += &format!("\n  gas used {gas}");
        }
        let expects = if self.expects_success { "success" } else { "failure, or nothing of the call" };
        text + &format!("\n  the case expects {expects}\n")
    }
}

/// What came of all cases.
#[derive(Default, Serialize)]
pub(super) struct Summary {
    cases: usize,
    passed: usize,
    failed: usize,
    skipped: usize,
    expecting_success: Tally,
    /// By the folder of the file, then by fork; what is missing to the number of cases is skipped.
    areas: BTreeMap<String, BTreeMap<String, Tally>>,
    skip_reasons: BTreeMap<String, usize>,
    /// Files that could not be read.
    unreadable: usize,
}

#[derive(Default, Serialize)]
struct Tally {
    cases: usize,
    passed: usize,
    failed: usize,
}

impl Tally {
    fn add(&mut self, result: Verdict) {
        self.cases += 1;
        self.passed += usize::from(result == Verdict::Pass);
        self.failed += usize::from(result == Verdict::Fail);
    }
}

impl Summary {
    pub(super) fn new(unreadable: usize) -> Self {
        Self { unreadable, ..Self::default() }
    }

    pub(super) fn add(&mut self, line: &Line) {
        self.cases += 1;
        match line.result {
            Verdict::Pass => self.passed += 1,
            Verdict::Fail => self.failed += 1,
            Verdict::Skip => {
                self.skipped += 1;
                for reason in &line.failures {
                    *self.skip_reasons.entry(reason.clone()).or_default() += 1;
                }
            }
        }
        let area = self.areas.entry(line.area()).or_default();
        area.entry(line.fork.clone()).or_default().add(line.result);
        if line.came.as_ref().is_some_and(|came| came.expects_success) {
            self.expecting_success.add(line.result);
        }
    }

    /// True if something ran and nothing failed.
    pub(super) fn passed(&self) -> bool {
        self.passed > 0 && self.failed == 0 && self.unreadable == 0
    }

    pub(super) fn json(&self) -> String {
        print::json_line(&BTreeMap::from([("summary", self)]))
    }

    pub(super) fn text(&self, style: Style) -> String {
        let Self { passed, failed, skipped, expecting_success: success, .. } = self;
        let verdict = match (self.passed(), passed + failed) {
            (true, _) => style.good("ok"),
            (false, 0) => style.bad("no case ran"),
            (false, _) => style.bad("FAILED"),
        };
        let mut text = format!("{verdict}: {passed} passed, {failed} failed, {skipped} skipped");
        if self.unreadable > 0 {
            text += &format!(", {} unreadable", print::count(self.unreadable, "file"));
        }
        text += "\n";
        if success.cases > 0 {
            let Tally { cases, passed, failed } = success;
            text += &format!("expecting success: {cases}, of these {passed} passed, {failed} failed\n");
        }
        for (reason, number) in &self.skip_reasons {
            text += &format!("skipped {number}: {}\n", one_line(reason));
        }
        text
    }
}
