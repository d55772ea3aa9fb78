//! The format as `docs/cache.md` has it, byte by byte.

use std::fs;

use hebe_artifacts::Artifacts;
use tempfile::TempDir;

use crate::support::{bytes, file};

/// Written by hand but for the MAC, which is from the `blake3` package for Python 1.0 (`blake3(fields + payload, key=key)`).
#[test]
fn a_folder_written_elsewhere() {
    let folder = TempDir::new().expect("a folder");
    let secret: Vec<u8> = (0..32).collect();
    let key_file = folder.path().join("hebe-cache.key");
    fs::write(&key_file, [b"hebe cache\n\0\x01\0\0\0", &secret[..]].concat()).expect("written");
    #[cfg(unix)]
    fs::set_permissions(&key_file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("ours");
    let mut entry = b"hebecode\x01\0\0\0\0\0\0\0".to_vec();
    entry.extend([7; 32]);
    entry.extend(b"\x0c\0\0\0\0\0\0\0");
    let mac = "dc12fd2771233cb2d9aa1eaf7eac2113e488d76db95a3cfd8d304175d5cac4c9";
    entry.extend((0..64).step_by(2).map(|at| u8::from_str_radix(&mac[at..at + 2], 16).expect("hex")));
    entry.extend(b"machine code");
    fs::write(file(folder.path(), &[7; 32]), &entry).expect("written");

    let artifacts = Artifacts::open(folder.path()).expect("opens");
    assert_eq!(bytes(&artifacts, &[7; 32]).as_deref(), Some(&b"machine code"[..]));
    artifacts.put(&[7; 32], b"machine code").expect("room");
    assert_eq!(fs::read(file(folder.path(), &[7; 32])).expect("there"), entry);
}
