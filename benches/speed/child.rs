//! What only a process of its own shows: resident memory, and loading the library.

use std::{
    fs,
    process::{Command, Stdio},
};

use hebe::loader::Library;
use hebe_benches::{
    stats::median,
    support::{contract, token_host, transfer_message},
};
use rustix::time::{ClockId, clock_gettime};

use crate::{
    bench::{Bench, create, run},
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

/// Answers one question on standard output.
pub(crate) fn answer(question: &[String]) {
    let question: Vec<&str> = question.iter().map(String::as_str).collect();
    let number = match question[..] {
        ["memory", library, engine, count] => memory(library, engine, count.parse().expect("a number")),
        ["load", library] => load(library),
        _ => panic!("no question: {question:?}"),
    };
    println!("{number}");
}

fn path(bench: &Bench) -> String {
    bench.library.path().to_str().expect("a path in UTF-8").to_owned()
}

fn ask(question: &[&str]) -> f64 {
    let mut command = Command::new(std::env::current_exe().expect("a benchmark has a path"));
    let output = command.arg("--child").args(question).stderr(Stdio::inherit()).output().expect("it runs");
    assert!(output.status.success(), "{question:?}: {}", output.status);
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
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
