//! The command line.

use std::{path::PathBuf, process::exit};

/// The parts, in the order in which they are measured.
pub(crate) const PARTS: [&str; 9] =
    ["kernels", "extensions", "cold", "warm", "calls", "threads", "memory", "library", "growth"];

const HELP: &str = "\
Measures Hebe's engines beside native code, the bare engines and EVM code, and prints tables of ratios.

cargo bench -p hebe-benches --bench speed [-- OPTIONS]

  --quick          a rough run: two minutes instead of ten
  --only PARTS     only these, with commas between:
                     kernels   computation: × native, beside the bare engines and EVM code
                     extensions
                               the host's 256-bit and Keccak functions: gas and time of contracts
                               with them and without
                     cold      from bytes to the first result, by size of the code
                     warm      a call that does nothing, a token transfer
                     calls     a host call, a nested call, a creation
                     threads   one and two threads on one VM
                     memory    what 1, 100 and 1000 cached contracts take
                     library   loading libhebe and creating a VM; the file's size; the same
                               without compilers, which Cargo builds if it has not yet
                     growth    time by size of code and data, depth, contracts in the cache
  --library FILE   measure this libhebe (with the engines of this build)
  --json FILE      where the values go for machines (target/speed.json)
  --docs           draw the chart to docs/speed.svg, not to target/speed.svg
  --help           this

Times are medians of thread CPU time; threads are measured by the wall clock too. A ratio is the median of the ratios of
neighbouring samples. Before a kernel is timed, all who run it must give the same result; the run fails if they do not.
";

#[derive(Default)]
pub(crate) struct Options {
    pub(crate) quick: bool,
    pub(crate) docs: bool,
    pub(crate) json: Option<PathBuf>,
    pub(crate) library: Option<PathBuf>,
    only: Vec<String>,
    /// This is a process that measures one thing for the one that prints.
    pub(crate) child: Option<Vec<String>>,
}

impl Options {
    pub(crate) fn parse() -> Self {
        let mut options = Self::default();
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_else(|| fail(&format!("{argument} wants a value")));
            match &*argument {
                // Cargo says this to every benchmark.
                "--bench" => {}
                "--quick" => options.quick = true,
                "--docs" => options.docs = true,
                "--json" => options.json = Some(value().into()),
                "--library" => options.library = Some(value().into()),
                "--only" => options.only = parts(&value()),
                "--child" => options.child = Some(arguments.by_ref().collect()),
                "--help" | "-h" => {
                    print!("{HELP}");
                    exit(0);
                }
                _ => fail(&format!("unknown argument {argument:?}; --help tells which there are")),
            }
        }
        options
    }

    /// True if no part was chosen.
    pub(crate) fn all(&self) -> bool {
        self.only.is_empty()
    }

    pub(crate) fn wants(&self, part: &str) -> bool {
        self.all() || self.only.iter().any(|wanted| wanted == part)
    }
}

fn parts(list: &str) -> Vec<String> {
    let part = |part: &str| match PARTS.contains(&part) {
        true => part.to_owned(),
        false => fail(&format!("there is no part {part:?}; there are {}", PARTS.join(", "))),
    };
    list.split(',').map(part).collect()
}

/// Ends the run: bad input.
pub(crate) fn fail(why: &str) -> ! {
    eprintln!("speed: {why}");
    exit(2);
}

/// Ends the run: a measurement failed, or what it measured was not what it says.
pub(crate) fn broken(why: &str) -> ! {
    eprintln!("speed: {why}");
    exit(1);
}
