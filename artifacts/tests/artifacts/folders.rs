//! Which folders are taken, which are refused, and what is said then.

use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, chown, symlink},
    path::Path,
    process::Command,
};

use hebe_artifacts::{Artifacts, OpenError, Prune, PutError, Why};
use tempfile::TempDir;

use crate::support::{age, bytes, given, new, process};

const KEY: &str = "hebe-cache.key";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
}

fn refusal(dir: &Path) -> String {
    let error = Artifacts::open(dir).expect_err("refused").to_string();
    let existing = Artifacts::open_existing(dir).expect_err("refused").to_string();
    assert!(error == existing || existing.contains("is no cache of Hebe"), "{error}\n{existing}");
    error
}

#[test]
fn what_it_makes_is_for_its_owner_alone() {
    let folder = TempDir::new().expect("a folder");
    let dir = folder.path().join("new/cache");
    let artifacts = Artifacts::open(&dir).expect("opens");
    artifacts.put(&[7; 32], b"code").expect("room");
    assert_eq!(artifacts.path(), fs::canonicalize(&dir).expect("there"));
    assert_eq!((mode(&folder.path().join("new")), mode(&dir)), (0o700, 0o700));
    for file in fs::read_dir(&dir).expect("there") {
        assert_eq!(mode(&file.expect("there").path()), 0o600);
    }
}

#[test]
fn folders_that_others_can_write_to() {
    let (folder, _) = new();
    for bad in [0o770, 0o707, 0o777, 0o1777, 0o720, 0o702] {
        set_mode(folder.path(), bad);
        let text = refusal(folder.path());
        assert!(
            text.contains("is unsafe: other users can write to it. ") && text.contains("chmod 700"),
            "{text}"
        );
    }
    set_mode(folder.path(), 0o755);
    Artifacts::open(folder.path()).expect("others may look at it");
}

#[test]
fn keys_that_others_can_read() {
    let (folder, _) = new();
    let key = folder.path().join(KEY);
    for bad in [0o640, 0o604, 0o620, 0o644, 0o666, 0o610] {
        set_mode(&key, bad);
        let text = refusal(folder.path());
        assert!(text.contains("hebe-cache.key cannot be trusted: other users may read it"), "{text}");
        assert!(text.contains("Remove the folder"), "{text}");
    }
    set_mode(&key, 0o400);
    Artifacts::open(folder.path()).expect("that is enough");
}

#[test]
fn what_is_no_key() {
    let (folder, _) = new();
    let key = folder.path().join(KEY);
    let good = fs::read(&key).expect("there");
    assert_eq!(good.len(), 48);
    let long = [&good[..], &[0]].concat();
    for bad in [&good[..0], &good[..15], &good[..16], &good[..47], &long, &[0; 48]] {
        fs::write(&key, bad).expect("ours");
        let text = refusal(folder.path());
        assert!(text.contains("cannot be trusted: it is not the 48 bytes of a key"), "{text}");
    }
    let mut next = good.clone();
    next[12] = 2;
    fs::write(&key, next).expect("ours");
    assert!(refusal(folder.path()).contains("has format 2, this program has 1; give each its own folder"));
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&key, &good).expect("ours");
    fs::rename(&key, &elsewhere).expect("ours");
    let make: [&dyn Fn(); 3] = [
        &|| symlink(&elsewhere, &key).expect("a link"),
        &|| assert!(Command::new("mkfifo").arg(&key).status().expect("coreutils").success()),
        &|| fs::create_dir(&key).expect("a folder"),
    ];
    for make in make {
        make();
        assert!(refusal(folder.path()).contains("cannot be trusted: it is no regular file"));
        fs::remove_file(&key).or_else(|_| fs::remove_dir(&key)).expect("ours");
    }
}

