//! Why a folder cannot be opened, or code not be stored.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::Damage;

/// Why a folder cannot be used as a cache.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It cannot be made or looked at.
    #[error("cannot open the cache folder {}: {error}", dir.display())]
    Folder {
        /// The folder.
        dir: PathBuf,
        /// The system's reason.
        #[source]
        error: io::Error,
    },
    /// It is a file or the like.
    #[error("{} is no folder; name one, or a path where there is nothing yet", dir.display())]
    NoFolder {
        /// What was named.
        dir: PathBuf,
    },
    /// It has no key, and [`open_existing`](crate::Artifacts::open_existing) makes none.
    #[error("{} is no cache of Hebe: it has no file hebe-cache.key", dir.display())]
    NoCache {
        /// The folder.
        dir: PathBuf,
    },
    /// It has no key but files of somebody else.
    #[error(
        "{} is no cache of Hebe and has other files, {name:?} for one; name an empty folder or one that does not exist yet",
        dir.display()
    )]
    Occupied {
        /// The folder.
        dir: PathBuf,
        /// One of its files.
        name: String,
    },
    /// Other users could put files there.
    #[error(
        "the cache folder {} is unsafe: {reason}. Compiled code is loaded from it; make a folder that this user owns and nobody \
         else can write to (chmod 700)",
        dir.display()
    )]
    Unsafe {
        /// The folder.
        dir: PathBuf,
        /// What is wrong.
        reason: &'static str,
    },
    /// Others may know the key, or it is no key.
    #[error(
        "the cache's key {} cannot be trusted: {reason}. Remove the folder with all that is in it; a new one is made when it is \
         used again",
        file.display()
    )]
    Key {
        /// The key's file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It was made by a version that has another format.
    #[error("the cache {} has format {found}, this program has {}; give each its own folder", dir.display(), crate::FORMAT)]
    Format {
        /// The folder.
        dir: PathBuf,
        /// The format of the folder.
        found: u32,
    },
    /// The key cannot be read or made.
    #[error("cannot read or make the cache's key {}: {error}", file.display())]
    KeyFile {
        /// The key's file.
        file: PathBuf,
        /// The system's reason.
        #[source]
        error: io::Error,
    },
}

/// A file in an entry's place that is not the entry, as a log tells it.
#[derive(Debug, Error)]
#[error(
    "{} is not loaded: {damage}. Its contract is compiled again when that pays, and the new file takes its place (`hebe cache prune \
     {}` removes it at once)",
    dir.join(name).display(),
    dir.display()
)]
#[non_exhaustive]
pub struct BadEntry {
    /// The folder.
    pub dir: PathBuf,
    /// The file in it.
    pub name: String,
    /// What is wrong with it.
    #[source]
    pub damage: Damage,
}

/// Why code was not stored. The folder is as sound as before.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PutError {
    /// The folder could not be made, or is none to trust.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Larger than a file, or all files, may be.
    #[error("{bytes} bytes are too many for the cache, whose files may have {most}")]
    TooLarge {
        /// How many bytes it would have.
        bytes: usize,
        /// How many a file may have, with its header.
        most: u64,
    },
    /// There is no room, and none could be made.
    #[error("the cache {} is full, and its files cannot be removed; `hebe cache prune` says why", dir.display())]
    Full {
        /// The folder.
        dir: PathBuf,
    },
    /// The file could not be written.
    #[error("cannot write to the cache {}: {error}", dir.display())]
    Write {
        /// The folder.
        dir: PathBuf,
        /// The system's reason.
        #[source]
        error: io::Error,
    },
    /// The module could not be turned into bytes.
    #[error("the engine cannot serialise the module: {0}")]
    Serialize(String),
}
