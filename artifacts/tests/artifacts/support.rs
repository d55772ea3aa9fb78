//! Folders to try things in, and this program as another process.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, SystemTime},
};

use hebe_artifacts::{Artifacts, Damage};
use tempfile::TempDir;

/// A cache in a new folder.
pub(crate) fn new() -> (TempDir, Artifacts) {
    let folder = TempDir::new().expect("a folder");
    let artifacts = Artifacts::open(folder.path()).expect("opens");
    artifacts.create().expect("a key");
    (folder, artifacts)
}

/// Where an entry is: its key in hex, see `docs/cache.md`.
pub(crate) fn file(folder: &Path, key: &[u8; 32]) -> PathBuf {
    folder.join(key.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + ".code")
}

/// The bytes under a key.
pub(crate) fn bytes(artifacts: &Artifacts, key: &[u8; 32]) -> Option<Vec<u8>> {
    artifacts.get(key).map(|artifact| artifact.bytes().to_vec())
}

/// What is wrong with the only entry.
pub(crate) fn damage(artifacts: &Artifacts) -> Option<Damage> {
    let contents = artifacts.contents().expect("readable");
    assert_eq!(contents.entries.len(), 1);
    artifacts.verify(&contents.entries[0]).err()
}

/// Makes a file look as if it was used last so many seconds ago.
pub(crate) fn age(path: &Path, seconds: u64) {
    let time = SystemTime::now() - Duration::from_secs(seconds);
    fs::File::open(path).expect("there").set_modified(time).expect("ours");
}

/// A test of this program, marked as ignored, in a process of its own: what is in HEBE_FOLDER says where it works.
pub(crate) fn process(program: &Path, test: &str, folder: &Path, number: usize) -> Command {
    let mut command = Command::new(program);
    command
        .args(["--ignored", "--exact", test])
        .env("HEBE_FOLDER", folder)
        .env("HEBE_NUMBER", number.to_string());
    command
}

/// The folder and the number that [`process`] gave.
pub(crate) fn given() -> (PathBuf, usize) {
    let folder = env::var_os("HEBE_FOLDER").expect("run by another test");
    let number = env::var("HEBE_NUMBER").expect("run by another test");
    (folder.into(), number.parse().expect("a number"))
}
