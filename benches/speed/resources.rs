//! Resident memory; loading the library, with the compilers and without.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use hebe::loader::Library;
use hebe_benches::{
    stats::median,
    support::{contract, token_host, transfer_message},
};
use rustix::time::{ClockId, clock_gettime};

use crate::{
    bench::{Bench, create, library_name, run},
    child,
    sizes::distinct,
};

pub(crate) const MEMORY: &str = "memory";
pub(crate) const LIBRARY: &str = "library";
pub(crate) const LOAD: &str = "load and create, CPU time";
pub(crate) const WITH: &str = "libhebe";
const WITHOUT: &str = "without compilers";
const COUNTS: [usize; 3] = [1, 100, 1000];

/// Resident memory with so many contracts in the cache, each called once.
pub(crate) fn measure_memory(bench: &mut Bench) {
    let library = child::path(bench);
    for count in COUNTS {
        for engine in bench.engines.clone() {
            let bytes = child::number(&["memory", &library, &engine, &count.to_string()]);
            let row = if count == 1 { "1 contract".to_owned() } else { format!("{count} contracts") };
            bench.figures.add(MEMORY, &row, &engine, "bytes", bytes);
        }
    }
}

/// Loading the library and creating a VM, each time in a fresh process; the file's size.
pub(crate) fn measure_library(bench: &mut Bench) {
    let mut libraries = vec![(WITH, bench.library.path().to_path_buf())];
    match build_without() {
        Ok(path) => libraries.push((WITHOUT, path)),
        Err(why) => bench.missing.push(format!("the library {WITHOUT}: {why}")),
    }
    // In turns, so that what else the machine does hits both.
    let mut times = vec![Vec::new(); libraries.len()];
    for _ in 0..if bench.quick { 15 } else { 61 } {
        for ((_, path), times) in libraries.iter().zip(&mut times) {
            times.push(child::number(&["load", &path.to_string_lossy()]));
        }
    }
    for ((name, path), times) in libraries.iter().zip(&times) {
        bench.figures.add(LIBRARY, LOAD, name, "µs", median(times));
        let size = fs::metadata(path).map_or(f64::NAN, |file| file.len() as f64);
        bench.figures.add(LIBRARY, "size of the file", name, "MB", size / 1e6);
    }
}

/// Has Cargo build the library without compilers, where the interpreter alone is built; Cargo's progress is shown.
fn build_without() -> Result<PathBuf, String> {
    let folder = crate::target().join("interpreter");
    let arguments = ["build", "--release", "--locked", "-p", "hebe-evmc", "--no-default-features"];
    eprintln!("  building it without compilers (minutes the first time)");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).arg("--target-dir").arg(&folder).current_dir(env!("CARGO_MANIFEST_DIR"));
    let shown = format!("cargo {} --target-dir {}", arguments.join(" "), folder.display());
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` failed ({status}); what it said is above")),
        Err(error) => Err(format!("`{shown}` did not start: {error}")),
    }?;
    let path = folder.join("release").join(library_name());
    if Path::exists(&path) { Ok(path) } else { Err(format!("`{shown}` left no {}", path.display())) }
}

/// In a process of its own: what the library and its VM take, in bytes.
pub(crate) fn memory(library: &str, engine: &str, count: usize) -> f64 {
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

/// In a process of its own: how long it takes to load the library and to create a VM.
pub(crate) fn load(library: &str) -> f64 {
    let start = process_time();
    let library = Library::open(library).unwrap_or_else(|error| crate::options::fail(&error.to_string()));
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
