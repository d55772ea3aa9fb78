//! The folder and the files in it, by name.

use std::{
    cmp::Reverse,
    fs::{self, File, Metadata, TryLockError},
    io,
    path::{self, Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::{
    OpenError,
    name::{self, Name},
    sys,
};

/// How long a file that is being written is left to its writer, if it cannot be told otherwise.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
/// How exactly the time of the last use is kept.
const USE: Duration = Duration::from_secs(60);
/// A time that lies further ahead than this is no clock's inaccuracy.
const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);

/// What a file of so many bytes takes, as nearly all file systems reckon: whole blocks of 4096 bytes, one at least. So many
/// small files are bounded, too.
#[must_use]
pub const fn block_size(bytes: u64) -> u64 {
    let blocks = bytes.div_ceil(4096);
    (if blocks == 0 { 1 } else { blocks }).saturating_mul(4096)
}

/// What is in a folder.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Contents {
    /// The entries, longest unused first.
    pub entries: Vec<EntryFile>,
    /// Files that are being written, or were when their process was killed: their names and [`block_size`]s.
    pub temporaries: Vec<(String, u64)>,
    /// How many files are none of ours.
    pub others: usize,
}

impl Contents {
    /// What all files of ours take but the key.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.entry_bytes() + self.temporaries.iter().map(|(_, bytes)| bytes).sum::<u64>()
    }

    /// What the entries take.
    #[must_use]
    pub fn entry_bytes(&self) -> u64 {
        self.entries.iter().map(|entry| entry.bytes).sum()
    }
}

/// A file with the name of an entry. Whether it is a sound one, [`verify`](crate::Artifacts::verify) tells.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EntryFile {
    /// The key under which it is found.
    pub key: [u8; 32],
    /// Its [`block_size`].
    pub bytes: u64,
    /// When it was written or used last, to about a minute.
    pub used: SystemTime,
}

impl EntryFile {
    /// The file's name.
    #[must_use]
    pub fn name(&self) -> String {
        name::entry(&self.key)
    }

    /// How long it was not used. A time far ahead of the clock is a wrong one, and counts as long ago.
    #[must_use]
    pub fn age(&self, now: SystemTime) -> Duration {
        age(self.used, now)
    }
}

/// A folder that nobody else can write to.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder, if it is there. If not, it can be made, as far as that can be told.
    pub(crate) fn find(dir: &Path) -> Result<Option<Self>, OpenError> {
        let failed = |error| OpenError::Folder { dir: dir.to_owned(), error };
        let path = path::absolute(dir).map_err(failed)?;
        for above in path.ancestors() {
            match fs::metadata(above) {
                Ok(_) if above == path => return Self::existing(dir).map(Some),
                Ok(_) => return sys::may_write(above).map(|()| None).map_err(failed),
                // A link to nowhere is there, and in the way.
                Err(error) if is_gone(&error) && fs::symlink_metadata(above).is_err() => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Err(failed(io::ErrorKind::NotFound.into()))
    }

    pub(crate) fn create(dir: &Path) -> Result<Self, OpenError> {
        // What is there stays as it is: a folder is looked at in any case, and of all else the next step speaks.
        match sys::create_folder(dir) {
            Err(error) if fs::metadata(dir).is_err() => Err(OpenError::Folder { dir: dir.to_owned(), error }),
            _ => Self::existing(dir),
        }
    }

    pub(crate) fn existing(dir: &Path) -> Result<Self, OpenError> {
        let failed = |error| OpenError::Folder { dir: dir.to_owned(), error };
        // So that it stays the same one when the process changes its directory.
        let path = fs::canonicalize(dir).map_err(failed)?;
        let meta = fs::metadata(&path).map_err(failed)?;
        if !meta.is_dir() {
            return Err(OpenError::NoFolder { dir: dir.to_owned() });
        }
        match sys::folder_is_unsafe(&meta) {
            Some(reason) => Err(OpenError::Unsafe { dir: dir.to_owned(), reason }),
            None => Ok(Self { path }),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn entry(&self, key: &[u8; 32]) -> PathBuf {
        self.path.join(name::entry(key))
    }

    /// The name of a file that is none of ours, if there is one.
    pub(crate) fn foreign_name(&self) -> Result<Option<String>, OpenError> {
        let failed = |error| OpenError::Folder { dir: self.path.clone(), error };
        for file in fs::read_dir(&self.path).map_err(failed)? {
            let name = file.map_err(failed)?.file_name();
            if Name::of(&name) == Name::Other {
                return Ok(Some(name.to_string_lossy().into_owned()));
            }
        }
        Ok(None)
    }

    pub(crate) fn contents(&self) -> io::Result<Contents> {
        let mut contents = Contents::default();
        for file in fs::read_dir(&self.path)? {
            let file = file?;
            let name = Name::of(&file.file_name());
            if matches!(name, Name::Key | Name::Other) {
                contents.others += usize::from(name == Name::Other);
                continue;
            }
            let (bytes, used) = match file.metadata() {
                Ok(meta) => (block_size(meta.len()), modified(&meta)),
                // Another process removed it meanwhile.
                Err(error) if is_gone(&error) => continue,
                // It is there all the same.
                Err(_) => (block_size(0), SystemTime::UNIX_EPOCH),
            };
            match name {
                Name::Entry(key) => contents.entries.push(EntryFile { key, bytes, used }),
                _ => contents.temporaries.push((file.file_name().to_string_lossy().into_owned(), bytes)),
            }
        }
        let now = SystemTime::now();
        contents.entries.sort_by_cached_key(|entry| (Reverse(entry.age(now)), entry.key));
        Ok(contents)
    }

    /// Removes what killed processes left, if it is old enough to be sure of that without a look at locks.
    pub(crate) fn remove_old_temporaries(&self) {
        let now = SystemTime::now();
        for file in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            let old = || file.metadata().is_ok_and(|meta| age(modified(&meta), now) > PATIENCE);
            if Name::of(&file.file_name()) == Name::Temporary && old() {
                // Who may not remove it may still read the rest.
                let _ = self.remove(&file.file_name().to_string_lossy());
            }
        }
    }

    /// True if a file with the name of a temporary one has no writer any more.
    pub(crate) fn is_left_over(&self, name: &str) -> bool {
        let path = self.path.join(name);
        let Ok(meta) = fs::symlink_metadata(&path) else { return false };
        if !meta.is_file() || age(modified(&meta), SystemTime::now()) > PATIENCE {
            return true;
        }
        // Its writer holds a lock. Where there are no locks, age alone tells.
        match sys::open(&path).map(|file| file.try_lock()) {
            Ok(Ok(())) => true,
            Ok(Err(TryLockError::WouldBlock | TryLockError::Error(_))) | Err(_) => false,
        }
    }

    /// Removes a file, or an empty folder in a file's place. It is no failure if another process was faster.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.path.join(name);
        let result = match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_dir() => fs::remove_dir(&path),
            Ok(_) => fs::remove_file(&path),
            Err(error) => Err(error),
        };
        match result {
            Err(error) if is_gone(&error) => Ok(()),
            result => result,
        }
    }
}

