//! The format of a file, and what can be wrong with one.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
};

use thiserror::Error;

use crate::{
    folder::{Folder, Temporary},
    key::MacKey,
    sys,
};

/// The format that this version reads and writes.
pub const FORMAT: u32 = 1;
/// Files may have so many bytes. Larger ones are not read.
pub const MAX_BYTES: u64 = 256 << 20;

const MAGIC: [u8; 8] = *b"hebecode";
/// What the MAC covers: magic 8, format 4, kind 4, key 32, length 8.
const FIELDS: usize = 56;
/// The fields and the MAC.
pub(crate) const HEADER: usize = FIELDS + blake3::OUT_LEN;

/// What the bytes are good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whatever somebody put there; never loaded.
    Bytes = 0,
    /// What wasmtime made of a module.
    Module = 1,
}

/// Bytes that were put under this key, in this folder, by a process that knows its secret key.
pub struct Artifact {
    bytes: Vec<u8>,
    pub(crate) kind: Kind,
}

impl fmt::Debug for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artifact").field("kind", &self.kind).field("bytes", &self.bytes.len()).finish()
    }
}

impl Artifact {
    /// The bytes as they were put.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// What is wrong with a file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Damage {
    /// There is none.
    #[error("it is gone")]
    Gone,
    /// A link, a folder, a pipe.
    #[error("it is no regular file")]
    NoFile,
    /// The system cannot read it.
    #[error("it cannot be read: {0}")]
    Unreadable(io::Error),
    /// Other bytes than ours at the beginning.
    #[error("it does not begin as our files do")]
    Foreign,
    /// A format of another version.
    #[error("it has format {0}, not {FORMAT}")]
    Format(u32),
    /// A header that says other things than the file's size.
    #[error("it has {found} bytes and should have {expected}")]
    Length {
        /// What its header says, at least the header itself.
        expected: u64,
        /// What there is.
        found: u64,
    },
    /// More bytes than are read.
    #[error("it has {0} bytes, and {MAX_BYTES} is the most")]
    TooLarge(u64),
    /// The name of another entry.
    #[error("it was written under another name")]
    Renamed,
    /// Not what was written, or not written here.
    #[error("its MAC is wrong: it was changed, or comes from another folder")]
    Forged,
}

impl From<io::Error> for Damage {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Gone,
            _ => Self::Unreadable(error),
        }
    }
}

/// What a file has in all, unless that is too much for a number.
pub(crate) fn file_size(payload: usize) -> Option<u64> {
    u64::try_from(payload).ok()?.checked_add(HEADER as u64)
}

/// Reads a file and authenticates it. Nothing is believed before that but what is bounded here.
pub(crate) fn read(path: &Path, key: &[u8; 32], mac: &MacKey) -> Result<(Artifact, File), Damage> {
    let mut file = sys::open(path).map_err(|error| match fs::symlink_metadata(path) {
        // A link, a socket.
        Ok(meta) if !meta.is_file() => Damage::NoFile,
        _ => error.into(),
    })?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(Damage::NoFile);
    }
    let header = read_header(&mut file, meta.len())?;
    let (kind, length) = check_header(&header, key, meta.len())?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(|_| Damage::Unreadable(io::ErrorKind::OutOfMemory.into()))?;
    (&file).take(length as u64).read_to_end(&mut bytes)?;
    let (fields, tag) = header.split_at(FIELDS);
    let expected = mac_of(fields, &bytes, mac);
    // A file that became shorter meanwhile fails here, too: the fields have the length. In constant time.
    if bytes.len() != length || expected != *tag {
        return Err(Damage::Forged);
    }
    Ok((Artifact { bytes, kind }, file))
}

/// Writes a file beside its place and moves it there, so that nobody ever sees a part of it. Nothing is flushed to the disk: what
/// a loss of power leaves is no longer authentic, and a miss.
pub(crate) fn write(
    folder: &Folder,
    key: &[u8; 32],
    mac: &MacKey,
    payload: &[u8],
    kind: Kind,
) -> io::Result<()> {
    let fields = fields(key, payload.len() as u64, kind);
    let tag = mac_of(&fields, payload, mac);
    let mut temporary = Temporary::new(folder, HEADER as u64 + payload.len() as u64)?;
    let file = temporary.file();
    file.write_all(&fields)?;
    file.write_all(tag.as_bytes())?;
    file.write_all(payload)?;
    temporary.move_to(&folder.entry(key))
}

fn fields(key: &[u8; 32], length: u64, kind: Kind) -> [u8; FIELDS] {
    let mut fields = [0; FIELDS];
    fields[..8].copy_from_slice(&MAGIC);
    fields[8..12].copy_from_slice(&FORMAT.to_le_bytes());
    fields[12..16].copy_from_slice(&(kind as u32).to_le_bytes());
    fields[16..48].copy_from_slice(key);
    fields[48..].copy_from_slice(&length.to_le_bytes());
    fields
}

/// The fields have a fixed length, so no two files have the same input.
fn mac_of(fields: &[u8], payload: &[u8], mac: &MacKey) -> blake3::Hash {
    mac.hasher().update(fields).update(payload).finalize()
}

fn read_header(file: &mut File, found: u64) -> Result<[u8; HEADER], Damage> {
    let mut header = [0; HEADER];
    match file.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(Damage::Length { expected: HEADER as u64, found })
        }
        Err(error) => Err(error.into()),
        Ok(()) => Ok(header),
    }
}

/// What the payload is and how long.
fn check_header(header: &[u8; HEADER], key: &[u8; 32], found: u64) -> Result<(Kind, usize), Damage> {
    let number = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    if header[..8] != MAGIC {
        return Err(Damage::Foreign);
    }
    if number(8) != FORMAT {
        return Err(Damage::Format(number(8)));
    }
    let kind = [Kind::Bytes, Kind::Module].into_iter().find(|kind| *kind as u32 == number(12));
    let kind = kind.ok_or(Damage::Forged)?;
    if header[16..48] != *key {
        return Err(Damage::Renamed);
    }
    let length = u64::from(number(48)) | u64::from(number(52)) << 32;
    let expected = length.saturating_add(HEADER as u64);
    if expected != found {
        return Err(Damage::Length { expected, found });
    }
    if found > MAX_BYTES {
        return Err(Damage::TooLarge(found));
    }
    usize::try_from(length).map(|length| (kind, length)).map_err(|_| Damage::TooLarge(found))
}
