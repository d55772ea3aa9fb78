//! The tables in the documentation are what the code says.
//!
//! `HEBE_WRITE_DOCS=1 cargo test -p hebe-tests documents` writes them.

use std::fs;

use hebe_host_ei::{EDITS, IMPORTS, Prices, Profile, Revision};
use hebe_vm::{OPTIONS, fingerprint, schedule};

use crate::support::project;

/// What a whole file is.
pub(crate) fn check_file(file: &str, expected: &str) {
    let path = project().join(file);
    if std::env::var_os("HEBE_WRITE_DOCS").is_some() {
        fs::write(&path, expected).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_eq!(text, expected, "{file} is old; HEBE_WRITE_DOCS=1 writes it anew");
}

/// What stands between `<!-- name -->` and `<!-- /name -->` in a file.
fn check(file: &str, name: &str, expected: &str) {
    let path = project().join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let from = text.find(&start).unwrap_or_else(|| panic!("{file} has no {start}")) + start.len();
    let to = from + text[from..].find(&end).unwrap_or_else(|| panic!("{file} has no {end}"));
    if std::env::var_os("HEBE_WRITE_DOCS").is_some() {
        let written = [&text[..from], expected, &text[to..]].concat();
        fs::write(&path, written).unwrap_or_else(|error| panic!("{file}: {error}"));
    } else {
        assert_eq!(
            &text[from..to],
            expected,
            "{file}: the table {name} is old; HEBE_WRITE_DOCS=1 writes it anew"
        );
    }
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let rule = format!("|{}\n", "---|".repeat(head.len()));
    [line(&head), rule].into_iter().chain(rows.map(|cells| line(&cells))).collect()
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

#[test]
fn options() {
    let rows = OPTIONS.iter().map(|option| {
        vec![code(option.name), option.values.to_owned(), code(option.default), option.about.to_owned()]
    });
    check("README.md", "options", &table(&["option", "values", "default", "what it does"], rows));
}

#[test]
fn host_functions() {
    let row = |import: &hebe_host_ei::Import| {
        let gas = |revision| import.gas_at(revision);
        let about = import.about.to_owned();
        vec![code(&import.to_string()), gas(Revision::Byzantium), gas(Revision::Osaka), about]
    };
    let head = ["function", "gas at Byzantium", "gas at Osaka", "what it does"];
    let r4 = IMPORTS.iter().filter(|import| !import.is_debug() && import.since.is_none());
    check("docs/eei.md", "ethereum", &table(&head, r4.map(row)));
    let extensions = IMPORTS.iter().filter_map(|import| {
        let since = import.since?;
        let from = format!("{} ({})", since.revision, since.source);
        let gas = import.gas_at(Revision::Osaka);
        Some(vec![code(&import.to_string()), from, gas, import.about.to_owned()])
    });
    let head = ["function", "from", "gas at Osaka", "what it does"];
    check("docs/eei.md", "extensions", &table(&head, extensions));
    let debug = IMPORTS.iter().filter(|import| import.is_debug());
    let debug = debug.map(|import| vec![code(&import.to_string()), import.about.to_owned()]);
    check("docs/eei.md", "debug", &table(&["function", "what it does"], debug));
}

/// What each revision changes.
#[test]
fn gas_by_revision() {
    let rows = EDITS.iter().map(|edit| {
        let before =
            EDITS.iter().rev().find(|other| other.entry == edit.entry && other.revision < edit.revision);
        let before = before.map_or(String::new(), |before| before.gas.to_string());
        let about = edit.entry.when().to_owned();
        vec![
            edit.revision.name().to_owned(),
            edit.source.to_owned(),
            code(edit.entry.name()),
            about,
            before,
            edit.gas.to_string(),
        ]
    });
    check("docs/eei.md", "revisions", &table(&["from", "source", "number", "when", "before", "gas"], rows));
}

#[test]
fn limits() {
    let [r4, extended] = Profile::ALL else { panic!("two profiles") };
    let rows =
        r4.limits.entries().zip(extended.limits.entries()).map(|((name, words, r4), (_, _, extended))| {
            vec![code(name), words.to_owned(), r4.to_string(), extended.to_string()]
        });
    check("docs/limits.md", "limits", &table(&["limit", "of what", "`r4`", "`extended`"], rows));
}

#[test]
fn prices() {
    let [unit, haswell] = Prices::ALL else { panic!("two price lists") };
    let rows = unit.entries().zip(haswell.entries()).zip(Prices::ABOUT);
    let rows = rows.map(|(((name, unit), (_, haswell)), about)| {
        vec![code(name), about.trim().to_owned(), unit.to_string(), haswell.to_string()]
    });
    check("docs/metering.md", "prices", &table(&["price", "for", "`unit`", "`haswell`"], rows));
    let rows = Prices::ALL.iter().map(|prices| {
        let hash = hex::encode(schedule::hash(prices));
        vec![code(&prices.name), prices.version.to_string(), code(&format!("0x{hash}"))]
    });
    check("docs/metering.md", "schedules", &table(&["schedule", "version", "hash"], rows));
}

/// The built-in price lists as files to start from.
#[test]
fn schedules_as_files() {
    for prices in Prices::ALL {
        check_file(&format!("schedules/{}.toml", prices.name), &schedule::to_toml(prices));
    }
}

/// It changes only with the version that says so.
#[test]
fn consensus_fingerprint() {
    check("docs/fingerprint.md", "fingerprint", &format!("`{}` (version 0.1)\n", fingerprint()));
}
