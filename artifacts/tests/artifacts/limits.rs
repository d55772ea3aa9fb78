//! A folder does not grow without end.

use std::fs;

use hebe_artifacts::{Artifacts, Prune, PutError, Why};
use tempfile::TempDir;

use crate::support::{age, bytes, file, new};

/// 16 blocks of 4096 bytes.
const LIMIT: u64 = 16 * 4096;
/// With a header of 88 bytes a block.
const CODE: [u8; 3000] = [0x90; 3000];

fn limited() -> (TempDir, Artifacts) {
    let (folder, artifacts) = new();
    (folder, artifacts.with_limit(LIMIT))
}

fn used(artifacts: &Artifacts) -> u64 {
    artifacts.contents().expect("readable").bytes()
}

#[test]
fn it_holds_at_each_put() {
    let (_folder, artifacts) = limited();
    let mut most = 0;
    for key in 0..100 {
        artifacts.put(&[key; 32], &CODE).expect("room");
        assert_eq!(bytes(&artifacts, &[key; 32]).as_deref(), Some(&CODE[..]));
        most = most.max(used(&artifacts));
    }
    assert_eq!(most, LIMIT);
    // Small ones take a block, too.
    for key in 0..100 {
        artifacts.put(&[key; 32], b"").expect("room");
        assert!(used(&artifacts) <= LIMIT);
    }
}

/// What a limit was set for, another process may have filled before.
#[test]
fn it_holds_for_what_was_there() {
    let (folder, artifacts) = new();
    for key in 0..40 {
        artifacts.put(&[key; 32], &CODE).expect("room");
    }
    assert_eq!(used(&artifacts), 40 * 4096);
    let artifacts = Artifacts::open(folder.path()).expect("opens").with_limit(LIMIT);
    artifacts.put(&[40; 32], &CODE).expect("room");
    // Down to seven eighths, 14 blocks.
    assert_eq!(used(&artifacts), 14 * 4096);
}

/// Eight that write, each of which sees the others' files only when it looks: after a sixteenth of the limit, which is a block.
#[test]
fn it_holds_roughly_for_several() {
    let (folder, artifacts) = limited();
    let all: Vec<_> = (0..8)
        .map(|_| Artifacts::open(folder.path()).expect("opens").with_limit(LIMIT))
        .chain([artifacts])
        .collect();
    for round in 0..20_u8 {
        for (index, artifacts) in all.iter().enumerate() {
            let key = [round, u8::try_from(index).expect("few")].repeat(16).try_into().expect("32");
            artifacts.put(&key, &CODE).expect("room");
            assert!(used(artifacts) <= LIMIT, "{}", used(artifacts));
        }
    }
}

