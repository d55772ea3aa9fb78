//! What `hebe cache` answers.

use std::time::{Duration, SystemTime};

use hebe_artifacts::{Artifacts, Contents, Damage, EntryFile, FORMAT, Pruned, Why};
use indicatif::{HumanBytes, HumanDuration};
use serde::Serialize;

use crate::print::{self, Style, count, field};

/// How much there is.
#[derive(Serialize)]
pub(crate) struct Stats {
    dir: String,
    format: u32,
    entries: usize,
    bytes: u64,
    leftovers: usize,
    leftover_bytes: u64,
    other_files: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    longest_unused_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_seconds: Option<u64>,
}

impl Stats {
    pub(crate) fn new(artifacts: &Artifacts, contents: &Contents) -> Self {
        let now = SystemTime::now();
        let age = |entry: Option<&EntryFile>| entry.map(|entry| entry.age(now).as_secs());
        Self {
            dir: dir(artifacts),
            format: FORMAT,
            entries: contents.entries.len(),
            bytes: contents.entry_bytes(),
            leftovers: contents.temporaries.len(),
            leftover_bytes: contents.bytes() - contents.entry_bytes(),
            other_files: contents.others,
            longest_unused_seconds: age(contents.entries.first()),
            last_used_seconds: age(contents.entries.last()),
        }
    }

    pub(crate) fn text(&self, style: Style) -> String {
        let mut text =
            field(style, "cache", &format!("{}, format {}", print::one_line(&self.dir), self.format));
        text += &field(style, "entries", &of_size(&self.entries.to_string(), self.bytes));
        if let (Some(longest), Some(last)) = (self.longest_unused_seconds, self.last_used_seconds) {
            text +=
                &field(style, "last used", &format!("{}; the longest unused {}", ago(last), ago(longest)));
        }
        text += &unfinished(style, self.leftovers, self.leftover_bytes);
        if self.other_files > 0 {
            text += &field(style, "other files", &format!("{}, none of ours", self.other_files));
        }
        text
    }
}

/// Which are sound.
#[derive(Serialize)]
pub(crate) struct Verified {
    dir: String,
    entries: usize,
    bytes: u64,
    pub(crate) damaged: Vec<Damaged>,
    leftovers: usize,
    leftover_bytes: u64,
}

/// A file and what is wrong with it, or why it went.
#[derive(Serialize)]
pub(crate) struct Damaged {
    name: String,
    bytes: u64,
    why: String,
}

impl Damaged {
    /// None for what another process removed meanwhile.
    pub(crate) fn new(entry: &EntryFile, damage: &Damage) -> Option<Self> {
        let gone = matches!(damage, Damage::Gone);
        (!gone).then(|| Self { name: entry.name(), bytes: entry.bytes, why: damage.to_string() })
    }

    fn text(&self) -> String {
        format!("{}\n{}", self.name, self.why)
    }
}

impl Verified {
    pub(crate) fn new(artifacts: &Artifacts, contents: &Contents) -> Self {
        Self {
            dir: dir(artifacts),
            entries: contents.entries.len(),
            bytes: contents.entry_bytes(),
            damaged: Vec::new(),
            leftovers: contents.temporaries.len(),
            leftover_bytes: contents.bytes() - contents.entry_bytes(),
        }
    }

    pub(crate) fn text(&self, style: Style) -> String {
        let mut text: String =
            self.damaged.iter().map(|damaged| field(style, "damaged", &damaged.text())).collect();
        let read = of_size(&count(self.entries, "file"), self.bytes);
        let verdict = match self.damaged.len() {
            0 => style.good("all sound"),
            number => style.bad(&format!("{number} damaged")),
        };
        text += &field(style, "verified", &format!("{read}: {verdict}"));
        if !self.damaged.is_empty() {
            text += &field(
                style,
                "",
                "`hebe cache prune` removes what is damaged; it is compiled again when it is needed",
            );
        }
        text + &unfinished(style, self.leftovers, self.leftover_bytes)
    }
}

