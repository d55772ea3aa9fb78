//! A process that may not write large files.

use std::env;

use hebe_artifacts::{Artifacts, OpenError, PutError};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::support::{bytes, given, new, process};

/// A file above the limit of a process (`ulimit -f`) is not begun: the signal for that would kill the process.
#[test]
fn files_above_the_limit_of_the_process() {
    let (folder, artifacts) = new();
    artifacts.put(&[1; 32], b"code").expect("room");
    let program = env::current_exe().expect("this program");
    let child = process(&program, "ulimit::writes_under_a_limit", folder.path(), 0).output().expect("starts");
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{}: {said}", child.status);
}

#[test]
#[ignore = "run by files_above_the_limit_of_the_process"]
fn writes_under_a_limit() {
    let (folder, _) = given();
    let artifacts = Artifacts::open(&folder).expect("opens");
    let limit = |bytes| {
        let limit = Rlimit { current: Some(bytes), maximum: None };
        setrlimit(Resource::Fsize, limit).expect("lower than before");
    };
    // The header of an entry has 88 bytes (docs/cache.md).
    limit(4096);
    artifacts.put(&[2; 32], &[1; 4096 - 88]).expect("just fits");
    let error = artifacts.put(&[1; 32], &[1; 4096 - 87]).expect_err("a byte too many");
    assert!(matches!(&error, PutError::Write { .. }), "{error}");
    let text = error.to_string();
    assert!(text.ends_with(": a file of 4097 bytes, and this process may write 4096 (ulimit -f)"), "{text}");
    assert_eq!(bytes(&artifacts, &[1; 32]).as_deref(), Some(&b"code"[..]));
    assert_eq!(artifacts.contents().expect("readable").temporaries, []);
    // Nor is a key begun, which has 48.
    limit(47);
    let error = Artifacts::open(&folder.join("below")).expect("opens").create().expect_err("no key");
    assert!(matches!(error, OpenError::KeyFile { .. }), "{error}");
}