/// A file that is being written. It goes when it is dropped, unless it was moved to its place.
pub(crate) struct Temporary {
    path: PathBuf,
    file: File,
    moved: bool,
}

impl Temporary {
    /// For a file that will have so many bytes.
    pub(crate) fn new(folder: &Folder, size: u64) -> io::Result<Self> {
        sys::may_have_size(size)?;
        let path = folder.path.join(name::temporary()?);
        let file = sys::create_new(&path)?;
        let temporary = Self { path, file, moved: false };
        // It tells others that the writer lives; the system takes it back when it dies. Not all file systems have locks.
        let _ = temporary.file.try_lock();
        Ok(temporary)
    }

    pub(crate) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file in a place, in one step for whoever looks, and whatever was there.
    pub(crate) fn move_to(mut self, place: &Path) -> io::Result<()> {
        let moved = fs::rename(&self.path, place).or_else(|error| {
            // A file does not replace a folder.
            fs::remove_dir(place).map_err(|_| error)?;
            fs::rename(&self.path, place)
        });
        self.moved = moved.is_ok();
        moved
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.moved {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Notes that an entry was used. Who may not write may still read.
pub(crate) fn touch(file: &File) {
    let now = SystemTime::now();
    if file.metadata().is_ok_and(|meta| age(modified(&meta), now) > USE) {
        let _ = file.set_modified(now);
    }
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

fn modified(meta: &Metadata) -> SystemTime {
    meta.modified().unwrap_or(SystemTime::UNIX_EPOCH)
}

fn age(time: SystemTime, now: SystemTime) -> Duration {
    match now.duration_since(time) {
        Ok(age) => age,
        Err(ahead) if ahead.duration() < AHEAD => Duration::ZERO,
        Err(_) => Duration::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_take_whole_blocks() {
        for (bytes, block) in [(0, 4096), (1, 4096), (4096, 4096), (4097, 8192), (1 << 30, 1 << 30)] {
            assert_eq!(block_size(bytes), block);
        }
        assert!(block_size(u64::MAX) >= u64::MAX - 4096);
    }

    #[test]
    fn ages() {
        let now = SystemTime::now();
        let second = Duration::from_secs(1);
        assert_eq!(age(now - second, now), second);
        assert_eq!(age(now + second, now), Duration::ZERO);
        assert_eq!(age(now + 2 * AHEAD, now), Duration::MAX);
    }
}
