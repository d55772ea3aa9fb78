//! Finds and reads files of state tests.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use hebe_state::statetest::StateTest;

use super::pool;
use crate::error::Error;

/// A file and its tests.
pub(super) struct TestFile {
    pub(super) name: String,
    pub(super) tests: Vec<StateTest>,
}

/// The files that are named, and the `.json` files of the folders that are named: those of a folder in
/// the order of their names. Hidden ones and links to folders are left out.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for path in paths {
        let before = found.len();
        let kind = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if kind.is_dir() {
            search(path, &mut found)?;
            if found.len() == before {
                return Err(Error::usage(format!("there is no .json file in {}", path.display())));
            }
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn search(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = entries.map_err(|error| unreadable(folder, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().map_err(|error| unreadable(&path, &error))?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            search(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::usage(format!("cannot read {}: {error}", path.display()))
}

/// Reads all files, and says of each that is no file of state tests why.
pub(super) fn read(paths: &[PathBuf], threads: usize) -> (Vec<TestFile>, Vec<Error>) {
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    let each = |file| {
        match file {
            Ok(file) => files.push(file),
            Err(error) => errors.push(error),
        }
        Ok(())
    };
    // Collecting cannot fail.
    let _ = pool::in_order(threads, paths, |path| read_one(path), each);
    (files, errors)
}

/// More than any file of Ethereum's tests has.
const MOST_BYTES: u64 = 256 << 20;

fn read_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(io::Error::other(format!("it has more than {} MiB", MOST_BYTES >> 20)));
    }
    Ok(text)
}

fn read_one(path: &Path) -> Result<TestFile, Error> {
    let name = path.display().to_string();
    let text = read_text(path).map_err(|error| unreadable(path, &error))?;
    let tests = StateTest::parse(&name, &text).map_err(|error| Error::usage(error.to_string()))?;
    Ok(TestFile { name, tests })
}
