//! Several threads and processes at once, and killed ones.

use std::{
    env, fs,
    path::Path,
    process::Child,
    thread,
    time::{Duration, Instant},
};

use hebe_artifacts::{Artifacts, Prune, Why};
use tempfile::TempDir;

use crate::support::{bytes, given, new, process};

fn start(test: &str, folder: &Path, number: usize) -> Child {
    let program = env::current_exe().expect("this program");
    process(&program, test, folder, number).stdout(std::process::Stdio::null()).spawn().expect("starts")
}

/// Code that tells when a part of it is another's: all bytes are the same, and say how long it is.
fn code(number: u8) -> Vec<u8> {
    vec![number; 1000 * (1 + usize::from(number))]
}

fn is_whole(code: &[u8]) -> bool {
    code.first().is_some_and(|number| code == self::code(*number))
}

/// If each made its own key, what the others put would be a miss.
#[test]
fn a_folder_gets_one_key() {
    for _ in 0..10 {
        let folder = TempDir::new().expect("a folder");
        let cache = folder.path().join("a/new/cache");
        let children: Vec<_> =
            (0..4).map(|number| start("processes::opens_and_puts", &cache, number)).collect();
        for mut child in children {
            assert!(child.wait().expect("ends").success());
        }
        let artifacts = Artifacts::open(&cache).expect("opens");
        for number in 0..4 {
            assert_eq!(bytes(&artifacts, &[number; 32]), Some(code(number)));
        }
        assert_eq!(artifacts.contents().expect("readable").temporaries, []);
    }
}

#[test]
#[ignore = "run by a_folder_gets_one_key"]
fn opens_and_puts() {
    let (folder, number) = given();
    let number = u8::try_from(number).expect("small");
    let artifacts = Artifacts::open(&folder).expect("opens");
    artifacts.put(&[number; 32], &code(number)).expect("room");
}

#[test]
fn one_key_for_all_processes_and_threads() {
    let (folder, artifacts) = new();
    artifacts.put(&[1; 32], &code(9)).expect("room");
    let mut children: Vec<_> =
        (0..3).map(|number| start("processes::puts_and_gets", folder.path(), number)).collect();
    thread::scope(|scope| {
        for number in 3..5 {
            let artifacts = &artifacts;
            scope.spawn(move || put_and_get(artifacts, number));
        }
    });
    for child in &mut children {
        assert!(child.wait().expect("ends").success());
    }
    let contents = artifacts.contents().expect("readable");
    assert_eq!((contents.entries.len(), contents.temporaries.len()), (1, 0));
}

#[test]
#[ignore = "run by one_key_for_all_processes_and_threads"]
fn puts_and_gets() {
    let (folder, number) = given();
    put_and_get(&Artifacts::open(&folder).expect("opens"), number);
}

/// There is always an entry, and always a whole one.
fn put_and_get(artifacts: &Artifacts, number: usize) {
    for round in 0..300 {
        let number = u8::try_from((number * 31 + round) % 60).expect("small");
        artifacts.put(&[1; 32], &code(number)).expect("room");
        for _ in 0..3 {
            let artifact = artifacts.get(&[1; 32]).expect("always there");
            assert!(is_whole(artifact.bytes()));
        }
    }
}

/// Evicts while others read: a hit is whole, and nothing else goes wrong.
#[test]
fn eviction_under_readers() {
    let (_folder, artifacts) = new();
    let artifacts = artifacts.with_limit(40 * 4096);
    let hits = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..2000_usize {
                let number = u8::try_from(round % 30).expect("small");
                artifacts.put(&[number; 32], &code(number % 10)).expect("room");
            }
        });
        let mut hits = 0;
        while !writer.is_finished() {
            for number in 0..30_u8 {
                if let Some(artifact) = artifacts.get(&[number; 32]) {
                    assert_eq!(artifact.bytes(), code(number % 10));
                    hits += 1;
                }
            }
        }
        hits
    });
    assert!(hits > 0);
}

/// Kills a writer until one leaves a part of a file: nobody sees that, and it is cleared away.
#[test]
fn a_writer_is_killed() {
    let (folder, artifacts) = new();
    let deadline = Instant::now() + Duration::from_secs(60);
    artifacts.put(&[0xff; 32], b"code").expect("room");
    let mut entries = 1;
    while artifacts.contents().expect("readable").temporaries.is_empty() {
        assert!(Instant::now() < deadline, "no writer was killed while it wrote");
        let mut child = start("processes::puts_for_ever", folder.path(), entries);
        // While it writes: then there is a temporary file, most of the time.
        while artifacts.contents().expect("readable").temporaries.is_empty() && Instant::now() < deadline {}
        child.kill().expect("ours");
        child.wait().expect("ends");
        entries = artifacts.contents().expect("readable").entries.len();
    }
    let contents = artifacts.contents().expect("readable");
    assert_eq!(contents.temporaries.len(), 1);
    for entry in &contents.entries {
        artifacts.verify(entry).expect("whole");
    }
    // It is young, so a put leaves it; but nobody holds its lock.
    Artifacts::open(folder.path()).expect("opens").put(&[0xff; 32], b"code").expect("room");
    assert_eq!(artifacts.contents().expect("readable").temporaries, contents.temporaries);
    let pruned = artifacts.prune(&Prune::default(), |_, _| {}).expect("readable");
    assert!(matches!(pruned.removed[..], [ref one] if matches!(one.why, Why::LeftOver)));
    assert_eq!(pruned.entries, contents.entries.len());
    assert_eq!(artifacts.contents().expect("readable").temporaries, []);
}

#[test]
#[ignore = "run by a_writer_is_killed"]
fn puts_for_ever() {
    let (folder, first) = given();
    let artifacts = Artifacts::open(&folder).expect("opens").with_limit(64 << 20);
    let code = vec![1; 4 << 20];
    for number in first.. {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_le_bytes());
        artifacts.put(&key, &code).expect("room");
    }
}

/// A file that somebody writes at this moment is not a leftover.
#[test]
fn a_living_writer_is_left_alone() {
    let (folder, artifacts) = new();
    let path = folder.path().join("0".repeat(32) + ".hebe-tmp");
    let file = fs::File::create(&path).expect("made");
    file.lock().expect("locks");
    let prune = || artifacts.prune(&Prune { all: true, ..Prune::default() }, |_, _| {}).expect("readable");
    assert_eq!(prune().removed.len(), 0);
    drop(file);
    // A process that another test starts at this moment has the file open, too, until it becomes that program.
    let deadline = Instant::now() + Duration::from_secs(20);
    while prune().removed.is_empty() {
        assert!(Instant::now() < deadline, "it stays");
    }
    assert!(!path.exists());
}
