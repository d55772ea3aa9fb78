//! Whatever is in an entry's place but that entry is a miss, and gone with the next put.

use std::fs;

use hebe_artifacts::{Damage, MAX_BYTES, Prune, Why};

use crate::support::{bytes, damage, file, new};

const KEY: [u8; 32] = [7; 32];
const CODE: &[u8] = b"some machine code";

#[test]
fn every_flipped_bit() {
    let (folder, artifacts) = new();
    artifacts.put(&KEY, CODE).expect("room");
    let path = file(folder.path(), &KEY);
    let good = fs::read(&path).expect("there");
    assert_eq!(good.len(), 88 + CODE.len());
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, bad).expect("written");
        assert!(artifacts.get(&KEY).is_none(), "bit {bit}");
        assert!(damage(&artifacts).is_some(), "bit {bit}");
    }
    fs::write(&path, good).expect("written");
    assert_eq!(bytes(&artifacts, &KEY).as_deref(), Some(CODE));
}

#[test]
fn every_other_length() {
    let (folder, artifacts) = new();
    artifacts.put(&KEY, CODE).expect("room");
    let path = file(folder.path(), &KEY);
    let good = fs::read(&path).expect("there");
    for length in 0..good.len() {
        fs::write(&path, &good[..length]).expect("written");
        assert!(artifacts.get(&KEY).is_none(), "{length} bytes");
        assert!(matches!(damage(&artifacts), Some(Damage::Length { found, .. }) if found == length as u64));
    }
    fs::write(&path, [good, vec![0]].concat()).expect("written");
    assert!(artifacts.get(&KEY).is_none());
    artifacts.put(&KEY, CODE).expect("room");
    assert_eq!(bytes(&artifacts, &KEY).as_deref(), Some(CODE));
}

#[test]
fn empty_code_is_code() {
    let (folder, artifacts) = new();
    artifacts.put(&KEY, b"").expect("room");
    assert_eq!(bytes(&artifacts, &KEY).as_deref(), Some(&b""[..]));
    assert_eq!(fs::metadata(file(folder.path(), &KEY)).expect("there").len(), 88);
}

#[test]
fn another_name() {
    let (folder, artifacts) = new();
    artifacts.put(&KEY, CODE).expect("room");
    fs::rename(file(folder.path(), &KEY), file(folder.path(), &[8; 32])).expect("renamed");
    assert!(artifacts.get(&KEY).is_none());
    assert!(artifacts.get(&[8; 32]).is_none());
    assert!(matches!(damage(&artifacts), Some(Damage::Renamed)));
}

#[test]
fn another_folder() {
    let (folder, artifacts) = new();
    let (other_folder, other) = new();
    other.put(&KEY, CODE).expect("room");
    fs::copy(file(other_folder.path(), &KEY), file(folder.path(), &KEY)).expect("copied");
    assert!(artifacts.get(&KEY).is_none());
    assert!(matches!(damage(&artifacts), Some(Damage::Forged)));
}

#[test]
fn foreign_bytes() {
    let (folder, artifacts) = new();
    let path = file(folder.path(), &KEY);
    for bytes in [vec![0; 4096], vec![0xff; 88], b"\0asm\x01\0\0\0".repeat(20)] {
        fs::write(&path, bytes).expect("written");
        assert!(artifacts.get(&KEY).is_none());
        assert!(matches!(damage(&artifacts), Some(Damage::Foreign)));
    }
    artifacts.put(&KEY, CODE).expect("room");
    let mut next = fs::read(&path).expect("there");
    next[8] = 2;
    fs::write(&path, next).expect("written");
    assert!(matches!(damage(&artifacts), Some(Damage::Format(2))));
}

