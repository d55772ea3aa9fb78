//! Tables for people.

use hebe_benches::{chart::short, figures::Figures};

use crate::kernels;

const NAME: usize = 34;
const COLUMN: usize = 11;

/// The values of a group: a line for each row, a column for each engine.
pub(crate) fn values(figures: &Figures, group: &str, title: &str) {
    let engines = figures.engines(group);
    if engines.is_empty() {
        return;
    }
    heading(title, &engines);
    for row in figures.rows(group) {
        let cells = engines.iter().map(|engine| figures.value(group, row, engine));
        line(&format!("{row}, {}", figures.unit(group, row)), cells);
    }
}

/// The ratios of a group to what `beside` gives for an engine, those engines that have one, and the geometric means.
pub(crate) fn ratios(figures: &Figures, group: &str, title: &str, beside: impl Fn(&str) -> String) {
    let has = |engine: &&str| figures.mean(group, engine, &beside(engine)).is_some();
    let engines: Vec<&str> = figures.engines(group).into_iter().filter(has).collect();
    if engines.is_empty() {
        return;
    }
    heading(title, &engines);
    let ratio = |row: &str, engine: &str| figures.ratio(group, row, engine, &beside(engine));
    for row in figures.rows(group) {
        if engines.iter().any(|engine| ratio(row, engine).is_some()) || group == kernels::GROUP {
            line(row, engines.iter().map(|engine| ratio(row, engine)));
        }
    }
    line("geometric mean", engines.iter().map(|engine| figures.mean(group, engine, &beside(engine))));
}

/// Values and their ratios to the row before, for each engine.
pub(crate) fn growth(figures: &Figures, group: &str, before: &str) {
    let engines = figures.engines(group);
    let both: Vec<String> =
        engines.iter().flat_map(|engine| [(*engine).to_owned(), format!("÷ {before}")]).collect();
    if both.is_empty() {
        return;
    }
    heading("How time grows: µs", &both.iter().map(String::as_str).collect::<Vec<_>>());
    for row in figures.rows(group) {
        let cells = engines.iter().flat_map(|engine| {
            [figures.value(group, row, engine), figures.ratio(group, row, engine, before)]
        });
        line(row, cells);
    }
}

/// What was wanted and what came out; also what was not measured, if that is wanted.
pub(crate) fn aims(figures: &Figures, unmeasured: bool) {
    println!("\n{:58}{:>12}{:>12}  met", "Aims", "aim", "reached");
    for aim in figures.aims.iter().filter(|aim| unmeasured || aim.reached.is_some()) {
        let sign = if aim.at_least { "≥" } else { "≤" };
        let bound = format!("{sign} {} {}", short(aim.aim), aim.unit);
        let reached = aim.reached.map_or("–".to_owned(), |value| format!("{} {}", short(value), aim.unit));
        println!("{:58}{bound:>12}{reached:>12}  {}", aim.what, aim.verdict());
    }
}

/// The title and the columns, whose names take as many lines as the longest has words.
fn heading(title: &str, columns: &[&str]) {
    let words: Vec<Vec<&str>> = columns.iter().map(|name| wrapped(name)).collect();
    let lines = words.iter().map(Vec::len).max().unwrap_or(1);
    println!();
    for line in 0..lines {
        let name = if line + 1 == lines { title } else { "" };
        let cells = words.iter().map(|words| {
            let skipped = lines - words.len();
            line.checked_sub(skipped).map_or("", |word| words[word])
        });
        println!("{name:NAME$}{}", cells.map(|cell| format!("{cell:>COLUMN$}")).collect::<String>());
    }
}

/// A name in lines that fit a column.
fn wrapped(name: &str) -> Vec<&str> {
    match name.split_once(' ') {
        Some((first, rest)) if name.len() > COLUMN - 1 => vec![first, rest],
        _ => vec![name],
    }
}

fn line(name: &str, cells: impl Iterator<Item = Option<f64>>) {
    let cell = |value: Option<f64>| format!("{:>COLUMN$}", value.map_or("–".to_owned(), short));
    println!("{name:NAME$}{}", cells.map(cell).collect::<String>());
}
