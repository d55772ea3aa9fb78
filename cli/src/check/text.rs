//! The answer of `hebe check` for a person.

use std::collections::BTreeMap;

use super::report::{DepthReport, FeatureReport, ImportReport, LimitReport, Place, Reason, Report};
use crate::print::{Style, count, field, one_line};

/// Places that are shown of reasons that say the same.
const MOST_PLACES: usize = 3;
/// Frames that are shown at either end of a long chain.
const MOST_FRAMES: usize = 8;
/// Width of the column of limits' names, and of the bar.
const NAME: usize = 16;
const BAR: u64 = 10;

impl Report {
    pub(super) fn text(&self, style: Style) -> String {
        let mut text = field(style, "contract", &self.verdict(style));
        text += &self.reasons_text(style);
        text += &field(style, "size", &count(self.size, "byte"));
        text += &field(style, "imports", &imports_text(&self.imports));
        text += &field(style, "features", &features_text(&self.features, self.profile));
        if let Some(depth) = &self.depth {
            text += &field(style, "call depth", &depth.text());
        }
        if let Some(start) = &self.start {
            text += &field(style, "start", &start.text());
        }
        text + &field(style, "limits", &limits_text(&self.limits, style))
    }

    fn verdict(&self, style: Style) -> String {
        let (profile, revision) = (self.profile, self.revision);
        if self.valid {
            return format!("{} under the profile {profile} at {revision}", style.good("valid"));
        }
        let reasons = count(self.reasons.len() + self.more_reasons as usize, "reason");
        format!("{} under the profile {profile} at {revision}: {reasons}", style.bad("not valid"))
    }

    /// Reasons that say the same are told together, where the first of them is.
    fn reasons_text(&self, style: Style) -> String {
        let mut groups: Vec<(&Reason, Vec<&Reason>)> = Vec::new();
        let mut by_message: BTreeMap<&str, usize> = BTreeMap::new();
        for reason in &self.reasons {
            let index = *by_message.entry(&reason.message).or_insert(groups.len());
            match groups.get_mut(index) {
                Some((_, others)) => others.push(reason),
                None => groups.push((reason, Vec::new())),
            }
        }
        let mut text = String::new();
        for (first, others) in &groups {
            text += &field(style, "reason", &reason_text(first, others, style));
        }
        if self.more_reasons > 0 {
            text += &field(style, "", &format!("and {} more of these kinds", self.more_reasons));
        }
        if let Some(offset) = self.unchecked_from {
            let words = format!(
                "after offset {offset:#x} the rules of wasm were not checked: they mean nothing there"
            );
            text += &field(style, "", &words);
        }
        text
    }
}

fn reason_text(first: &Reason, others: &[&Reason], style: Style) -> String {
    let mut text = style.bad(&one_line(&first.message));
    for reason in [&first].into_iter().chain(others).take(MOST_PLACES) {
        text += &format!("\n  {}{}", reason.place.text(), times(reason.count));
    }
    if others.len() >= MOST_PLACES {
        text += &format!("\n  and {}", count(others.len() + 1 - MOST_PLACES, "other place"));
    }
    if let Some(hint) = &first.hint {
        text += &format!("\n  {} {}", style.label("to do:"), one_line(hint));
    }
    text
}

fn times(count: u64) -> String {
    if count > 1 { format!(", {count} times") } else { String::new() }
}

impl Place {
    fn text(&self) -> String {
        let mut text = format!("at offset {:#x}", self.offset);
        if let Some(function) = self.function {
            text += &format!(", in function {}", named(function, self.name.as_deref()));
        }
        if let Some(instruction) = &self.instruction {
            text += &format!(", `{instruction}`");
        }
        text
    }
}

fn named(function: u32, name: Option<&str>) -> String {
    name.map_or_else(|| function.to_string(), |name| format!("{function} {name:?}"))
}

fn imports_text(imports: &[ImportReport]) -> String {
    if imports.is_empty() {
        return "none".to_owned();
    }
    let lines = imports.iter().map(|import| match &import.signature {
        Some(signature) => format!("{}.{signature}", import.module),
        None => format!("{:?} {:?}, which does not exist", import.module, import.name),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn features_text(features: &[FeatureReport], profile: &str) -> String {
    if features.is_empty() {
        return "none beyond the first release of wasm".to_owned();
    }
    let lines = features.iter().map(|feature| {
        let taken = if feature.taken { String::new() } else { format!(", not in {profile}") };
        let places = count(feature.count as usize, "place");
        format!("{}{taken}: {places}, first {}", feature.name, feature.place.text())
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl DepthReport {
    fn text(&self) -> String {
        let share = percent(self.takes, self.budget);
        let mut text = if self.recursive {
            format!(
                "recursive: each round of these calls takes {} of {}, which alone bounds it",
                self.takes, self.budget
            )
        } else {
            let words = format!("at most {} of {} ({share})", self.takes, self.budget);
            if self.takes > self.budget {
                words + ": this chain does not fit, it ends with STACK_OVERFLOW"
            } else {
                words
            }
        };
        let hidden = self.frames.len().saturating_sub(2 * MOST_FRAMES);
        for (index, frame) in self.frames.iter().enumerate() {
            if hidden > 0 && index == MOST_FRAMES {
                text += &format!("\n  … {} …", count(hidden, "more frame"));
            }
            if hidden == 0 || index < MOST_FRAMES || index >= MOST_FRAMES + hidden {
                let main = if index == 0 && !self.recursive { ", main" } else { "" };
                let name = named(frame.function, frame.name.as_deref());
                text += &format!("\n{:>10}  function {name}{main}", frame.takes);
            }
        }
        text
    }
}

/// The fullest first.
fn limits_text(limits: &[LimitReport], style: Style) -> String {
    let share = |limit: &LimitReport| limit.used.saturating_mul(1_000_000) / u64::from(limit.bound.max(1));
    let mut limits: Vec<_> = limits.iter().collect();
    limits.sort_by_key(|limit| std::cmp::Reverse(share(limit)));
    let lines = limits.into_iter().map(|limit| {
        let LimitReport { name, words, used, bound } = limit;
        let full = (used * BAR).div_ceil(u64::from(*bound).max(1)).min(BAR) as usize;
        let bar = format!("{}{}", "#".repeat(full), ".".repeat(BAR as usize - full));
        let bar = if *used > u64::from(*bound) { style.bad(&bar) } else { bar };
        format!("{name:NAME$} {bar} {:>6}  {used} of {bound} {words}", percent(*used, u64::from(*bound)))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Something is more than nothing, and too much more than all.
fn percent(used: u64, bound: u64) -> String {
    let hundredfold = used.saturating_mul(100);
    match bound.max(1) {
        bound if used > 0 && hundredfold < bound => "<1 %".to_owned(),
        bound if used > bound => format!("{} %", hundredfold.div_ceil(bound)),
        bound => format!("{} %", hundredfold / bound),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents() {
        let cases =
            [(0, 256, "0 %"), (1, 256, "<1 %"), (255, 256, "99 %"), (256, 256, "100 %"), (257, 256, "101 %")];
        for (used, bound, text) in cases {
            assert_eq!(percent(used, bound), text);
        }
    }
}
