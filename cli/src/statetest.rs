//! `hebe statetest`: Ethereum's state tests, in parallel.

mod files;
mod pool;
mod report;

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    thread,
};

use clap::Args;
use hebe_state::{
    FrameVm,
    statetest::{Case, StateTest},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    error::{Error, FAILED, USAGE},
    print::{self, Style},
    vms::VmArgs,
};
use files::TestFile;
use report::{Line, Summary};

pub(crate) const AFTER_HELP: &str = "\
Each case is a transaction at one fork; it passes if the state root and the hash of the logs are as the file \
says. A case expects success if its root is not the one that a call leaves behind that fails at once: only \
these need a VM that works. Wasm is run by the VM, EVM bytecode by revm or by a library that has EVM1.

The VM runs with metering=none and profile=r4 here, as the tests of the ewasm project were filled; -o changes that, \
or for a library the options behind its path.

With --json, each case is one line: file, test, fork, data, gas, value (positions in the transaction's lists), \
result (pass, fail or skip), expects_success, status, reason, gas_used, root, expected_root, logs_hash, \
expected_logs_hash, failures, first_difference. The last line is {\"summary\": …}, with areas: what \
passed and failed by the folder of the file and by fork.

Examples:
  hebe statetest GeneralStateTests/stEWASMTests
  hebe statetest GeneralStateTests --filter callData --jobs 4
  hebe statetest test.json -o trace=stderr --jobs 1
  hebe statetest GeneralStateTests --vm ./libhebe.so,log=stderr
  hebe statetest GeneralStateTests --json | tail -n 1

Exit code: 0 all passed, 1 a case failed or none ran, 2 bad arguments or a file that cannot be read.";

/// The options that the ewasm project's fills want.
const DEFAULTS: [(&str, &str); 2] = [("metering", "none"), ("profile", "r4")];

#[derive(Args, Debug)]
pub(crate) struct StatetestArgs {
    /// Files, or folders with .json files, searched to the bottom
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only tests with this in the name of the file or of the test
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Cases at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Answer with a line of JSON for each case and one for the summary
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    vm: VmArgs,
}

/// A case and where it comes from.
struct Job<'a> {
    file: &'a str,
    test: &'a StateTest,
    case: &'a Case,
}

pub(crate) fn run(args: &StatetestArgs) -> Result<ExitCode, Error> {
    let vm = args.vm.open(&DEFAULTS)?.vm;
    let paths = files::find(&args.paths)?;
    let threads =
        args.jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let (files, unreadable) = files::read(&paths, threads);
    for error in &unreadable {
        error.tell();
    }
    if files.is_empty() {
        return Ok(ExitCode::from(USAGE));
    }
    let jobs = jobs(&files, args.filter.as_deref());
    let mut summary = Summary::new(unreadable.len());
    run_all(args, &jobs, threads, &vm, &mut summary)?;
    print::to_stdout(&if args.json { summary.json() } else { summary.text(Style::stdout()) })?;
    if jobs.is_empty() && args.filter.is_some() {
        print::to_stderr(
            "hint: --filter leaves no case; it is compared with the names as they are written\n",
        );
    }
    Ok(match (unreadable.is_empty(), summary.passed()) {
        (false, _) => ExitCode::from(USAGE),
        (true, false) => ExitCode::from(FAILED),
        (true, true) => ExitCode::SUCCESS,
    })
}

fn jobs<'a>(files: &'a [TestFile], filter: Option<&str>) -> Vec<Job<'a>> {
    let mut jobs = Vec::new();
    for TestFile { name: file, tests } in files {
        for test in tests {
            if filter.is_none_or(|text| file.contains(text) || test.name.contains(text)) {
                jobs.extend(test.cases.iter().map(|case| Job { file, test, case }));
            }
        }
    }
    jobs
}

fn run_all(
    args: &StatetestArgs,
    jobs: &[Job<'_>],
    threads: usize,
    vm: &Arc<dyn FrameVm>,
    summary: &mut Summary,
) -> io::Result<()> {
    let bar = progress(jobs.len());
    let style = Style::stdout();
    let result = pool::in_order(
        threads,
        jobs,
        |job| run_one(job, vm),
        |line| {
            summary.add(&line);
            let text = if args.json { print::json_line(&line) } else { line.failure_text(style) };
            if !text.is_empty() {
                bar.suspend(|| print::to_stdout(&text))?;
            }
            bar.inc(1);
            Ok(())
        },
    );
    bar.finish_and_clear();
    result
}

fn run_one(job: &Job<'_>, vm: &Arc<dyn FrameVm>) -> Line {
    let ran = catch_unwind(AssertUnwindSafe(|| job.test.run(job.case, vm)));
    Line::new(job, ran.ok())
}

/// On standard error, if that is a terminal.
fn progress(cases: usize) -> ProgressBar {
    let bar = ProgressBar::new(cases as u64);
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} cases, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
