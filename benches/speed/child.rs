//! What wants a process of its own: kernels, resident memory, and loading the library.

use std::{
    fs,
    process::{Command, Stdio},
};

use hebe::loader::Library;
use hebe_benches::{
    figures::{Figure, Figures, Ratio},
    stats::median,
    support::{contract, token_host, transfer_message},
};
use rustix::time::{ClockId, clock_gettime};

use crate::{
    bench::{Bench, create, run},
    kernels,
    sizes::distinct,
};

pub(crate) const MEMORY: &str = "memory";
pub(crate) const LIBRARY: &str = "library";
pub(crate) const LOAD: &str = "load and create, CPU time";
const COUNTS: [usize; 3] = [1, 100, 1000];

/// Resident memory with so many contracts in the cache, each called once.
pub(crate) fn measure_memory(bench: &mut Bench) {
    for count in COUNTS {
        if bench.quick && count > 100 {
            continue;
        }
        for engine in bench.engines.clone() {
            let bytes = ask(&["memory", &path(bench), &engine, &count.to_string()]);
            let row = if count == 1 { "1 contract".to_owned() } else { format!("{count} contracts") };
            bench.figures.add(MEMORY, &row, &engine, "KiB", bytes / 1024.0);
        }
    }
}

/// Loading the library and creating a VM, each time in a fresh process; the file's size.
pub(crate) fn measure_library(bench: &mut Bench) {
    let times: Vec<f64> =
        (0..if bench.quick { 15 } else { 61 }).map(|_| ask(&["load", &path(bench)])).collect();
    bench.figures.add(LIBRARY, LOAD, "libhebe", "µs", median(&times));
    let size = fs::metadata(bench.library.path()).map_or(f64::NAN, |file| file.len() as f64);
    bench.figures.add(LIBRARY, "size of the file", "libhebe", "MB", size / 1e6);
}

/// What another process measures of a kernel.
pub(crate) fn kernel(bench: &Bench, n: usize) -> Figures {
    let how = if bench.quick { "quick" } else { "full" };
    let text = ask_text(&["kernel", &path(bench), how, &n.to_string()]);
    let mut figures = Figures::default();
    for line in text.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [row, engine, value] => figures.add(kernels::GROUP, row, engine, "µs", number(value)),
            [row, engine, beside, value] => {
                figures.add_ratio(kernels::GROUP, row, engine, beside, number(value));
            }
            _ => panic!("no figure: {line:?}"),
        }
    }
    figures
}

/// Prints what [`kernel`] reads.
fn tell_kernel(library: &str, how: &str, n: &str) {
    let mut bench = Bench::new(Some(library.into()), how == "quick");
    kernels::one_job(&mut bench, n.parse().expect("a number"));
    for Figure { row, engine, value, .. } in &bench.figures.figures {
        println!("{row}\t{engine}\t{value}");
    }
    for Ratio { row, engine, beside, value, .. } in &bench.figures.ratios {
        println!("{row}\t{engine}\t{beside}\t{value}");
    }
}

/// Answers one question on standard output.
pub(crate) fn answer(question: &[String]) {
    let question: Vec<&str> = question.iter().map(String::as_str).collect();
    match question[..] {
        ["memory", library, engine, count] => {
            println!("{}", memory(library, engine, count.parse().expect("a number")));
        }
        ["load", library] => println!("{}", load(library)),
        ["kernel", library, how, n] => tell_kernel(library, how, n),
        _ => panic!("no question: {question:?}"),
    }
}

fn path(bench: &Bench) -> String {
    bench.library.path().to_str().expect("a path in UTF-8").to_owned()
}

fn ask(question: &[&str]) -> f64 {
    number(ask_text(question).trim())
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

fn ask_text(question: &[&str]) -> String {
    let mut command = Command::new(std::env::current_exe().expect("a benchmark has a path"));
    let output = command.arg("--child").args(question).stderr(Stdio::inherit()).output().expect("it runs");
    assert!(output.status.success(), "{question:?}: {}", output.status);
    String::from_utf8(output.stdout).expect("text")
}

fn memory(library: &str, engine: &str, count: usize) -> f64 {
    let token = contract("token/token");
    let before = resident();
    let library = Library::open(library).expect("the parent opened it, too");
    let vm = create(&library, engine, "inline");
    for _ in 0..count {
        drop(run(&vm, &distinct(&token), (transfer_message(), token_host())));
    }
    resident() - before
}

/// Bytes of this process that are in memory: the second number of `statm`, in pages.
fn resident() -> f64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok());
    pages.map_or(f64::NAN, |pages| pages * rustix::param::page_size() as f64)
}

fn load(library: &str) -> f64 {
    let start = process_time();
    let library = Library::open(library).expect("the parent opened it, too");
    let vm = library.create().expect("a VM");
    let time = process_time() - start;
    drop(vm);
    time
}

/// CPU time of all threads of this process in microseconds.
fn process_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}
