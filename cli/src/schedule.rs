//! `hebe schedule`: what host functions cost at a revision, and where that is written.

use std::process::ExitCode;

use clap::Args;
use hebe_host_ei::{GasEntry, GasKind, IMPORTS, Import, Revision};
use serde::Serialize;

use crate::{
    error::Error,
    print::{self, Style},
    values,
};

pub(crate) const AFTER_HELP: &str = "\
Every function has a line for each number by which it is charged: gas, when it is taken, and the document that made it \
so, most often an EIP. Numbers are added up: getExternalBalance at Berlin costs 100, and 2500 more if the transaction \
has not touched the account before. What comes back is a refund, which counts at the end of the transaction.

What wasm instructions cost does not depend on the revision: that is the option schedule= of a VM, with the lists \
in docs/metering.md.

Examples:
  hebe schedule
  hebe schedule --rev Osaka
  hebe schedule --rev Istanbul --diff Berlin
  hebe schedule --rev spurious-dragon --json

Exit code: 0, 2 bad arguments, 3 the answer could not be written.";

#[derive(Args, Debug)]
pub(crate) struct ScheduleArgs {
    /// Ethereum revision, by name or EVMC's number
    #[arg(long, value_name = "NAME", default_value = values::DEFAULT_REVISION)]
    rev: Revision,
    /// Show only what is different at another revision
    #[arg(long, value_name = "NAME")]
    diff: Option<Revision>,
    /// Answer with one line of JSON
    #[arg(long)]
    json: bool,
}

/// The price list of a revision.
#[derive(Serialize)]
struct List {
    revision: &'static str,
    functions: Vec<Function>,
}

#[derive(Serialize)]
struct Function {
    module: &'static str,
    name: &'static str,
    signature: String,
    /// The first revision that has it, if it is no part of revision 4 of the interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<&'static str>,
    /// In words.
    gas: String,
    numbers: Vec<Number>,
}

/// A number by which a function is charged.
#[derive(Serialize)]
struct Number {
    name: &'static str,
    kind: &'static str,
    gas: i64,
    when: &'static str,
    source: &'static str,
}

/// What is different at another revision.
#[derive(Serialize)]
struct Difference {
    from: &'static str,
    to: &'static str,
    /// Only those with a change.
    functions: Vec<Changes>,
}

#[derive(Serialize)]
struct Changes {
    module: &'static str,
    name: &'static str,
    /// It exists.
    before: bool,
    after: bool,
    changes: Vec<Change>,
}

/// A number that is another; nothing where it is 0, or where there is no such function.
#[derive(Serialize)]
struct Change {
    name: &'static str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<i64>,
    when: &'static str,
    /// What made it so, on the way from one to the other.
    source: &'static str,
}

pub(crate) fn run(args: &ScheduleArgs) -> Result<ExitCode, Error> {
    let style = Style::stdout();
    let text = match args.diff {
        None => {
            let list = List::new(args.rev);
            if args.json { print::json_line(&list) } else { list.text(style) }
        }
        Some(to) => {
            let difference = Difference::new(args.rev, to);
            if args.json { print::json_line(&difference) } else { difference.text(style) }
        }
    };
    print::to_stdout(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The functions that contracts on a chain can import.
fn functions() -> impl Iterator<Item = &'static Import> {
    IMPORTS.iter().filter(|import| !import.is_debug())
}

fn kind(entry: GasEntry) -> &'static str {
    match entry.kind() {
        GasKind::Charge => "charge",
        GasKind::Refund => "refund",
        GasKind::Rule => "rule",
    }
}

impl List {
    fn new(revision: Revision) -> Self {
        let functions = functions().filter(|import| import.exists_at(revision)).map(|import| Function {
            module: import.module,
            name: import.name,
            signature: import.to_string(),
            since: import.since.map(|since| since.revision.name()),
            gas: import.gas_at(revision),
            numbers: import.numbers_at(revision).map(Number::new).collect(),
        });
        Self { revision: revision.name(), functions: functions.collect() }
    }