#[test]
fn folders_of_somebody_else() {
    let folder = TempDir::new().expect("a folder");
    let notes = folder.path().join("notes.txt");
    fs::write(&notes, "mine").expect("written");
    let text = refusal(folder.path());
    assert!(text.contains("has other files, \"notes.txt\" for one; name an empty folder"), "{text}");
    assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 1, "nothing was made");
    let text = refusal(&notes);
    assert!(
        text.ends_with("notes.txt is no folder; name one, or a path where there is nothing yet"),
        "{text}"
    );
    let text = refusal(&notes.join("below"));
    assert!(text.starts_with("cannot open the cache folder "), "{text}");
    // With a key it is a cache, whatever else is there.
    fs::remove_file(&notes).expect("ours");
    Artifacts::open(folder.path()).expect("opens").create().expect("a key");
    fs::write(&notes, "mine").expect("written");
    Artifacts::open(folder.path()).expect("opens");
}

#[test]
fn looking_makes_nothing() {
    let folder = TempDir::new().expect("a folder");
    let dir = folder.path().join("cache");
    assert!(matches!(Artifacts::open_existing(&dir), Err(OpenError::Folder { .. })));
    assert!(!dir.exists());
    let error = Artifacts::open_existing(folder.path()).expect_err("no key");
    assert!(matches!(error, OpenError::NoCache { .. }), "{error}");
    assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 0);
}

/// A folder comes into being with the first file: who only asks leaves nothing behind.
#[test]
fn nothing_is_made_before_there_is_something_to_keep() {
    let folder = TempDir::new().expect("a folder");
    let dir = folder.path().join("new/cache");
    let key = [7; 32];
    let (first, second) = (Artifacts::open(&dir).expect("opens"), Artifacts::open(&dir).expect("opens"));
    assert_eq!(first.path(), dir);
    assert!(first.get(&key).is_none() && first.find(&key).expect("no damage").is_none());
    assert_eq!(first.contents().expect("empty").entries.len(), 0);
    let all = Prune { all: true, ..Prune::default() };
    assert_eq!(first.prune(&all, |_, _| {}).expect("empty").removed.len(), 0);
    assert!(!folder.path().join("new").exists());
    first.put(&key, b"code").expect("room");
    // Who opened it before finds it, too, and has the same key.
    assert_eq!(bytes(&second, &key).as_deref(), Some(&b"code"[..]));
    second.put(&[8; 32], b"more").expect("room");
    assert_eq!(bytes(&first, &[8; 32]).as_deref(), Some(&b"more"[..]));
    // An empty folder that is there is not given a key, either.
    let empty = TempDir::new().expect("a folder");
    drop(Artifacts::open(empty.path()).expect("opens"));
    assert_eq!(fs::read_dir(empty.path()).expect("there").count(), 0);
}

/// What is wrong with a place is told when it is opened, if it can be seen, and when it is written to in any case.
#[test]
fn places_where_no_folder_can_be() {
    let folder = TempDir::new().expect("a folder");
    let link = folder.path().join("link");
    symlink("nowhere", &link).expect("a link");
    assert!(matches!(Artifacts::open(&link), Err(OpenError::Folder { .. })));
    assert!(matches!(Artifacts::open(&link.join("below")), Err(OpenError::Folder { .. })));
    assert!(matches!(Artifacts::open(Path::new("/dev/null/below")), Err(OpenError::Folder { .. })));
    assert!(matches!(Artifacts::open(Path::new("")), Err(OpenError::Folder { .. })));
    let dir = folder.path().join("cache");
    let artifacts = Artifacts::open(&dir).expect("opens");
    fs::write(&dir, "a file, meanwhile").expect("written");
    let error = artifacts.put(&[7; 32], b"code").expect_err("no folder");
    assert!(matches!(&error, PutError::Open(OpenError::NoFolder { .. })), "{error}");
    fs::remove_file(&dir).expect("ours");
    fs::create_dir(&dir).expect("made");
    set_mode(&dir, 0o777);
    let error = artifacts.put(&[7; 32], b"code").expect_err("not safe");
    assert!(matches!(&error, PutError::Open(OpenError::Unsafe { .. })), "{error}");
    assert_eq!(fs::read_dir(&dir).expect("there").count(), 0);
}

