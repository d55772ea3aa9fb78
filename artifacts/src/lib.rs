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

use std::{
    collections::BTreeSet,
    path::{self, Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
};

pub use entry::{Artifact, Damage, FORMAT, MAX_BYTES};
pub use error::{BadEntry, OpenError, PutError};
pub use folder::{Contents, EntryFile, block_size};
pub use prune::{Failed, Prune, Pruned, Removed, Why};
pub use space::DEFAULT_LIMIT;

use entry::Kind;
use folder::Folder;
use key::MacKey;
use space::Space;

/// So many bad entries are told of in one process. They are a few in a folder that is well, and `verify` tells them all.
const MOST_TOLD: usize = 1_000;

/// A folder of compiled code. Share it between threads; open it once in a process.
#[derive(Debug)]
pub struct Artifacts {
    /// As an absolute path, so that it stays the same one when the process changes its directory.
    dir: PathBuf,
    /// Once there is a folder with a key.
    cache: OnceLock<Cache>,
    space: Space,
    /// The bad entries that [`find`](Self::find) told of.
    told: Mutex<BTreeSet<[u8; 32]>>,
}

/// A folder with its key.
#[derive(Debug)]
struct Cache {
    folder: Folder,
    key: MacKey,
}

impl Artifacts {
    /// Opens a folder, or the place for one. Nothing is made before there is something to [`put`](Self::put). The files in it are
    /// not looked at, so this takes the same time however many there are.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]. Above all: others can write to the folder or read its key, it has files that are not ours and
    /// no key, so it is somebody's folder and no cache, or this process may not make it.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let Some(folder) = Folder::find(dir)? else { return Self::new(dir, None) };
        let key = key::read(&folder)?;
        if key.is_none() {
            key::can_be_made(&folder)?;
        }
        Self::new(dir, key.map(|key| Cache { folder, key }))
    }

    /// Opens a folder that is a cache already, and changes nothing.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]; [`OpenError::NoCache`] for a folder without a key.
    pub fn open_existing(dir: &Path) -> Result<Self, OpenError> {
        let folder = Folder::existing(dir)?;
        let key = key::read(&folder)?.ok_or_else(|| OpenError::NoCache { dir: folder.path().to_owned() })?;
        Self::new(dir, Some(Cache { folder, key }))
    }

    fn new(dir: &Path, cache: Option<Cache>) -> Result<Self, OpenError> {
        let absolute =
            path::absolute(dir).map_err(|error| OpenError::Folder { dir: dir.to_owned(), error })?;
        let cache = cache.map_or_else(OnceLock::new, OnceLock::from);
        Ok(Self { dir: absolute, cache, space: Space::new(DEFAULT_LIMIT), told: Mutex::default() })
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
        self.cache.get().map_or(&self.dir, |cache| cache.folder.path())
    }

    /// Makes the folder and its key, if they are not there. The first [`put`](Self::put) does that, too.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub fn create(&self) -> Result<(), OpenError> {
        self.cache().map(|_| ())
    }

    /// What was put under this key. Whatever is amiss with the file is a miss; the next [`put`](Self::put) replaces it.
    #[must_use]
    pub fn get(&self, key: &[u8; 32]) -> Option<Artifact> {
        self.read(key).ok()
    }

    /// The same as [`get`](Self::get), and tells of a bad entry, for a log: once for each in this process.
    ///
    /// # Errors
    ///
    /// There is a file, but it is not what was put. When it is met again, this is `None`.
    pub fn find(&self, key: &[u8; 32]) -> Result<Option<Artifact>, BadEntry> {
        match self.read(key) {
            Ok(artifact) => Ok(Some(artifact)),
            Err(damage) if !matches!(damage, Damage::Gone) && self.is_news(key) => {
                Err(BadEntry { dir: self.path().to_owned(), name: name::entry(key), damage })
            }
            Err(_) => Ok(None),
        }
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
        self.found().map_or_else(|| Ok(Contents::default()), |cache| cache.folder.contents())
    }

    /// Reads an entry to its end and says what is wrong with it.
    ///
    /// # Errors
    ///
    /// Why [`get`](Self::get) would miss it.
    pub fn verify(&self, entry: &EntryFile) -> Result<(), Damage> {
        let cache = self.found().ok_or(Damage::Gone)?;
        entry::read(&cache.folder.entry(&entry.key), &entry.key, &cache.key).map(|_| ())
    }

    /// Removes what the rule says, and in any case damaged entries and what killed processes left. Only files with names of
    /// ours are touched, and never the key. `progress` hears how many of how many entries are done.
    ///
    /// # Errors
    ///
    /// The folder cannot be read. What could not be removed is in the answer.
    pub fn prune(&self, rule: &Prune, progress: impl FnMut(usize, usize)) -> Result<Pruned, std::io::Error> {
        match self.found() {
            Some(cache) => prune::prune(self, &cache.folder, rule, progress),
            None => Ok(Pruned::default()),
        }
    }

    fn put_kind(&self, key: &[u8; 32], bytes: &[u8], kind: Kind) -> Result<(), PutError> {
        let size = entry::file_size(bytes.len());
        let most = MAX_BYTES.min(self.space.limit());
        if size.is_none_or(|size| block_size(size) > most) {
            return Err(PutError::TooLarge { bytes: bytes.len(), most });
        }
        let (cache, size) = (self.cache()?, size.unwrap_or(most));
        let failed = |error| PutError::Write { dir: self.path().to_owned(), error };
        // Before others make room for it.
        sys::may_have_size(size).map_err(failed)?;
        self.space.reserve(&cache.folder, block_size(size))?;
        entry::write(&cache.folder, key, &cache.key, bytes, kind).map_err(failed)
    }

    fn read(&self, key: &[u8; 32]) -> Result<Artifact, Damage> {
        let cache = self.found().ok_or(Damage::Gone)?;
        let (artifact, file) = entry::read(&cache.folder.entry(key), key, &cache.key)?;
        folder::touch(&file);
        Ok(artifact)
    }

    /// The folder with its key, if there is one by now.
    fn found(&self) -> Option<&Cache> {
        if self.cache.get().is_none() {
            let folder = Folder::existing(&self.dir).ok()?;
            let key = key::read(&folder).ok()??;
            return Some(self.cache.get_or_init(|| Cache { folder, key }));
        }
        self.cache.get()
    }

    /// The folder with its key, which are made if there are none.
    fn cache(&self) -> Result<&Cache, OpenError> {
        if let Some(cache) = self.cache.get() {
            return Ok(cache);
        }
        let folder = Folder::create(&self.dir)?;
        let key = match key::read(&folder)? {
            Some(key) => key,
            None => key::create(&folder)?,
        };
        Ok(self.cache.get_or_init(|| Cache { folder, key }))
    }

    /// True once for each key.
    fn is_news(&self, key: &[u8; 32]) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.len() < MOST_TOLD && told.insert(*key)
    }
}