/// What went.
#[derive(Serialize)]
pub(crate) struct PruneReport {
    dir: String,
    removed: Vec<Damaged>,
    freed: u64,
    pub(crate) failed: Vec<Kept>,
    entries: usize,
    bytes: u64,
    #[serde(skip)]
    reasons: String,
}

/// A file that would not go.
#[derive(Serialize)]
pub(crate) struct Kept {
    name: String,
    bytes: u64,
    why: String,
    error: String,
}

impl PruneReport {
    pub(crate) fn new(artifacts: &Artifacts, pruned: &Pruned) -> Self {
        let removed = pruned.removed.iter().map(|one| Damaged {
            name: one.name.clone(),
            bytes: one.bytes,
            why: one.why.to_string(),
        });
        let failed = pruned.failed.iter().map(|one| Kept {
            name: one.name.clone(),
            bytes: one.bytes,
            why: one.why.to_string(),
            error: one.error.to_string(),
        });
        Self {
            dir: dir(artifacts),
            removed: removed.collect(),
            freed: pruned.removed.iter().map(|one| one.bytes).sum(),
            failed: failed.collect(),
            entries: pruned.entries,
            bytes: pruned.bytes,
            reasons: reasons(pruned),
        }
    }

    pub(crate) fn text(&self, style: Style) -> String {
        let mut text: String = self.removed.iter().map(|one| field(style, "removed", &one.text())).collect();
        for one in &self.failed {
            let what = format!("{}\n{}\n{}", one.name, one.why, style.bad(&one.error));
            text += &field(style, "not removed", &what);
        }
        let freed = if self.removed.is_empty() { "nothing".to_owned() } else { self.reasons.clone() };
        text += &field(style, "freed", &freed);
        text += &field(style, "left", &of_size(&count_entries(self.entries), self.bytes));
        if !self.failed.is_empty() {
            let failed = count(self.failed.len(), "file");
            text += &field(style, "", &style.bad(&format!("{failed} could not be removed")));
        }
        text
    }
}

/// What a killed process left, if anything: who still writes cannot be told apart at a glance.
fn unfinished(style: Style, files: usize, bytes: u64) -> String {
    if files == 0 {
        return String::new();
    }
    let left = of_size(&count(files, "file"), bytes);
    let more = "being written, or left by a process that was killed (`hebe cache prune` removes these)";
    field(style, "unfinished", &format!("{left}\n{more}"))
}

/// How many for which reason, and what they took.
fn reasons(pruned: &Pruned) -> String {
    let number = |is: fn(&Why) -> bool| pruned.removed.iter().filter(|one| is(&one.why)).count();
    let kinds = [
        ("damaged", number(|why| matches!(why, Why::Damaged(_)))),
        ("left over", number(|why| matches!(why, Why::LeftOver))),
        ("old", number(|why| matches!(why, Why::Old))),
        ("to make room", number(|why| matches!(why, Why::Room))),
        ("because of --all", number(|why| matches!(why, Why::All))),
    ];
    let kinds =
        kinds.iter().filter(|(_, number)| *number > 0).map(|(kind, number)| format!("{number} {kind}"));
    let bytes = pruned.removed.iter().map(|one| one.bytes).sum();
    format!("{}: {}", size(bytes), kinds.collect::<Vec<_>>().join(", "))
}

fn dir(artifacts: &Artifacts) -> String {
    artifacts.path().display().to_string()
}

fn count_entries(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

fn of_size(what: &str, bytes: u64) -> String {
    format!("{what}, {}", size(bytes))
}

fn size(bytes: u64) -> String {
    format!("{} ({bytes} bytes)", HumanBytes(bytes))
}

fn ago(seconds: u64) -> String {
    match seconds {
        0..60 => "within a minute".to_owned(),
        // What a time far ahead of the clock counts as.
        u64::MAX => "at a time that is not yet".to_owned(),
        seconds => format!("{} ago", HumanDuration(Duration::from_secs(seconds))),
    }
}
