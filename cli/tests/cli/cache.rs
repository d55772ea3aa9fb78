//! `hebe cache`.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use hebe_artifacts::Artifacts;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Answer, hebe, words};

const DAY: u64 = 24 * 60 * 60;

/// A cache with entries of a block each: entry 0 used ten and a half days ago, entry 1 nine and a half, and so on.
struct Cache {
    folder: TempDir,
    artifacts: Artifacts,
}

impl Cache {
    fn new(entries: u8) -> Self {
        let folder = TempDir::new().expect("a folder");
        let artifacts = Artifacts::open(folder.path()).expect("opens");
        artifacts.create().expect("a key");
        for key in 0..entries {
            artifacts.put(&[key; 32], b"machine code").expect("room");
        }
        let cache = Self { folder, artifacts };
        for key in 0..entries {
            cache.age(&name(key), DAY * (10 - u64::from(key)) + DAY / 2);
        }
        cache
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn age(&self, name: &str, seconds: u64) {
        let time = SystemTime::now() - Duration::from_secs(seconds);
        fs::File::open(self.path(name)).expect("there").set_modified(time).expect("ours");
    }

    fn flip(&self, name: &str, at: usize) {
        let mut bytes = fs::read(self.path(name)).expect("there");
        bytes[at] ^= 1;
        fs::write(self.path(name), bytes).expect("ours");
    }

    fn hebe(&self, line: &str) -> Answer {
        let (command, options) = line.split_once(' ').unwrap_or((line, ""));
        let dir = self.folder.path().display().to_string();
        hebe(["cache", command, &dir].into_iter().chain(options.split_whitespace()))
    }

    fn names(&self) -> Vec<String> {
        let names =
            fs::read_dir(self.folder.path()).expect("there").map(|file| file.expect("there").file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().expect("text")).collect();
        names.sort();
        names
    }

    /// The path as the program says it.
    fn dir(&self) -> String {
        fs::canonicalize(self.folder.path()).expect("there").display().to_string()
    }
}

fn name(key: u8) -> String {
    hex::encode([key; 32]) + ".code"
}

fn json(text: &str) -> Value {
    assert_eq!(text.matches('\n').count(), 1, "{text}");
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn stats() {
    let cache = Cache::new(3);
    fs::write(cache.path("notes.txt"), "mine").expect("written");
    fs::write(cache.path(&("a".repeat(32) + ".hebe-tmp")), vec![0; 5000]).expect("written");
    cache.age(&name(0), 5 * 60 * 60);
    cache.age(&name(1), 4 * 60);
    cache.age(&name(2), 3 * 60);
    let expected = format!(
        "\
cache         {}, format 1
entries       3, 12.00 KiB (12288 bytes)
last used     3 minutes ago; the longest unused 5 hours ago
unfinished    1 file, 8.00 KiB (8192 bytes)
              being written, or left by a process that was killed (`hebe cache prune` removes these)
other files   1, none of ours
",
        cache.dir()
    );
    assert_eq!(cache.hebe("stats").success(), expected);
    let mut answer = json(&cache.hebe("stats --json").success());
    let seconds = |value: Value| value.as_u64().expect("a number");
    let longest = seconds(answer["longest_unused_seconds"].take());
    let last = seconds(answer["last_used_seconds"].take());
    assert!((18_000..18_060).contains(&longest) && (180..240).contains(&last), "{longest} {last}");
    let expected = json!({
        "dir": cache.dir(), "format": 1, "entries": 3, "bytes": 12288, "leftovers": 1, "leftover_bytes": 8192,
        "other_files": 1, "longest_unused_seconds": null, "last_used_seconds": null,
    });
    assert_eq!(answer, expected);
    let empty = Cache::new(0);
    let expected = format!("cache         {}, format 1\nentries       0, 0 B (0 bytes)\n", empty.dir());
    assert_eq!(empty.hebe("stats").success(), expected);
}

#[test]
fn verify() {
    let cache = Cache::new(3);
    let answer = cache.hebe("verify").success();
    assert_eq!(answer, "verified      3 files, 12.00 KiB (12288 bytes): all sound\n");
    let answer = json(&cache.hebe("verify --json").success());
    let expected = json!({"dir": cache.dir(), "entries": 3, "bytes": 12288, "damaged": [], "leftovers": 0, "leftover_bytes": 0});
    assert_eq!(answer, expected);
    // What a killed process left is no damage, but worth a line.
    let leftover = cache.path(&("a".repeat(32) + ".hebe-tmp"));
    fs::write(&leftover, vec![0; 5000]).expect("written");
    let expected = "\
verified      3 files, 12.00 KiB (12288 bytes): all sound
unfinished    1 file, 8.00 KiB (8192 bytes)
              being written, or left by a process that was killed (`hebe cache prune` removes these)
";
    assert_eq!(cache.hebe("verify").success(), expected);
    let answer = json(&cache.hebe("verify --json").success());
    assert_eq!((&answer["leftovers"], &answer["leftover_bytes"]), (&json!(1), &json!(8192)));
    fs::remove_file(leftover).expect("ours");
    // A bit of the code; and a copy under another name. The oldest is first.
    cache.flip(&name(0), 90);
    fs::copy(cache.path(&name(1)), cache.path(&name(9))).expect("copied");
    let answer = cache.hebe("verify");
    assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
    let expected = format!(
        "\
damaged       {}
              its MAC is wrong: it was changed, or comes from another folder
damaged       {}
              it was written under another name
verified      4 files, 16.00 KiB (16384 bytes): 2 damaged
              `hebe cache prune` removes what is damaged; it is compiled again when it is needed
",
        name(0),
        name(9)
    );
    assert_eq!(in_order(&answer.stdout), in_order(&expected));
    let answer = cache.hebe("verify --json");
    assert_eq!(answer.code, 1);
    let answer = json(&answer.stdout);
    let damaged = answer["damaged"].as_array().expect("a list");
    let wrong = "its MAC is wrong: it was changed, or comes from another folder";
    assert!(damaged.contains(&json!({"name": name(0), "bytes": 4096, "why": wrong})), "{answer}");
    assert!(
        damaged
            .contains(&json!({"name": name(9), "bytes": 4096, "why": "it was written under another name"})),
        "{answer}"
    );
    assert_eq!(cache.names().len(), 5, "it removes nothing");
}

/// Writing made the times of two files new.
fn in_order(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn prune_removes_what_is_damaged() {
    let cache = Cache::new(2);
    cache.flip(&name(0), 3);
    fs::write(cache.path("notes.code"), "mine").expect("written");
    let leftover = "a".repeat(32) + ".hebe-tmp";
    fs::write(cache.path(&leftover), "part").expect("written");
    let expected = format!(
        "\
removed       {leftover}
              left by a process that was killed while it wrote
removed       {}
              damaged: it does not begin as our files do
freed         8.00 KiB (8192 bytes): 1 damaged, 1 left over
left          1 entry, 4.00 KiB (4096 bytes)
",
        name(0)
    );
    assert_eq!(cache.hebe("prune").success(), expected);
    assert_eq!(cache.names(), [name(1), "hebe-cache.key".to_owned(), "notes.code".to_owned()]);
    let expected = "freed         nothing\nleft          1 entry, 4.00 KiB (4096 bytes)\n";
    assert_eq!(cache.hebe("prune").success(), expected);
}

#[test]
fn prune_by_age_and_size() {
    let cache = Cache::new(6);
    let answer = json(&cache.hebe("prune --older-than 9 --bytes 12_288 --json").success());
    // Ten and a half days, nine and a half: too old. Then three blocks are left of four.
    let expected = json!({
        "dir": cache.dir(),
        "removed": [
            {"name": name(0), "bytes": 4096, "why": "not used for that long"},
            {"name": name(1), "bytes": 4096, "why": "not used for that long"},
            {"name": name(2), "bytes": 4096, "why": "longest unused, to make room"},
        ],
        "freed": 12288, "failed": [], "entries": 3, "bytes": 12288,
    });
    assert_eq!(answer, expected);
    assert!((3..6).all(|key| cache.artifacts.get(&[key; 32]).is_some()));
    let answer = cache.hebe("prune --all").success();
    assert!(answer.ends_with("freed         12.00 KiB (12288 bytes): 3 because of --all\nleft          0 entries, 0 B (0 bytes)\n"), "{answer}");
    assert_eq!(cache.names(), ["hebe-cache.key"]);
    cache.artifacts.put(&[1; 32], b"code").expect("a process that has it open goes on");
}

/// A folder with something in it, in an entry's place.
#[test]
fn prune_says_what_it_cannot_remove() {
    let cache = Cache::new(1);
    fs::create_dir_all(cache.path(&name(7)).join("more")).expect("made");
    let takes = fs::metadata(cache.path(&name(7))).expect("there").len().div_ceil(4096).max(1) * 4096;
    let answer = cache.hebe("prune --all");
    assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
    assert!(answer.stdout.contains("removed       0000000"), "{}", answer.stdout);
    let not_removed = format!(
        "not removed   {}\n              all are removed\n              Directory not empty",
        name(7)
    );
    assert!(answer.stdout.contains(&not_removed), "{}", answer.stdout);
    // It is still there, and counted.
    assert!(answer.stdout.contains("\nleft          1 entry, "), "{}", answer.stdout);
    assert!(answer.stdout.ends_with("\n              1 file could not be removed\n"), "{}", answer.stdout);
    let answer = cache.hebe("prune --json");
    assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
    let answer = json(&answer.stdout);
    assert_eq!((&answer["removed"], &answer["freed"]), (&json!([]), &json!(0)));
    assert_eq!((&answer["entries"], &answer["bytes"]), (&json!(1), &json!(takes)));
    let failed = &answer["failed"][0];
    assert_eq!((&failed["name"], &failed["bytes"]), (&json!(name(7)), &json!(takes)));
    assert_eq!(failed["why"], json!("damaged: it is no regular file"));
    assert!(
        failed["error"].as_str().is_some_and(|error| error.starts_with("Directory not empty")),
        "{failed}"
    );
}

/// Used within this second, all the same.
#[test]
fn prune_of_all_ages() {
    let cache = Cache::new(2);
    cache.artifacts.put(&[9; 32], b"new").expect("room");
    let answer = cache.hebe("prune --older-than 0").success();
    assert!(answer.ends_with(": 3 old\nleft          0 entries, 0 B (0 bytes)\n"), "{answer}");
    assert_eq!(cache.names(), ["hebe-cache.key"]);
    let help = words("cache prune --help").success();
    assert!(help.contains("Remove what was not used for so many days; 0 is every entry"), "{help}");
}

#[test]
fn what_is_no_cache() {
    let folder = TempDir::new().expect("a folder");
    let dir = folder.path().display().to_string();
    fs::write(folder.path().join(name(1)), "looks like ours").expect("written");
    for line in ["stats", "verify", "prune", "prune --all"] {
        let args = line.split_once(' ').map_or(vec!["cache", line, &dir], |(c, o)| vec!["cache", c, &dir, o]);
        let error = hebe(&args).usage_error();
        assert!(error.contains(" is no cache of Hebe: it has no file hebe-cache.key\n"), "{error}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 1);
    for (line, message) in [
        ("cache", "Look after a folder of compiled code"),
        ("cache stats", "error: the following required arguments were not provided"),
        ("cache stats nowhere", "error: cannot open the cache folder nowhere: No such file or directory"),
        ("cache verify Cargo.toml", "error: Cargo.toml is no folder; name one"),
        ("cache prune x --all --bytes 1", "error: the argument '--all' cannot be used with '--bytes <N>'"),
        (
            "cache prune x --all --older-than 1",
            "error: the argument '--all' cannot be used with '--older-than",
        ),
        ("cache prune x --bytes much", "error: invalid value 'much' for '--bytes <N>': \"much\" is neither"),
        ("cache prune x --older-than -1", "error: "),
    ] {
        let answer = words(line);
        assert_eq!((answer.code, answer.stdout.as_str()), (2, ""), "{answer:?}");
        assert!(answer.stderr.starts_with(message), "hebe {line}\n  {}", answer.stderr);
    }
    #[cfg(unix)]
    unsafe_folders();
}

#[cfg(unix)]
fn unsafe_folders() {
    use std::os::unix::fs::PermissionsExt;

    let cache = Cache::new(1);
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
    set(cache.folder.path(), 0o777);
    assert!(cache.hebe("prune --all").usage_error().contains(" is unsafe: other users can write to it."));
    set(cache.folder.path(), 0o700);
    set(&cache.path("hebe-cache.key"), 0o644);
    assert!(cache.hebe("verify").usage_error().contains("other users may read it (its mode is not 600)"));
    assert_eq!(cache.names().len(), 2);
}

#[test]
fn help_teaches() {
    let help = words("cache --help").success();
    for part in ["cache-dir=DIR", "\n  hebe cache stats ", "  verify  Read all", "Exit code: 0"] {
        assert!(help.contains(part), "{part}\n{help}");
    }
    for command in ["stats", "verify", "prune"] {
        let help = hebe(["cache", command, "--help"]).success();
        assert!(
            help.contains(&format!("\n  hebe cache {command} ")) && help.contains("cache-dir="),
            "{help}"
        );
    }
}
