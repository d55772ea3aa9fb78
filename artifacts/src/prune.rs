//! Clearing a folder up.

use std::{
    fmt, io,
    time::{Duration, SystemTime},
};

use crate::{Artifacts, Damage, EntryFile, folder::Folder};

/// What to remove beside damaged entries and leftovers.
#[derive(Clone, Debug, Default)]
pub struct Prune {
    /// Every entry. They are not read then.
    pub all: bool,
    /// Entries that were not used for this long: with zero every entry.
    pub older_than: Option<Duration>,
    /// Longest unused entries, until the rest takes no more than this ([`block_size`](crate::block_size)).
    pub bytes: Option<u64>,
}

/// What was done.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Pruned {
    /// What was removed.
    pub removed: Vec<Removed>,
    /// What could not be removed.
    pub failed: Vec<Failed>,
    /// How many entries are left, those among them that could not be removed.
    pub entries: usize,
    /// What they take.
    pub bytes: u64,
}

/// A file that was removed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Removed {
    /// Its name in the folder.
    pub name: String,
    /// What it took.
    pub bytes: u64,
    /// The reason.
    pub why: Why,
}

/// A file that could not be removed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failed {
    /// Its name in the folder.
    pub name: String,
    /// What it takes.
    pub bytes: u64,
    /// Why it was to be removed.
    pub why: Why,
    /// The system's reason.
    pub error: io::Error,
}

/// Why a file is removed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Why {
    /// All are.
    All,
    /// It would be a miss.
    Damaged(Damage),
    /// Its writer was killed.
    LeftOver,
    /// It was not used for long.
    Old,
    /// To make room.
    Room,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all are removed"),
            Self::Damaged(damage) => write!(f, "damaged: {damage}"),
            Self::LeftOver => f.write_str("left by a process that was killed while it wrote"),
            Self::Old => f.write_str("not used for that long"),
            Self::Room => f.write_str("longest unused, to make room"),
        }
    }
}

pub(crate) fn prune(
    artifacts: &Artifacts,
    folder: &Folder,
    rule: &Prune,
    mut progress: impl FnMut(usize, usize),
) -> io::Result<Pruned> {
    let contents = folder.contents()?;
    let mut pruned = Pruned::default();
    for (name, bytes) in contents.temporaries {
        if folder.is_left_over(&name) {
            pruned.remove(folder, name, bytes, Why::LeftOver);
        }
    }
    let now = SystemTime::now();
    let count = contents.entries.len();
    let mut sound = Vec::with_capacity(count);
    for (done, entry) in contents.entries.into_iter().enumerate() {
        match reason(artifacts, &entry, rule, now) {
            Some(Why::Damaged(Damage::Gone)) => {}
            Some(why) => pruned.remove_entry(folder, &entry, why),
            None => sound.push(entry),
        }
        progress(done + 1, count);
    }
    pruned.make_room(folder, &sound, rule.bytes);
    Ok(pruned)
}

/// Why an entry is removed, if not to make room.
fn reason(artifacts: &Artifacts, entry: &EntryFile, rule: &Prune, now: SystemTime) -> Option<Why> {
    if rule.all {
        return Some(Why::All);
    }
    if rule.older_than.is_some_and(|age| entry.age(now) >= age) {
        return Some(Why::Old);
    }
    artifacts.verify(entry).err().map(Why::Damaged)
}

impl Pruned {
    /// Longest unused first, as they come. What could not be removed before takes its part.
    fn make_room(&mut self, folder: &Folder, entries: &[EntryFile], limit: Option<u64>) {
        let mut later: u64 = entries.iter().map(|entry| entry.bytes).sum();
        for entry in entries {
            let used = self.bytes + later;
            later -= entry.bytes;
            if limit.is_some_and(|limit| used > limit) {
                self.remove_entry(folder, entry, Why::Room);
            } else {
                self.keep(entry);
            }
        }
    }

    /// An entry that stays, for whatever reason, is one that is left.
    fn remove_entry(&mut self, folder: &Folder, entry: &EntryFile, why: Why) {
        if !self.remove(folder, entry.name(), entry.bytes, why) {
            self.keep(entry);
        }
    }

    fn keep(&mut self, entry: &EntryFile) {
        self.entries += 1;
        self.bytes += entry.bytes;
    }

    /// False if that cannot be.
    fn remove(&mut self, folder: &Folder, name: String, bytes: u64, why: Why) -> bool {
        match folder.remove(&name) {
            Ok(()) => {
                self.removed.push(Removed { name, bytes, why });
                true
            }
            Err(error) => {
                self.failed.push(Failed { name, bytes, why, error });
                false
            }
        }
    }
}
