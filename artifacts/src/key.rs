//! The folder's key, under which everything in it is authenticated.

use std::{
    fmt, fs,
    io::{self, Read, Write},
};

use crate::{
    OpenError,
    entry::FORMAT,
    folder::{Folder, Temporary},
    name, sys,
};

/// How a key file begins; then the format, 4 bytes little-endian, and the key.
const MAGIC: [u8; 12] = *b"hebe cache\n\0";
const KEY_AT: usize = MAGIC.len() + size_of::<u32>();
const SIZE: usize = KEY_AT + 32;

/// 32 secret bytes.
#[derive(Clone)]
pub(crate) struct MacKey([u8; 32]);

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(secret)")
    }
}

impl MacKey {
    /// BLAKE3's keyed mode is a MAC by design; its `Hash` compares in constant time.
    pub(crate) fn hasher(&self) -> blake3::Hasher {
        blake3::Hasher::new_keyed(&self.0)
    }
}

/// The folder's key, if it has one.
pub(crate) fn read(folder: &Folder) -> Result<Option<MacKey>, OpenError> {
    let path = folder.path().join(name::KEY);
    let bad = |reason: &str| OpenError::Key { file: path.clone(), reason: reason.to_owned() };
    let failed = |error| OpenError::KeyFile { file: path.clone(), error };
    // What is no regular file may fail to open in many ways, so it is looked at by name first; what counts is what is open.
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        Ok(meta) if !meta.is_file() => return Err(bad("it is no regular file")),
        Ok(_) => {}
    }
    let file = sys::open(&path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    if !meta.is_file() {
        return Err(bad("it is no regular file"));
    }
    if let Some(reason) = sys::file_is_exposed(&meta) {
        return Err(bad(reason));
    }
    let mut bytes = Vec::with_capacity(SIZE + 1);
    file.take(SIZE as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    match parse(&bytes) {
        Ok(key) => Ok(Some(key)),
        Err(Some(found)) => Err(OpenError::Format { dir: folder.path().to_owned(), found }),
        Err(None) => Err(bad(&format!("it is not the {SIZE} bytes of a key of Hebe's"))),
    }
}

/// The key, or the other format that the bytes have, or nothing if they are no key's.
fn parse(bytes: &[u8]) -> Result<MacKey, Option<u32>> {
    let rest = bytes.strip_prefix(&MAGIC).ok_or(None)?;
    let (format, key) = rest.split_first_chunk().ok_or(None)?;
    match u32::from_le_bytes(*format) {
        FORMAT => key.try_into().map(MacKey).map_err(|_| None),
        other => Err(Some(other)),
    }
}

/// Whether a folder without a key can be given one, as far as that can be told.
pub(crate) fn can_be_made(folder: &Folder) -> Result<(), OpenError> {
    if let Some(name) = folder.foreign_name()? {
        return Err(OpenError::Occupied { dir: folder.path().to_owned(), name });
    }
    sys::may_write(folder.path())
        .map_err(|error| OpenError::KeyFile { file: folder.path().join(name::KEY), error })
}

/// Gives the folder a key. If another process is faster, that one's is taken.
pub(crate) fn create(folder: &Folder) -> Result<MacKey, OpenError> {
    can_be_made(folder)?;
    write(folder).map_err(|error| OpenError::KeyFile { file: folder.path().join(name::KEY), error })?;
    read(folder)?.ok_or_else(|| OpenError::NoCache { dir: folder.path().to_owned() })
}

/// A link is made whole or not at all, and never in place of another.
fn write(folder: &Folder) -> io::Result<()> {
    let mut bytes = [0; SIZE];
    bytes[..MAGIC.len()].copy_from_slice(&MAGIC);
    bytes[MAGIC.len()..KEY_AT].copy_from_slice(&FORMAT.to_le_bytes());
    getrandom::fill(&mut bytes[KEY_AT..])?;
    let mut temporary = Temporary::new(folder, SIZE as u64)?;
    temporary.file().write_all(&bytes)?;
    // A machine that loses power must not keep the name of a key without the key.
    temporary.file().sync_all()?;
    match fs::hard_link(temporary.path(), folder.path().join(name::KEY)) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
