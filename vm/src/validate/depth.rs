//! How deep calls can nest in one message, as far as a module shows it.

use std::{collections::HashMap, iter};

use wasmparser::{
    ElementItems, ExternalKind, FunctionBody, Operator, Parser, Payload, Result, TypeSectionReader,
};

use super::{Function, FunctionFacts, Validated, names::Names};
use crate::meter::FRAME_DEPTH;

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
    let mut graph = Graph::default();
    // A module that was validated can be read.
    let _ = graph.read(module);
    let frame = |node: usize| {
        let own = facts.functions.get(node)?;
        let index = facts.imported_functions + node as u32;
        Some(Frame { function: names.function(index, None), takes: takes(own) })
    };
    let weights: Vec<u64> = facts.functions.iter().map(|own| u64::from(takes(own))).collect();
    match graph.deepest(&weights) {
        Ok(chain) => CallDepth::Chain(chain.into_iter().filter_map(frame).collect()),
        Err(circle) => CallDepth::Recursive(circle.into_iter().filter_map(frame).collect()),
    }
}

fn takes(facts: &FunctionFacts) -> u32 {
    FRAME_DEPTH + facts.params + facts.locals + facts.operands
}

/// Who calls whom. The functions of the module are the first nodes; behind them is one for each signature, which stands
/// for all that a `call_indirect` can reach with it: so there are no more edges than calls and elements.
#[derive(Default)]
struct Graph {
    calls: Vec<Vec<usize>>,
    main: Option<usize>,
    imported: u32,
    /// The node of each type.
    types: Vec<usize>,
}

impl Graph {
    fn read(&mut self, module: &Validated<'_>) -> Result<()> {
        let functions = &module.facts().functions;
        self.imported = module.facts().imported_functions;
        self.calls = vec![Vec::new(); functions.len()];
        let mut body = 0;
        for payload in Parser::new(0).parse_all(module.bytes()) {
            match payload? {
                Payload::TypeSection(section) => self.read_types(section)?,
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Func && export.name == "main" {
                            self.main = self.node(export.index);
                        }
                    }
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        let ElementItems::Functions(items) = element?.items else { continue };
                        for function in items {
                            self.add_callee(function?, functions);
                        }
                    }
                }
                Payload::CodeSectionEntry(code) => {
                    self.read_calls(body, &code)?;
                    body += 1;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn read_types(&mut self, section: TypeSectionReader<'_>) -> Result<()> {
        let mut signatures = HashMap::new();
        for ty in section.into_iter_err_on_gc_types() {
            // Types are the same if they look the same, so they share a node.
            let node = *signatures.entry(ty?).or_insert(self.calls.len());
            if node == self.calls.len() {
                self.calls.push(Vec::new());
            }
            self.types.push(node);
        }
        Ok(())
    }

    fn read_calls(&mut self, body: usize, code: &FunctionBody<'_>) -> Result<()> {
        for operator in code.get_operators_reader()? {
            let callee = match operator? {
                Operator::Call { function_index } => self.node(function_index),
                Operator::CallIndirect { type_index, .. } => self.types.get(type_index as usize).copied(),
                _ => None,
            };
            if let (Some(callee), Some(calls)) = (callee, self.calls.get_mut(body)) {
                calls.push(callee);
            }
        }
        Ok(())
    }

    /// A function that is in a table is called by its type.
    fn add_callee(&mut self, function: u32, functions: &[FunctionFacts]) {
        let Some(node) = self.node(function) else { return };
        let ty = functions.get(node).and_then(|facts| self.types.get(facts.ty as usize));
        if let Some(calls) = ty.and_then(|ty| self.calls.get_mut(*ty)) {
            calls.push(node);
        }
    }

    /// The node of a function; a host function has none, since it takes nothing of the budget.
    fn node(&self, function: u32) -> Option<usize> {
        function.checked_sub(self.imported).map(|node| node as usize)
    }

    /// The nodes of the heaviest path from `main`, or those of a circle on a path from it. A node without a weight has
    /// none. Without recursion of its own, which a module could drive too deep.
    fn deepest(&self, weights: &[u64]) -> std::result::Result<Vec<usize>, Vec<usize>> {
        let Some(main) = self.main else { return Ok(Vec::new()) };
        let weight = |node: usize| weights.get(node).copied().unwrap_or_default();
        let mut visits = vec![Visit::default(); self.calls.len()];
        // The path from `main`, and how many calls of each node on it are done with.
        let mut path = vec![(main, 0)];
        visits[main].open = true;
        while let Some((node, done)) = path.last_mut() {
            let node = *node;
            let Some(callee) = self.calls[node].get(*done).copied() else {
                visits[node].open = false;
                visits[node].done = true;
                visits[node].heaviest += weight(node);
                path.pop();
                continue;
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
        Ok(iter::successors(Some(main), |node| visits[*node].next).collect())
    }
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
