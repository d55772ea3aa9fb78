//! What becomes of a broken rule: it ends the check, or is written down.

use std::{
    collections::{BTreeMap, HashMap},
    mem::{Discriminant, discriminant},
};

use super::{Finding, InvalidCode, Violation};

/// Takes broken rules. An `Err` ends the check.
pub(super) trait Sink {
    /// A rule after which the check can go on.
    fn report(&mut self, error: InvalidCode) -> Result<(), InvalidCode>;

    /// A rule of wasm: what follows of the function or the module may only seem wrong.
    fn broken(&mut self, error: InvalidCode) -> Result<(), InvalidCode>;

    /// How much there is of something, and how much there may be.
    fn limit(
        &mut self,
        offset: u64,
        limit: &'static str,
        what: &'static str,
        found: u64,
        bound: u32,
    ) -> Result<(), InvalidCode> {
        if found > u64::from(bound) {
            return self.report(InvalidCode::at(offset, Violation::Limit { limit, what, found, bound }));
        }
        Ok(())
    }
}

/// The first broken rule ends the check.
pub(super) struct First;

impl Sink for First {
    fn report(&mut self, error: InvalidCode) -> Result<(), InvalidCode> {
        Err(error)
    }

    fn broken(&mut self, error: InvalidCode) -> Result<(), InvalidCode> {
        Err(error)
    }
}

/// Findings of one kind that are kept; a module can be made that has a million.
const MOST_OF_A_KIND: u64 = 32;

/// Every broken rule, and how much there is of what is limited.
#[derive(Default)]
pub(super) struct All {
    pub(super) findings: Vec<Finding>,
    /// How many findings are not among them.
    pub(super) more: u64,
    pub(super) used: BTreeMap<&'static str, u64>,
    /// Rules of wasm after which no further ones were checked.
    pub(super) broken: Vec<InvalidCode>,
    /// Where in `findings` a limit is.
    limits: BTreeMap<&'static str, usize>,
    kinds: HashMap<Kind, u64>,
}

/// What findings are counted by: the rule, and what it is about where the module has no say in that.
type Kind = (Discriminant<Violation>, String);

impl Sink for All {
    fn report(&mut self, error: InvalidCode) -> Result<(), InvalidCode> {
        self.add(Finding { error, count: 1 });
        Ok(())
    }

    fn broken(&mut self, error: InvalidCode) -> Result<(), InvalidCode> {
        if !self.broken.contains(&error) {
            self.broken.push(error);
        }
        Ok(())
    }

    /// A limit that is exceeded once more adds to the count of the first time.
    fn limit(
        &mut self,
        offset: u64,
        limit: &'static str,
        what: &'static str,
        found: u64,
        bound: u32,
    ) -> Result<(), InvalidCode> {
        let used = self.used.entry(limit).or_default();
        *used = found.max(*used);
        if found <= u64::from(bound) {
            return Ok(());
        }
        if let Some(finding) = self.limits.get(limit).and_then(|index| self.findings.get_mut(*index)) {
            finding.count += 1;
            return Ok(());
        }
        self.limits.insert(limit, self.findings.len());
        self.report(InvalidCode::at(offset, Violation::Limit { limit, what, found, bound }))
    }
}

impl All {
    /// Keeps a finding, or only counts it.
    pub(super) fn add(&mut self, finding: Finding) {
        let about = match &finding.error.violation {
            Violation::Limit { limit, .. } => (*limit).to_owned(),
            Violation::Feature { feature, .. } => feature.clone(),
            _ => String::new(),
        };
        let kind = self.kinds.entry((discriminant(&finding.error.violation), about)).or_default();
        *kind += 1;
        if *kind > MOST_OF_A_KIND {
            self.more += 1;
        } else {
            self.findings.push(finding);
        }
    }

    /// The findings are a function's.
    pub(super) fn in_function(mut self, index: u32) -> Self {
        let findings = self.findings.into_iter();
        self.findings = findings
            .map(|Finding { error, count }| Finding { error: error.in_function(index), count })
            .collect();
        self
    }

    /// Adds what was found in a part.
    pub(super) fn merge(&mut self, part: Self) {
        part.findings.into_iter().for_each(|finding| self.add(finding));
        self.more += part.more;
        for (limit, used) in part.used {
            let most = self.used.entry(limit).or_default();
            *most = used.max(*most);
        }
    }
}