    fn text(&self, style: Style) -> String {
        let mut text = format!("{}\n\n", style.label(&format!("host functions at {}", self.revision)));
        for function in &self.functions {
            let numbers = function.numbers.iter().map(|number| {
                let Number { gas, when, source, .. } = number;
                row(&format!("{gas:>6}"), when, source)
            });
            let mut rows: Vec<String> = numbers.collect();
            if rows.is_empty() {
                // Nothing, or what it is told.
                rows.push(row(&format!("{:>6}", function.gas), "", ""));
            }
            text += &block(style, function.name, &rows);
        }
        text
    }
}

impl Number {
    fn new((entry, gas, source): (GasEntry, i64, &'static str)) -> Self {
        Self { name: entry.name(), kind: kind(entry), gas, when: entry.when(), source }
    }
}

impl Difference {
    fn new(from: Revision, to: Revision) -> Self {
        let changes = functions().map(|import| Changes::new(import, from, to));
        let functions =
            changes.filter(|function| function.before != function.after || !function.changes.is_empty());
        Self { from: from.name(), to: to.name(), functions: functions.collect() }
    }

    fn text(&self, style: Style) -> String {
        let Self { from, to, functions } = self;
        if functions.is_empty() {
            return format!("{from} and {to} are the same\n");
        }
        let mut text = format!("{}\n\n", style.label(&format!("host functions, {from} -> {to}")));
        for function in functions {
            let said = |gas: Option<i64>| gas.map_or("-".to_owned(), |gas| gas.to_string());
            let changes = function.changes.iter().map(|change| {
                let gas = format!("{:>6} -> {:>6}", said(change.before), said(change.after));
                row(&gas, change.when, change.source)
            });
            let mut rows: Vec<String> = changes.collect();
            match (function.before, function.after) {
                (false, true) => rows.insert(0, row("new", "", "")),
                (true, false) => rows = vec![row("does not exist", "", "")],
                _ => {}
            }
            text += &block(style, function.name, &rows);
        }
        text
    }
}

impl Changes {
    fn new(import: &Import, from: Revision, to: Revision) -> Self {
        let (before, after) = (import.exists_at(from), import.exists_at(to));
        let at = |exists: bool, revision: Revision, entry: GasEntry| {
            let mut numbers = import.numbers_at(revision).filter(|_| exists);
            numbers.find(|(found, ..)| *found == entry).map(|(_, gas, source)| (gas, source))
        };
        let changes = import.gas.iter().filter_map(|entry| {
            let (was, is) = (at(before, from, *entry), at(after, to, *entry));
            let (before, after) = (was.map(|(gas, _)| gas), is.map(|(gas, _)| gas));
            // What became nothing has its document, too; backwards, what made the number that is gone.
            let gone = entry.edit(from.max(to)).map_or("", |edit| edit.source);
            let source = if from <= to {
                is.map_or(gone, |(_, source)| source)
            } else {
                was.map_or(gone, |(_, source)| source)
            };
            (before != after).then(|| Change {
                name: entry.name(),
                kind: kind(*entry),
                before,
                after,
                when: entry.when(),
                source,
            })
        });
        Self { module: import.module, name: import.name, before, after, changes: changes.collect() }
    }
}

/// Width of the column of names, and of the one of what gas is for.
const NAME: usize = 22;
const WHEN: usize = 50;

/// A line of a function.
fn row(gas: &str, when: &str, source: &str) -> String {
    format!("{gas}  {when:<WHEN$}{source}").trim_end().to_owned()
}

/// A function and its lines.
fn block(style: Style, name: &str, rows: &[String]) -> String {
    let label = format!("{}{}", style.label(name), " ".repeat(NAME.saturating_sub(name.len())));
    let empty = " ".repeat(NAME);
    let labels = [label].into_iter().chain(std::iter::repeat(empty));
    labels.zip(rows).map(|(label, row)| format!("{label}{row}\n")).collect()
}
