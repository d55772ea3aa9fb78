//! What wants a process of its own.
//!
//! Whoever sets the process's handlers of signals last has them, and Hebe's Winch does without its code if that is
//! another. So every part has a process, in which the bare engines come first and the library after them, and a VM that
//! is linked in has one for itself. Kernels, memory and loading have fresh ones for what they measure.

use std::{
    cell::RefCell,
    io::{BufRead, BufReader, Write, stdin, stdout},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use hebe_benches::figures::Figures;

use crate::{
    bench::Bench,
    calls, cold, extensions, growth, kernels,
    options::{broken, fail},
    resources,
    sampler::Contender,
    threads, warm, winch,
};

/// What another process measures of a part.
pub(crate) fn part(bench: &mut Bench, name: &str) {
    let figures = figures(&["part", &path(bench), bench.how(), name]);
    bench.figures.append(figures);
}

/// What another process measures of a kernel.
pub(crate) fn kernel(bench: &Bench, n: usize) -> Figures {
    figures(&["kernel", &path(bench), bench.how(), &n.to_string()])
}

/// Someone in another process, where the VM is linked in.
pub(crate) fn linked(bench: &Bench, engine: &str, row: &str) -> Contender<'static> {
    let remote = Remote::start(&["linked", bench.how(), engine, row]);
    Contender::sampled(format!("{engine} linked"), move |size| remote.sample(size))
}

/// A number that another process answers.
pub(crate) fn number(question: &[&str]) -> f64 {
    ask(question).trim().parse().expect("a number")
}

/// Answers one question on standard output.
pub(crate) fn answer(question: &[String]) {
    let question: Vec<&str> = question.iter().map(String::as_str).collect();
    match question[..] {
        ["part", library, how, name] => tell(library, how, |bench| measure(bench, name)),
        ["kernel", library, how, n] => {
            tell(library, how, |bench| kernels::one_job(bench, n.parse().expect("a number")));
        }
        ["linked", how, engine, row] => {
            keep_memory();
            serve(&warm::linked(engine, row, how == "quick"));
            winch::prove_linked();
        }
        ["memory", library, engine, count] => {
            println!("{}", resources::memory(library, engine, count.parse().expect("a number")));
        }
        ["load", library] => println!("{}", resources::load(library)),
        _ => fail(&format!("no question: {question:?}")),
    }
}

fn measure(bench: &mut Bench, name: &str) {
    match name {
        "extensions" => extensions::measure(bench),
        "cold" => cold::measure(bench),
        "warm" => warm::measure(bench),
        "ethereum" => warm::in_ethereum(bench),
        "calls" => calls::measure(bench),
        "threads" => threads::measure(bench),
        "growth" => growth::measure(bench),
        _ => fail(&format!("no part: {name}")),
    }
    match name {
        "ethereum" => winch::prove_linked(),
        _ => winch::prove(bench),
    }
}

/// The library's path, for another process.
pub(crate) fn path(bench: &Bench) -> String {
    bench.library.path().to_str().unwrap_or_else(|| fail("the library's path is not UTF-8")).to_owned()
}

fn figures(question: &[&str]) -> Figures {
    serde_json::from_str(&ask(question)).expect("figures")
}

fn tell(library: &str, how: &str, measure: impl FnOnce(&mut Bench)) {
    keep_memory();
    let mut bench = Bench::new(Some(library.into()), how == "quick");
    measure(&mut bench);
    println!("{}", bench.figures.to_json(how));
}

/// The allocator gives large blocks back to the system at once until it has seen one freed. Then it keeps them, and who is
/// measured first does not pay for pages that the others find.
fn keep_memory() {
    drop(std::hint::black_box(vec![1_u8; 31 << 20]));
}

fn command(question: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a benchmark has a path"));
    command.arg("--child").args(question);
    command
}

fn ask(question: &[&str]) -> String {
    let output = command(question).stderr(Stdio::inherit()).output().expect("it runs");
    if !output.status.success() {
        broken(&format!("the process that measures {question:?} failed: {}", output.status));
    }
    String::from_utf8(output.stdout).expect("text")
}

/// Answers each size of a sample with its time, one a line.
fn serve(contender: &Contender<'_>) {
    for line in stdin().lines() {
        let size = line.expect("text").parse().expect("a size");
        println!("{}", contender.sample(size));
        stdout().flush().expect("someone reads it");
    }
}

/// The other end of [`serve`].
struct Remote {
    child: RefCell<Child>,
    pipes: RefCell<Option<(ChildStdin, BufReader<ChildStdout>)>>,
    question: String,
}

impl Remote {
    fn start(question: &[&str]) -> Self {
        let mut command = command(question);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        let pipes = child.stdin.take().zip(child.stdout.take().map(BufReader::new));
        Self { child: RefCell::new(child), pipes: RefCell::new(pipes), question: format!("{question:?}") }
    }

    fn sample(&self, size: usize) -> f64 {
        let mut line = String::new();
        if let Some((to, from)) = &mut *self.pipes.borrow_mut() {
            // An error comes with an end of lines, too.
            let _ = writeln!(to, "{size}");
            let _ = from.read_line(&mut line);
        }
        let failed = |_| broken(&format!("the process that measures {} gave no time", self.question));
        line.trim().parse().unwrap_or_else(failed)
    }
}

impl Drop for Remote {
    /// Without more to read it ends, once it has seen that all was right.
    fn drop(&mut self) {
        self.pipes.take();
        let status = self.child.borrow_mut().wait();
        if !status.as_ref().is_ok_and(std::process::ExitStatus::success) {
            broken(&format!("the process that measures {} failed: {status:?}", self.question));
        }
    }
}
