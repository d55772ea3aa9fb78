//! What calling a function may lead to.

use crate::validate::Facts;

/// What a call of a function may lead to.
#[derive(Clone, Copy, Default)]
pub(super) struct Reach {
    /// Somebody looks at the gas: the function calls the host, or may, or calls one that does.
    pub(super) observes: bool,
    /// It calls functions of its module, so it leaves its own depth in the global.
    pub(super) calls_own: bool,
    /// An import that takes the gas with its arguments.
    pub(super) takes_gas: bool,
}

/// The reach of each function, imports first. Linear in the number of calls.
pub(super) fn reach(facts: &Facts) -> Vec<Reach> {
    let imported = facts.imported_functions as usize;
    let mut reach =
        vec![Reach { observes: true, calls_own: false, takes_gas: false }; imported + facts.functions.len()];
    for (function, reach) in facts.functions.iter().zip(&mut reach[imported..]) {
        let own = function.calls.iter().any(|callee| *callee as usize >= imported);
        let host = function.calls.iter().any(|callee| (*callee as usize) < imported);
        // Through a table an import may be called as well.
        let table = !function.table_calls.is_empty();
        *reach = Reach { observes: host || table, calls_own: own || table, takes_gas: false };
    }
    let callers = Callers::new(facts, reach.len());
    let mut next: Vec<u32> =
        (0..).zip(&reach[imported..]).filter(|(_, r)| r.observes).map(|(i, _)| i).collect();
    while let Some(function) = next.pop() {
        for caller in callers.of(function as usize + imported) {
            let reach = &mut reach[*caller as usize + imported];
            if !reach.observes {
                reach.observes = true;
                next.push(*caller);
            }
        }
    }
    reach
}

/// Who calls whom, as one list in which those of each function are together.
struct Callers {
    ends: Vec<u32>,
    callers: Vec<u32>,
}

impl Callers {
    fn new(facts: &Facts, functions: usize) -> Self {
        let mut ends = vec![0; functions + 1];
        let calls =
            || (0..).zip(&facts.functions).flat_map(|(caller, f)| f.calls.iter().map(move |c| (caller, *c)));
        // Counted, added up, filled in from behind.
        calls().for_each(|(_, callee)| ends[callee as usize] += 1);
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut callers = vec![0; sum as usize];
        let mut at = ends.clone();
        for (caller, callee) in calls() {
            at[callee as usize] -= 1;
            callers[at[callee as usize] as usize] = caller;
        }
        Self { ends, callers }
    }

    fn of(&self, function: usize) -> &[u32] {
        let start = function.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.callers[start as usize..self.ends[function] as usize]
    }
}
