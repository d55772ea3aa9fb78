//! The limit. The folder is not looked through at each put, but when as much was written as there was room for.

use std::{
    fmt, io,
    sync::{Mutex, PoisonError},
};

use crate::{PutError, folder::Folder};

/// What the files in a folder may take, unless somebody says otherwise: 1 GiB.
pub const DEFAULT_LIMIT: u64 = 1 << 30;

/// Room is made for an eighth of the limit, so that it is not made at each put.
const ROOM: u64 = 8;
/// After writing a sixteenth of the limit a process looks again, whatever room it saw: others write, too.
const LOOK: u64 = 16;

/// How much may be written.
pub(crate) struct Space {
    limit: u64,
    /// Before the folder is looked at again.
    left: Mutex<u64>,
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Space").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Space {
    pub(crate) fn new(limit: u64) -> Self {
        Self { limit, left: Mutex::new(0) }
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// Makes sure that there is room for so many bytes, at most the limit.
    pub(crate) fn reserve(&self, folder: &Folder, bytes: u64) -> Result<(), PutError> {
        // A number is whole, whatever happened to who held it.
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if *left < bytes {
            let used = self
                .make_room(folder, bytes)
                .map_err(|error| PutError::Write { dir: folder.path().to_owned(), error })?;
            let room = self.limit.checked_sub(used).filter(|room| *room >= bytes);
            let room = room.ok_or_else(|| PutError::Full { dir: folder.path().to_owned() })?;
            *left = room.min((self.limit / LOOK).max(bytes));
        }
        *left -= bytes;
        Ok(())
    }

    /// Removes the entries that were not used for longest, if there is no room otherwise. Answers what all files take then.
    fn make_room(&self, folder: &Folder, bytes: u64) -> io::Result<u64> {
        folder.remove_old_temporaries();
        let contents = folder.contents()?;
        let mut used = contents.bytes();
        if used.saturating_add(bytes) <= self.limit {
            return Ok(used);
        }
        let aim = (self.limit - self.limit / ROOM).saturating_sub(bytes);
        for entry in contents.entries {
            if used <= aim {
                break;
            }
            if folder.remove(&entry.name()).is_ok() {
                used -= entry.bytes;
            }
        }
        Ok(used)
    }
}
