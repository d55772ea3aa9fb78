//! Compiled machine code in a folder of files, so that a VM that starts anew need not compile again.
//!
//! Loading machine code is running it. So each file carries a MAC under a key that only this folder's owner can read: a
//! file that is not, to the last bit, what this crate wrote under that key in that folder is a miss. Nothing in the
//! folder can make more than misses, and a miss costs a compilation, never a result. `docs/cache.md` has the format.
//!
//! Any number of threads and processes may use a folder at once. Files come into being by renaming; readers take no lock.
//!
//! ```
//! use hebe_artifacts::Artifacts;
//!
//! let folder = tempfile::tempdir()?;
//! let artifacts = Artifacts::open(&folder.path().join("cache"))?;
//! artifacts.put(&[7; 32], b"machine code")?;
//! assert_eq!(artifacts.get(&[7; 32]).expect("there").bytes(), b"machine code");
//! assert!(artifacts.get(&[8; 32]).is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod entry;
mod error;
mod folder;
mod key;
#[cfg(feature = "wasmtime")]
mod module;
mod name;
mod prune;
mod space;
mod sys;

use std::path::Path;

pub use entry::{Artifact, Damage, FORMAT, MAX_BYTES};
pub use error::{OpenError, PutError};
pub use folder::{Contents, EntryFile, block_size};
pub use prune::{Failed, Prune, Pruned, Removed, Why};
pub use space::DEFAULT_LIMIT;

use entry::Kind;
use folder::Folder;
use key::MacKey;
use space::Space;

/// A folder of compiled code. Share it between threads; open it once in a process.
#[derive(Debug)]
pub struct Artifacts {
    folder: Folder,
    key: MacKey,
    space: Space,
}

impl Artifacts {
    /// Opens a folder, makes it if there is none, and gives it a key if it has none. The files in it are not looked at, so this
    /// takes the same time however many there are.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]. Above all: others can write to the folder or read its key, or it has files that are not ours and
    /// no key, so it is somebody's folder and no cache.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let folder = Folder::create(dir)?;
        let key = match key::read(&folder)? {
            Some(key) => key,
            None => key::create(&folder)?,
        };
        Ok(Self { folder, key, space: Space::new(DEFAULT_LIMIT) })
    }

    /// Opens a folder that is a cache already, and changes nothing.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]; [`OpenError::NoCache`] for a folder without a key.
    pub fn open_existing(dir: &Path) -> Result<Self, OpenError> {
        let folder = Folder::existing(dir)?;
        let key = key::read(&folder)?.ok_or_else(|| OpenError::NoCache { dir: folder.path().to_owned() })?;
        Ok(Self { folder, key, space: Space::new(DEFAULT_LIMIT) })
    }

    /// With another limit than [`DEFAULT_LIMIT`] for the bytes in the folder, reckoned as [`block_size`] does. It is this
    /// process's: each that writes to the folder keeps its own.
    #[must_use]
    pub fn with_limit(self, bytes: u64) -> Self {
        Self { space: Space::new(bytes), ..self }
    }

    /// The folder, as an absolute path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// What was put under this key. Whatever is amiss with the file is a miss; the next [`put`](Self::put) replaces it.
    #[must_use]
    pub fn get(&self, key: &[u8; 32]) -> Option<Artifact> {
        let (artifact, file) = entry::read(&self.folder.entry(key), key, &self.key).ok()?;
        folder::touch(&file);
        Some(artifact)
    }

    /// Stores bytes under a key, in place of what is there. They come back from [`get`](Self::get), but are never loaded as
    /// code: that is for `put_module`, under the feature `wasmtime`.
    ///
    /// When the limit is reached, entries that were not used for longest go. What killed processes left more than an hour ago goes
    /// with the first put and whenever the folder is looked through.
    ///
    /// # Errors
    ///
    /// See [`PutError`]. The folder is as before, but for entries that made room.
    pub fn put(&self, key: &[u8; 32], bytes: &[u8]) -> Result<(), PutError> {
        self.put_kind(key, bytes, Kind::Bytes)
    }

    /// What is in the folder. Reads the names and sizes of its files, not the files.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn contents(&self) -> Result<Contents, std::io::Error> {
        self.folder.contents()
    }

    /// Reads an entry to its end and says what is wrong with it.
    ///
    /// # Errors
    ///
    /// Why [`get`](Self::get) would miss it.
    pub fn verify(&self, entry: &EntryFile) -> Result<(), Damage> {
        entry::read(&self.folder.entry(&entry.key), &entry.key, &self.key).map(|_| ())
    }

    /// Removes what the rule says, and in any case damaged entries and what killed processes left. Only files with names of
    /// ours are touched, and never the key. `progress` hears how many of how many entries are done.
    ///
    /// # Errors
    ///
    /// The folder cannot be read. What could not be removed is in the answer.
    pub fn prune(&self, rule: &Prune, progress: impl FnMut(usize, usize)) -> Result<Pruned, std::io::Error> {
        prune::prune(self, rule, progress)
    }

    fn put_kind(&self, key: &[u8; 32], bytes: &[u8], kind: Kind) -> Result<(), PutError> {
        let size = entry::file_size(bytes.len());
        let most = MAX_BYTES.min(self.space.limit());
        if size.is_none_or(|size| block_size(size) > most) {
            return Err(PutError::TooLarge { bytes: bytes.len(), most });
        }
        self.space.reserve(&self.folder, block_size(size.unwrap_or(most)))?;
        entry::write(&self.folder, key, &self.key, bytes, kind)
    }
}