#[test]
fn the_longest_unused_go() {
    let (folder, artifacts) = limited();
    for key in 0..16_u8 {
        artifacts.put(&[key; 32], &CODE).expect("room");
        age(&file(folder.path(), &[key; 32]), 10_000 - u64::from(key));
    }
    // The oldest is used; one more comes. The next three go, so that 13 and the new one are left: seven eighths of 16.
    assert!(artifacts.get(&[0; 32]).is_some());
    artifacts.put(&[16; 32], &CODE).expect("room");
    let left: Vec<_> = (0..=16).filter(|key| file(folder.path(), &[*key; 32]).exists()).collect();
    assert_eq!(left, [0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
}

/// An entry whose time lies far ahead would stay for ever.
#[test]
fn times_in_the_future_are_old() {
    let (folder, artifacts) = limited();
    for key in 0..16_u8 {
        artifacts.put(&[key; 32], &CODE).expect("room");
    }
    let ahead = std::time::SystemTime::now() + std::time::Duration::from_secs(1_000_000);
    let path = file(folder.path(), &[15; 32]);
    fs::File::open(&path).expect("there").set_modified(ahead).expect("ours");
    artifacts.put(&[16; 32], &CODE).expect("room");
    assert!(!path.exists());
}

#[test]
fn what_is_too_large() {
    let (_folder, artifacts) = limited();
    let room = usize::try_from(LIMIT).expect("small") - 88;
    artifacts.put(&[1; 32], &vec![1; room]).expect("just fits");
    assert_eq!(used(&artifacts), LIMIT);
    let error = artifacts.put(&[2; 32], &vec![1; room + 1]).expect_err("too large");
    assert!(matches!(error, PutError::TooLarge { bytes, most: LIMIT } if bytes == room + 1));
    // It took nobody's place.
    assert!(artifacts.get(&[1; 32]).is_some());
    let nothing = artifacts.with_limit(0);
    assert!(matches!(nothing.put(&[2; 32], b""), Err(PutError::TooLarge { most: 0, .. })));
}

#[test]
fn pruning_by_age_and_size() {
    let (folder, artifacts) = new();
    for key in 0..8_u8 {
        artifacts.put(&[key; 32], &CODE).expect("room");
        age(&file(folder.path(), &[key; 32]), 8_000 - 1_000 * u64::from(key));
    }
    fs::write(folder.path().join("notes.txt"), "not ours").expect("written");
    let nothing = artifacts.prune(&Prune::default(), |_, _| {}).expect("readable");
    assert_eq!((nothing.removed.len(), nothing.entries, nothing.bytes), (0, 8, 8 * 4096));
    let mut steps = Vec::new();
    let rule = Prune {
        older_than: Some(std::time::Duration::from_secs(6_500)),
        bytes: Some(3 * 4096 + 1),
        ..Prune::default()
    };
    let pruned = artifacts.prune(&rule, |done, of| steps.push((done, of))).expect("readable");
    // 8000 and 7000 seconds are too old; of the other six the last three stay.
    assert_eq!((pruned.entries, pruned.bytes, pruned.failed.len()), (3, 3 * 4096, 0));
    let old = pruned.removed.iter().filter(|one| matches!(one.why, Why::Old)).count();
    let room = pruned.removed.iter().filter(|one| matches!(one.why, Why::Room)).count();
    assert_eq!((old, room), (2, 3));
    assert_eq!((steps.len(), steps.last()), (8, Some(&(8, 8))));
    assert!((5..8).all(|key| artifacts.get(&[key; 32]).is_some()));
    let all = artifacts.prune(&Prune { all: true, ..Prune::default() }, |_, _| {}).expect("readable");
    assert_eq!((all.removed.len(), all.entries), (3, 0));
    let names: Vec<_> =
        fs::read_dir(folder.path()).expect("there").map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "the key and the notes: {names:?}");
    artifacts.put(&[1; 32], &CODE).expect("still a cache");
}

/// Two of four entries are folders that are not empty, the longest unused and another: they stay, and others go in their place.
#[test]
fn what_cannot_be_removed_takes_its_part() {
    let (folder, artifacts) = new();
    for key in 0..4_u8 {
        let path = file(folder.path(), &[key; 32]);
        artifacts.put(&[key; 32], &CODE).expect("room");
        if key % 2 == 0 {
            fs::remove_file(&path).expect("ours");
            fs::create_dir_all(path.join("more")).expect("folders");
        }
        age(&path, 8_000 - 1_000 * u64::from(key));
    }
    let stuck: u64 =
        artifacts.contents().expect("readable").entries.iter().step_by(2).map(|one| one.bytes).sum();
    let rule = Prune { bytes: Some(stuck + 4096), ..Prune::default() };
    let pruned = artifacts.prune(&rule, |_, _| {}).expect("readable");
    assert_eq!((pruned.failed.len(), pruned.removed.len()), (2, 1));
    assert_eq!((pruned.entries, pruned.bytes), (3, stuck + 4096));
    assert!(artifacts.get(&[1; 32]).is_none() && artifacts.get(&[3; 32]).is_some());
}

/// With zero, what was used just now goes, too, and what has a time a little ahead of the clock.
#[test]
fn pruning_all_ages() {
    let (folder, artifacts) = new();
    for key in 0..3_u8 {
        artifacts.put(&[key; 32], &CODE).expect("room");
    }
    let ahead = std::time::SystemTime::now() + std::time::Duration::from_secs(60 * 60);
    let path = file(folder.path(), &[2; 32]);
    fs::File::open(path).expect("there").set_modified(ahead).expect("ours");
    let rule = Prune { older_than: Some(std::time::Duration::ZERO), ..Prune::default() };
    let pruned = artifacts.prune(&rule, |_, _| {}).expect("readable");
    assert_eq!((pruned.removed.len(), pruned.entries), (3, 0));
    assert!(pruned.removed.iter().all(|one| matches!(one.why, Why::Old)));
}
