//! What differs between systems: opening without following links or waiting, and who owns a file.

use std::{
    fs::{DirBuilder, File, Metadata, OpenOptions},
    io,
    path::Path,
};

/// Opens for reading. On Unix a symbolic link is an error, and a pipe does not keep one waiting.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;

        use rustix::fs::OFlags;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
    }
    options.open(path)
}

/// Makes a file that was not there, for its owner alone.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder with all above it, for its owner alone.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Whether this process may make files in a folder. What cannot be told beforehand, writing tells.
#[cfg(unix)]
pub(crate) fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::{
        fs::{Access, AtFlags, CWD, accessat},
        io::Errno,
    };

    match accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS) {
        Err(error @ (Errno::ACCESS | Errno::ROFS)) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Whether a file of this process may have so many bytes. Who writes more than the limit is killed by a signal (SIGXFSZ), if nobody
/// handles that: so it is asked for before.
#[cfg(unix)]
pub(crate) fn may_have_size(bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, getrlimit};

    match getrlimit(Resource::Fsize).current {
        Some(most) if bytes > most => Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("a file of {bytes} bytes, and this process may write {most} (ulimit -f)"),
        )),
        _ => Ok(()),
    }
}

/// Why others than this user can change what is in a folder.
#[cfg(unix)]
pub(crate) fn folder_is_unsafe(meta: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;

    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Some("another user owns it");
    }
    (meta.mode() & 0o022 != 0).then_some("other users can write to it")
}

/// Why others than this user may know what is in a file.
#[cfg(unix)]
pub(crate) fn file_is_exposed(meta: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;

    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Some("another user owns it");
    }
    (meta.mode() & 0o077 != 0).then_some("other users may read it (its mode is not 600)")
}

/// Elsewhere than on Unix a folder has what its parent passes on, which std cannot tell.
#[cfg(not(unix))]
pub(crate) fn folder_is_unsafe(_: &Metadata) -> Option<&'static str> {
    None
}

/// Elsewhere, writing tells.
#[cfg(not(unix))]
pub(crate) fn may_write(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Elsewhere, writing tells.
#[cfg(not(unix))]
pub(crate) fn may_have_size(_: u64) -> io::Result<()> {
    Ok(())
}

/// See [`folder_is_unsafe`].
#[cfg(not(unix))]
pub(crate) fn file_is_exposed(_: &Metadata) -> Option<&'static str> {
    None
}
