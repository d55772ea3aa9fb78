//! `hebe cache`: looking after a folder of compiled code.

mod progress;
mod report;

use std::{io, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, Subcommand};
use hebe_artifacts::{Artifacts, OpenError, Prune};

use crate::{
    error::{Error, FAILED},
    print::{self, Style},
    values,
};
use progress::Progress;
use report::{Damaged, PruneReport, Stats, Verified};

pub(crate) const AFTER_HELP: &str = "\
With the option cache-dir=DIR a VM keeps the machine code that it compiles in a folder, and a VM that starts anew, \
or another process, loads it from there. Each file is authenticated under a key that is in the folder too, readable by its \
owner alone. A file that is damaged, or that came from elsewhere, is not loaded: the contract is compiled again, with the \
same results. So the folder can be cleared or removed at any time, also while VMs use it. docs/cache.md has the details.

Nothing is removed but files with the names that a cache has, and only in a folder that has a cache's key.

Examples:
  hebe cache stats /var/cache/hebe
  hebe cache verify /var/cache/hebe --json
  hebe cache prune /var/cache/hebe --older-than 30 --bytes 500000000
  hebe cache prune /var/cache/hebe --all

Exit code: 0, 1 if verify found damage or prune could not remove a file, 2 bad arguments or a folder that is not there, no \
cache or not safe, 3 the system does not let the folder or its key be read.";

pub(crate) const STATS_HELP: &str = "\
Files are counted as what they take: whole blocks of 4096 bytes. With --json: dir, format, entries, bytes, leftovers, \
leftover_bytes, other_files, longest_unused_seconds and last_used_seconds (not there without entries).

Example:
  hebe cache stats /var/cache/hebe";

pub(crate) const VERIFY_HELP: &str = "\
Damaged entries do no harm: the VM compiles again what it needs, and replaces them. Many of them tell of a failing disk, or \
of somebody who copied files into the folder. With --json: dir, entries, bytes, damaged (name, bytes, why), leftovers, \
leftover_bytes. Leftovers are files that are being written, or were when their process was killed; they are no damage.

Example:
  hebe cache verify /var/cache/hebe --json

Exit code: 0 all entries are sound, 1 some are not, 2 no cache, 3 the folder or its key cannot be read.";

pub(crate) const PRUNE_HELP: &str = "\
Without an option, only damaged entries and what killed processes left while they wrote are removed. With --json: dir, \
removed (name, bytes, why), freed, failed (name, bytes, why it was to go, error), entries and bytes that are left, with those \
that could not be removed.

With --older-than DAYS goes what was not used for DAYS times 24 hours; with 0 that is every entry. Each entry is read to see \
whether it is damaged, unless it goes in any case.

Examples:
  hebe cache prune /var/cache/hebe
  hebe cache prune /var/cache/hebe --older-than 30
  hebe cache prune /var/cache/hebe --bytes 500_000_000
  hebe cache prune /var/cache/hebe --all --json

Exit code: 0, 1 if a file could not be removed, 2 no cache, 3 the folder or its key cannot be read.";

#[derive(Args, Debug)]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show how much is in the folder, and how long it was not used
    #[command(after_help = STATS_HELP)]
    Stats(FolderArgs),
    /// Read all that is in the folder, and tell what is damaged or from elsewhere
    #[command(after_help = VERIFY_HELP)]
    Verify(FolderArgs),
    /// Remove damaged entries and leftovers, and what is old or too much
    #[command(after_help = PRUNE_HELP)]
    Prune(PruneArgs),
}

