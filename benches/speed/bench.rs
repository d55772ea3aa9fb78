//! What every part of the benchmark needs: the library, its engines, how long to measure.

use std::{
    path::PathBuf,
    thread::sleep,
    time::{Duration, Instant},
};

use hebe::loader::{Instance, Library};
use hebe_benches::{figures::Figures, support::now};
use hebe_host_ei::{Host, Message, Outcome, Revision, StatusCode};
use hebe_vm::{Config, OPTIONS};

/// A run of the benchmark.
pub(crate) struct Bench {
    pub(crate) library: Library,
    /// The values of the option `engine`.
    pub(crate) engines: Vec<String>,
    pub(crate) quick: bool,
    pub(crate) figures: Figures,
    /// The code that ran in this process.
    pub(crate) measured: Vec<Vec<u8>>,
    /// What could not be measured, and why.
    pub(crate) missing: Vec<String>,
}

impl Bench {
    pub(crate) fn new(library: Option<PathBuf>, quick: bool) -> Self {
        let path = library.unwrap_or_else(shared_library);
        let library = Library::open(path).unwrap_or_else(|error| crate::options::fail(&error.to_string()));
        let (measured, missing) = (Vec::new(), Vec::new());
        Self { library, engines: engines(), quick, figures: Figures::default(), measured, missing }
    }

    /// How the run is called.
    pub(crate) fn how(&self) -> &'static str {
        if self.quick { "quick" } else { "full" }
    }

    /// Microseconds to measure for, less in a rough run.
    pub(crate) fn seconds(&self, full: f64) -> f64 {
        full * 1e6 * if self.quick { 0.12 } else { 1.0 }
    }

    /// A VM with these options.
    pub(crate) fn vm(&self, engine: &str, metering: &str) -> Instance {
        create(&self.library, engine, metering)
    }

    /// [`settle`].
    pub(crate) fn settle(&self, engine: &str, call: impl Fn()) {
        settle(engine, self.quick, call);
    }
}

/// Lets what is called often be compiled in the background, where an engine does that.
pub(crate) fn settle(engine: &str, quick: bool, call: impl Fn()) {
    call();
    let patience = Duration::from_millis(if quick { 400 } else { 1000 });
    let end = Instant::now() + patience;
    while engine == "tiered" && Instant::now() < end {
        let start = now();
        while now() - start < 5_000.0 {
            call();
        }
        sleep(Duration::from_millis(5));
    }
}

/// A VM of the library with these options.
pub(crate) fn create(library: &Library, engine: &str, metering: &str) -> Instance {
    let mut vm = library.create().expect("a VM");
    vm.set_option("engine", Some(engine)).expect("one of its values");
    vm.set_option("metering", Some(metering)).expect("one of its values");
    vm
}

/// The values that the option `engine` takes here.
fn engines() -> Vec<String> {
    let option = OPTIONS.iter().find(|option| option.name == "engine").expect("there is this option");
    let takes = |value: &&str| Config::default().set("engine", Some(value)).is_ok();
    option.values.split(", ").filter(takes).map(str::to_owned).collect()
}

/// The engine that runs when nobody chooses one.
pub(crate) fn default_engine() -> &'static str {
    OPTIONS.iter().find(|option| option.name == "engine").map_or("", |option| option.default)
}

/// The library that Cargo built for this benchmark.
pub(crate) fn shared_library() -> PathBuf {
    std::env::current_exe().expect("a benchmark has a path").with_file_name(library_name())
}

/// How the system calls a library of the name `hebe`.
pub(crate) fn library_name() -> String {
    format!("{}hebe{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// Runs a contract through the C interface; it succeeds.
pub(crate) fn run<H: Host>(vm: &Instance, code: &[u8], (message, host): (Message, H)) -> (H, Outcome) {
    let (host, outcome) = vm.execute(Revision::Byzantium, code, message, host);
    let outcome = outcome.expect("no fault");
    assert_eq!(outcome.status, StatusCode::Success);
    (host, outcome)
}
