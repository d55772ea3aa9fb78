//! How deep calls can nest in one message, as far as a module shows it.

use std::iter;

use super::{Facts, Function, Validated, names::Names};
use crate::meter::DEPTH_BUDGET;

/// The deepest nest of calls that `main` can make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallDepth {
    /// The frames of the deepest chain of calls, `main` first.
    Chain(Vec<Frame>),
    /// Functions that call one another in a circle, so that only the budget bounds the depth.
    Recursive(Vec<Frame>),
}

/// A function's frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Whose it is.
    pub function: Function,
    /// What it takes of [`DEPTH_BUDGET`](crate::meter::DEPTH_BUDGET).
    pub takes: u32,
}

impl CallDepth {
    /// The frames of the chain or the circle.
    pub fn frames(&self) -> &[Frame] {
        let (Self::Chain(frames) | Self::Recursive(frames)) = self;
        frames
    }

    /// What the frames take together.
    pub fn takes(&self) -> u64 {
        self.frames().iter().map(|frame| u64::from(frame.takes)).sum()
    }
}

/// Finds the deepest chain of calls from `main`. A `call_indirect` may call each function of its type that is in an element
/// segment. Takes time linear in the length of the module.
pub fn call_depth(module: &Validated<'_>) -> CallDepth {
    let facts = module.facts();
    let names = Names::new(module.bytes());
    let frame = |node: usize| {
        let own = facts.functions.get(node)?;
        let index = facts.imported_functions + node as u32;
        Some(Frame { function: names.function(index, None), takes: own.frame() })
    };
    match Graph::new(facts).deepest() {
        Ok((chain, _)) => CallDepth::Chain(chain.into_iter().filter_map(frame).collect()),
        Err(circle) => CallDepth::Recursive(circle.into_iter().filter_map(frame).collect()),
    }
}

/// True if no chain of calls from `main` leaves the depth budget, so that nothing has to watch over it.
pub(crate) fn fits_budget(facts: &Facts) -> bool {
    Graph::new(facts).deepest().is_ok_and(|(_, takes)| takes <= DEPTH_BUDGET.unsigned_abs())
}

/// Who calls whom. The functions of the module are the first nodes; behind them is one for each signature, which stands
/// for all that a `call_indirect` can reach with it: so there are no more edges than calls and elements. Host functions
/// are no nodes, since they take nothing of the budget.
struct Graph<'a> {
    facts: &'a Facts,
    /// The functions in tables, by their signature.
    tables: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn new(facts: &'a Facts) -> Self {
        let mut tables = Vec::new();
        if facts.functions.iter().any(|function| !function.table_calls.is_empty()) {
            tables = vec![Vec::new(); facts.signatures.len()];
            for node in facts.table_functions.iter().filter_map(|function| own(facts, *function)) {
                let ty = facts.functions.get(node).map(|function| function.ty as usize);
                let signature = ty.and_then(|ty| facts.signatures.get(ty));
                if let Some(table) = signature.and_then(|signature| tables.get_mut(*signature as usize)) {
                    table.push(node);
                }
            }
        }
        Self { facts, tables }
    }

    /// The callee of a node with this number: `None` behind the last one, `Some(None)` for a host function.
    fn callee(&self, node: usize, number: usize) -> Option<Option<usize>> {
        let functions = self.facts.functions.len();
        let Some(function) = self.facts.functions.get(node) else {
            return self.tables.get(node - functions)?.get(number).map(|callee| Some(*callee));
        };
        match function.calls.get(number) {
            Some(callee) => Some(own(self.facts, *callee)),
            None => {
                let ty = function.table_calls.get(number - function.calls.len())?;
                let signature = self.facts.signatures.get(*ty as usize);
                Some(signature.map(|signature| functions + *signature as usize))
            }
        }
    }

    /// The nodes of the heaviest path from `main` and what they take together, or those of a circle on a path from it.
    /// Without recursion of its own, which a module could drive too deep.
    fn deepest(&self) -> Result<(Vec<usize>, u64), Vec<usize>> {
        let Some(main) = own(self.facts, self.facts.main) else { return Ok((Vec::new(), 0)) };
        let functions = &self.facts.functions;
        let weight = |node: usize| functions.get(node).map_or(0, |function| u64::from(function.frame()));
        let mut visits = vec![Visit::default(); functions.len() + self.tables.len()];
        // The path from `main`, and how many calls of each node on it are done with.
        let mut path = vec![(main, 0)];
        visits[main].open = true;
        while let Some((node, done)) = path.last_mut() {
            let node = *node;
            let callee = match self.callee(node, *done) {
                Some(Some(callee)) => callee,
                Some(None) => {
                    *done += 1;
                    continue;
                }
                None => {
                    visits[node].open = false;
                    visits[node].done = true;
                    visits[node].heaviest += weight(node);
                    path.pop();
                    continue;
                }
            };
            if visits[callee].open {
                let circle = path.iter().map(|(node, _)| *node);
                return Err(circle.skip_while(|node| *node != callee).collect());
            }
            if visits[callee].done {
                *done += 1;
                if visits[node].next.is_none() || visits[callee].heaviest > visits[node].heaviest {
                    visits[node].heaviest = visits[callee].heaviest;
                    visits[node].next = Some(callee);
                }
            } else {
                visits[callee].open = true;
                path.push((callee, 0));
            }
        }
        let takes = visits[main].heaviest;
        Ok((iter::successors(Some(main), |node| visits[*node].next).collect(), takes))
    }
}

/// The node of a function.
fn own(facts: &Facts, function: u32) -> Option<usize> {
    function.checked_sub(facts.imported_functions).map(|node| node as usize)
}

/// What is known of a node.
#[derive(Clone, Default)]
struct Visit {
    /// It is on the path.
    open: bool,
    /// All below it is known.
    done: bool,
    /// The weight of the heaviest path from it; while it is open, without its own.
    heaviest: u64,
    /// The next node on that path.
    next: Option<usize>,
}