/// A header that promises much, with a file that has it (of holes), and one that has not.
#[test]
fn large_files_are_not_read() {
    let (folder, artifacts) = new();
    artifacts.put(&KEY, CODE).expect("room");
    let path = file(folder.path(), &KEY);
    let mut bytes = fs::read(&path).expect("there");
    for length in [MAX_BYTES, 1 << 40, u64::MAX] {
        bytes[48..56].copy_from_slice(&length.to_le_bytes());
        fs::write(&path, &bytes).expect("written");
        assert!(artifacts.get(&KEY).is_none());
        assert!(matches!(damage(&artifacts), Some(Damage::Length { .. })));
        // 1 TiB of holes: not all file systems take that.
        if length < 1 << 41
            && fs::File::options().write(true).open(&path).expect("ours").set_len(88 + length).is_ok()
        {
            assert!(artifacts.get(&KEY).is_none());
            assert!(matches!(damage(&artifacts), Some(Damage::TooLarge(found)) if found == 88 + length));
        }
    }
}

/// A link to a sound entry, so that following it would show; a pipe, which would wait for a writer; a socket; a folder.
#[test]
#[cfg(unix)]
fn what_is_no_file() {
    use std::{
        os::unix::{fs::symlink, net::UnixListener},
        process::Command,
    };

    let (folder, artifacts) = new();
    artifacts.put(&KEY, CODE).expect("room");
    let path = file(folder.path(), &KEY);
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(&path, &elsewhere).expect("renamed");
    let make: [&dyn Fn(); 4] = [
        &|| symlink(&elsewhere, &path).expect("a link"),
        &|| assert!(Command::new("mkfifo").arg(&path).status().expect("coreutils").success()),
        &|| drop(UnixListener::bind(&path).expect("a socket")),
        &|| fs::create_dir(&path).expect("a folder"),
    ];
    for make in make {
        make();
        assert!(artifacts.get(&KEY).is_none());
        assert!(matches!(damage(&artifacts), Some(Damage::NoFile)));
        artifacts.put(&KEY, b"new").expect("replaced");
        assert_eq!(bytes(&artifacts, &KEY).as_deref(), Some(&b"new"[..]));
        fs::remove_file(&path).expect("ours");
        make();
        let pruned = artifacts.prune(&Prune::default(), |_, _| {}).expect("readable");
        assert!(matches!(pruned.removed[..], [ref one] if matches!(one.why, Why::Damaged(Damage::NoFile))));
        assert!(fs::symlink_metadata(&path).is_err());
    }
    assert_eq!(fs::read(&elsewhere).expect("untouched").len(), 88 + CODE.len());
    // A folder that has something in it is not ours to empty: an error, and the rest goes on.
    fs::create_dir_all(path.join("more")).expect("folders");
    artifacts.put(&KEY, b"new").expect_err("in the way");
    let pruned = artifacts.prune(&Prune::default(), |_, _| {}).expect("readable");
    assert_eq!((pruned.removed.len(), pruned.failed.len()), (0, 1));
    artifacts.put(&[9; 32], CODE).expect("room");
    assert_eq!(bytes(&artifacts, &[9; 32]).as_deref(), Some(CODE));
    assert_eq!(artifacts.contents().expect("readable").temporaries, []);
}

/// For a log: what, where, what comes of it and what to do. Once, however often the file is met.
#[test]
fn a_bad_entry_is_told_once() {
    let (folder, artifacts) = new();
    let path = file(folder.path(), &KEY);
    assert!(artifacts.find(&KEY).expect("nothing is no damage").is_none());
    artifacts.put(&KEY, CODE).expect("room");
    assert_eq!(artifacts.find(&KEY).expect("sound").expect("there").bytes(), CODE);
    fs::write(&path, "damaged").expect("written");
    let bad = artifacts.find(&KEY).expect_err("damaged");
    let dir = artifacts.path().display();
    let expected = format!(
        "{dir}/{}.code is not loaded: it has 7 bytes and should have 88. Its contract is compiled again when that pays, and the \
         new file takes its place (`hebe cache prune {dir}` removes it at once)",
        "07".repeat(32)
    );
    assert_eq!(bad.to_string(), expected);
    assert!(artifacts.find(&KEY).expect("told").is_none());
    fs::copy(&path, file(folder.path(), &[8; 32])).expect("copied");
    artifacts.find(&[8; 32]).expect_err("another one");
}