#[derive(Args, Debug)]
struct FolderArgs {
    /// The folder that the option cache-dir= names
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Answer with one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
struct PruneArgs {
    #[command(flatten)]
    folder: FolderArgs,
    /// Remove what was not used for longest, until the rest takes no more than N bytes
    #[arg(long, value_name = "N", value_parser = values::number)]
    bytes: Option<u64>,
    /// Remove what was not used for so many days; 0 is every entry
    #[arg(long, value_name = "DAYS")]
    older_than: Option<u32>,
    /// Remove every entry
    #[arg(long, conflicts_with_all = ["bytes", "older_than"])]
    all: bool,
}

pub(crate) fn run(args: &CacheArgs) -> Result<ExitCode, Error> {
    match &args.command {
        Command::Stats(args) => stats(args),
        Command::Verify(args) => verify(args),
        Command::Prune(args) => prune(args),
    }
}

fn stats(args: &FolderArgs) -> Result<ExitCode, Error> {
    let artifacts = args.open()?;
    let stats =
        Stats::new(&artifacts, &artifacts.contents().map_err(|error| unreadable(&artifacts, &error))?);
    print::to_stdout(&if args.json { print::json_line(&stats) } else { stats.text(Style::stdout()) })?;
    Ok(ExitCode::SUCCESS)
}

fn verify(args: &FolderArgs) -> Result<ExitCode, Error> {
    let artifacts = args.open()?;
    let contents = artifacts.contents().map_err(|error| unreadable(&artifacts, &error))?;
    let mut report = Verified::new(&artifacts, &contents);
    let mut progress = Progress::new();
    for (done, entry) in contents.entries.iter().enumerate() {
        if let Err(damage) = artifacts.verify(entry) {
            report.damaged.extend(Damaged::new(entry, &damage));
        }
        progress.show(done + 1, contents.entries.len());
    }
    progress.end();
    print::to_stdout(&if args.json { print::json_line(&report) } else { report.text(Style::stdout()) })?;
    Ok(if report.damaged.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn prune(args: &PruneArgs) -> Result<ExitCode, Error> {
    let artifacts = args.folder.open()?;
    let older_than = args.older_than.map(|days| Duration::from_secs(u64::from(days) * 24 * 60 * 60));
    let rule = Prune { all: args.all, older_than, bytes: args.bytes };
    let mut progress = Progress::new();
    let pruned = artifacts.prune(&rule, |done, of| progress.show(done, of));
    progress.end();
    let report = PruneReport::new(&artifacts, &pruned.map_err(|error| unreadable(&artifacts, &error))?);
    let text = if args.folder.json { print::json_line(&report) } else { report.text(Style::stdout()) };
    print::to_stdout(&text)?;
    Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

impl FolderArgs {
    /// Looks only: a folder that is no cache does not become one.
    fn open(&self) -> Result<Artifacts, Error> {
        Artifacts::open_existing(&self.dir).map_err(|error| refused(&error))
    }
}

/// Where nothing is, or something else, the name was wrong; all else that the system refuses is the system's failure.
fn refused(error: &OpenError) -> Error {
    let text = print::one_line(&error.to_string());
    match error {
        OpenError::Folder { error, .. } | OpenError::KeyFile { error, .. } if !is_bad_name(error.kind()) => {
            Error::Node(text)
        }
        _ => Error::Usage(text),
    }
}

fn is_bad_name(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    matches!(kind, NotFound | NotADirectory | InvalidFilename | InvalidInput)
}

fn unreadable(artifacts: &Artifacts, error: &io::Error) -> Error {
    Error::Node(format!("cannot read {}: {error}", print::one_line(&artifacts.path().display().to_string())))
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    /// The same failure has the same exit code, whatever met it first: reading the folder, its key or the files in it.
    #[test]
    fn exit_codes_of_folders() {
        let code = |error: &Error| format!("{:?}", error.exit_code());
        let [usage, node] = [2, 3].map(|code| format!("{:?}", ExitCode::from(code)));
        let folder = |kind: ErrorKind| refused(&OpenError::Folder { dir: "x".into(), error: kind.into() });
        let key = |kind: ErrorKind| refused(&OpenError::KeyFile { file: "x/k".into(), error: kind.into() });
        for kind in [ErrorKind::PermissionDenied, ErrorKind::Other, ErrorKind::StaleNetworkFileHandle] {
            assert_eq!((code(&folder(kind)), code(&key(kind))), (node.clone(), node.clone()), "{kind}");
        }
        for kind in [ErrorKind::NotFound, ErrorKind::NotADirectory, ErrorKind::InvalidFilename] {
            assert_eq!(code(&folder(kind)), usage, "{kind}");
        }
        let unsafe_folder = OpenError::Unsafe { dir: "x".into(), reason: "others can write to it" };
        for error in
            [OpenError::NoFolder { dir: "x".into() }, OpenError::NoCache { dir: "x".into() }, unsafe_folder]
        {
            assert_eq!(code(&refused(&error)), usage, "{error}");
        }
    }
}