/// Only root can give a folder away.
#[test]
fn folders_and_keys_of_another_user() {
    let (folder, _) = new();
    let key = folder.path().join(KEY);
    if chown(&key, Some(65534), None).is_err() {
        eprintln!("not tried: only root can");
        return;
    }
    assert!(refusal(folder.path()).contains("hebe-cache.key cannot be trusted: another user owns it"));
    chown(folder.path(), Some(65534), None).expect("root can");
    assert!(refusal(folder.path()).contains("is unsafe: another user owns it"));
}

/// Leftovers of over an hour go with the first put; younger ones may be somebody's who writes.
#[test]
fn old_leftovers_go() {
    let (folder, artifacts) = new();
    artifacts.put(&[7; 32], b"code").expect("room");
    let name = |digit: &str| folder.path().join(digit.repeat(32) + ".hebe-tmp");
    let foreign = folder.path().join("old.hebe-tmp");
    for path in [&name("a"), &name("b"), &foreign] {
        fs::write(path, "part").expect("written");
        age(path, 3_700);
    }
    age(&name("b"), 3_500);
    Artifacts::open_existing(folder.path()).expect("opens");
    let artifacts = Artifacts::open(folder.path()).expect("opens");
    assert!(name("a").exists(), "opening looks at no files");
    artifacts.put(&[8; 32], b"code").expect("room");
    assert_eq!((name("a").exists(), name("b").exists(), foreign.exists()), (false, true, true));
    assert_eq!(bytes(&artifacts, &[7; 32]).as_deref(), Some(&b"code"[..]));
}

/// Root may write anywhere, so this is done by a process of nobody; a user who is not root does it alone.
#[test]
fn a_folder_that_cannot_be_written_to() {
    let folder = TempDir::new().expect("a folder");
    let (cache, program) = (folder.path().join("cache"), folder.path().join("test"));
    fs::create_dir(&cache).expect("made");
    fs::copy(env::current_exe().expect("this program"), &program).expect("copied");
    set_mode(folder.path(), 0o755);
    set_mode(&cache, 0o700);
    let mut child = process(&program, "folders::reads_but_cannot_write", &cache, 0);
    if chown(&cache, Some(65534), Some(65534)).is_ok() {
        std::os::unix::process::CommandExt::uid(&mut child, 65534);
    }
    let output = child.current_dir("/").output().expect("starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[test]
#[ignore = "run by a_folder_that_cannot_be_written_to"]
fn reads_but_cannot_write() {
    let (folder, _) = given();
    let key = [7; 32];
    Artifacts::open(&folder).expect("opens").put(&key, b"code").expect("room");
    set_mode(&folder, 0o500);
    let artifacts = Artifacts::open(&folder).expect("opens");
    assert_eq!(bytes(&artifacts, &key).as_deref(), Some(&b"code"[..]));
    let error = artifacts.put(&key, b"more").expect_err("read only");
    assert!(matches!(&error, PutError::Write { .. }));
    let text = error.to_string();
    assert!(
        text.starts_with("cannot write to the cache /") && text.contains(": Permission denied"),
        "{text}"
    );
    assert_eq!(bytes(&artifacts, &key).as_deref(), Some(&b"code"[..]));
    // What cannot be removed is left, and said to be.
    let all = Prune { all: true, ..Prune::default() };
    let pruned = artifacts.prune(&all, |_, _| {}).expect("readable");
    assert_eq!((pruned.removed.len(), pruned.entries, pruned.bytes), (0, 1, 4096));
    let [failed] = &pruned.failed[..] else { panic!("one file: {pruned:?}") };
    assert!(matches!(failed.why, Why::All) && failed.bytes == 4096, "{failed:?}");
    assert_eq!(failed.error.kind(), std::io::ErrorKind::PermissionDenied);
    // Nor can it be given a key.
    let below = folder.join("below");
    assert!(matches!(Artifacts::open(&below), Err(OpenError::Folder { .. })));
    set_mode(&folder, 0o700);
    fs::create_dir(&below).expect("made");
    set_mode(&below, 0o500);
    assert!(matches!(Artifacts::open(&below), Err(OpenError::KeyFile { .. })));
}
