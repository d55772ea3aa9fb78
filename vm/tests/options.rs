//! Options by name, as the shared library and the command line set them.

use hebe_host_ei::{Prices, Profile};
use hebe_vm::{
    Config, Evm1Mode, OPTIONS, OptionError,
    meter::Metering,
    schedule::{from_toml, hash, to_toml},
};

/// A schedule with these prices under another name.
fn toml(name: &'static str, prices: &Prices) -> String {
    to_toml(&Prices { name: name.into(), ..prices.clone() })
}

fn set(name: &str, value: Option<&str>) -> Result<Config, OptionError> {
    let mut config = Config::default();
    config.set(name, value).map(|()| config)
}

#[track_caller]
fn refusal(name: &str, value: Option<&str>) -> String {
    set(name, value).err().expect("refused").to_string()
}

#[test]
fn every_listed_value_is_taken() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let schedule = folder.path().join("mine.toml");
    std::fs::write(&schedule, toml("mine", &Prices::UNIT)).expect("written");
    for option in OPTIONS.iter().filter(|option| !option.name.starts_with("sys:")) {
        for value in option.values.split(", ") {
            let value = match value {
                "FILE" if option.name == "schedule" => schedule.to_str().expect("a path in Unicode"),
                "FILE" => file.path().to_str().expect("a path in Unicode"),
                "FOLDER" => folder.path().join("cache").leak().to_str().expect("a path in Unicode"),
                "0 to 2^48" => "281474976710656",
                value => value,
            };
            assert!(set(option.name, Some(value)).is_ok(), "{} {value}", option.name);
        }
        assert!(set(option.name, Some(option.default)).is_ok(), "{} {}", option.name, option.default);
    }
}

#[test]
fn options_change_what_they_say() {
    assert_eq!(set("profile", Some("r4")).expect("known").profile, Profile::R4);
    assert_eq!(set("profile", Some("extended")).expect("known").profile, Profile::EXTENDED);
    assert_eq!(set("cache-bytes", Some("12")).expect("known").cache_bytes, 12);
    assert_eq!(set("evm1mode", Some("fallback")).expect("known").evm1mode, Evm1Mode::Fallback);
    for name in ["debug", "trace", "log"] {
        let mut config = set(name, Some("")).expect("a flag");
        let is_on = [config.debug.is_some(), config.trace.is_some(), config.log.is_some()];
        assert_eq!(is_on, ["debug", "trace", "log"].map(|other| other == name));
        config.set(name, Some("off")).expect("known");
        assert!(config.debug.is_none() && config.trace.is_none() && config.log.is_none());
    }
}

/// What is not built is refused, not accepted and ignored.
#[test]
fn other_values_are_refused() {
    for (name, value) in [
        ("engine", "wasmtime"),
        ("engine", ""),
        ("metering", "Inline"),
        ("schedule", "measured"),
        ("schedule", ""),
        ("schedule", "/"),
        ("metering", ""),
        ("evm1mode", "evm2wasm_contract"),
        ("evm1mode", "runevm_contract"),
        ("evm1mode", "Reject"),
        ("precompiles", ""),
        ("precompiles", "true"),
        ("profile", "mvp"),
        ("cache-bytes", "-1"),
        ("cache-bytes", "+1"),
        ("cache-bytes", "1MB"),
        ("cache-bytes", ""),
        ("cache-bytes", "281474976710657"),
        ("cache-bytes", "99999999999999999999999"),
        ("log", "/nowhere/at/all"),
        ("log", "on"),
        ("debug", "true"),
        ("trace", "stdout"),
        ("sys:sentinel", ""),
        ("sys:sentinel", "/nowhere/at/all"),
    ] {
        assert!(matches!(set(name, Some(value)), Err(OptionError::BadValue { .. })), "{name}={value}");
    }
    for option in OPTIONS.iter().filter(|option| !option.name.starts_with("sys:")) {
        assert!(matches!(set(option.name, None), Err(OptionError::BadValue { .. })), "{}", option.name);
    }
}

#[test]
fn other_names_are_unknown_with_and_without_a_value() {
    for name in
        ["", "Engine", "engine ", "sys", "sys:", "sys:ADDRESS", "sys:0x0a", "sys:nobody", "fallback", "\0"]
    {
        for value in [None, Some(""), Some("wasmi")] {
            assert!(matches!(set(name, value), Err(OptionError::UnknownName(_))), "{name:?} {value:?}");
        }
    }
}

#[test]
fn refusals_say_what_is_taken() {
    assert_eq!(
        refusal("metering", Some("wat")),
        r#"option metering: "wat" is none of its values; it takes inline, sentinel, true, none, false"#
    );
    assert_eq!(refusal("engine", None), "option engine: no value; it takes tiered, wasmi, winch, cranelift");
    assert_eq!(
        refusal("metring", Some("x")),
        "there is no option \"metring\"; options are engine, metering, schedule, evm1mode, precompiles, profile, cache-bytes, cache-dir, debug, trace, \
         log, sys:ADDRESS"
    );
}

/// A file that could not run under any setting is refused when it is named.
#[test]
fn system_contracts_are_checked_when_they_are_set() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let path = file.path().to_str().expect("a path in Unicode");
    let name = "sys:0x00000000000000000000000000000000000000ff";
    std::fs::write(path, b"evm").expect("written");
    assert!(refusal(name, Some(path)).contains("is not wasm"));
    std::fs::write(path, b"\0asm\x01\0\0\0").expect("written");
    assert!(refusal(name, Some(path)).contains("no export `main`"));
    let code =
        wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "main")))"#).expect("wat");
    std::fs::write(path, &code).expect("written");
    let config = set(name, Some(path)).expect("a contract");
    assert_eq!(config.system.values().map(|code| code.to_vec()).collect::<Vec<_>>(), [code]);
}

/// A device that never ends is read as far as a contract could go, and no further.
#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_refused() {
    assert!(refusal("sys:sentinel", Some("/dev/zero")).contains("is not wasm"));
}

/// What is written is read; another price, name or version is another hash.
#[test]
fn schedules_are_told_apart_by_what_is_in_them() {
    let mine = from_toml(&toml("mine", &Prices::HASWELL)).expect("a schedule");
    assert_eq!(mine, Prices { name: "mine".into(), ..Prices::HASWELL });
    let others = [
        Prices { name: "other".into(), ..mine.clone() },
        Prices { version: 2, ..mine.clone() },
        Prices { declared_local: 1_001, ..mine.clone() },
        Prices::UNIT,
        Prices::HASWELL,
    ];
    assert_eq!(hash(&mine), hash(&mine.clone()));
    for (index, other) in others.iter().enumerate() {
        assert_ne!(hash(&mine), hash(other), "{}", other.name);
        assert!(others[..index].iter().all(|another| hash(another) != hash(other)));
    }
}

/// Nonsense in a schedule is refused with its line. Lines: a comment, name, version, an empty one, `[particles]`, then prices, `nop`
/// first and `unreachable`, `block`, `loop`, `if`, `then`, `else`, `br` behind it.
#[test]
fn nonsense_in_a_schedule_is_told_with_its_line() {
    let text = toml("mine", &Prices::UNIT);
    for (from, to, line, words) in [
        ("name = \"mine\"", "name = \"\"", 2, "is not 1 to 32 lower-case letters"),
        ("name = \"mine\"", "name = \"My own\"", 2, "is not 1 to 32 lower-case letters"),
        (
            "name = \"mine\"\nversion = 1",
            "name = \"unit\"\nversion = 2",
            2,
            "give this one a name of its own",
        ),
        ("name = \"mine\"", "name = 7", 2, "expected a string"),
        ("version = 1", "version = -1", 3, "expected u32"),
        ("nop = 10000", "nop = -1", 6, "expected u32"),
        ("nop = 10000", "nop = 1.5", 6, "expected u32"),
        ("nop = 10000", "nop = \"1\"", 6, "expected u32"),
        ("nop = 10000", "nop = 10000\nnopp = 1", 7, "unknown field `nopp`"),
        ("nop = 10000", "nop = 10000\nnop = 1", 7, "duplicate key"),
        ("nop = 10000", "nop = 1073741825", 6, "a price is at most 1073741824 particles"),
        ("nop = 10000", "nop = 4294967296", 6, "expected u32"),
        ("\nbr = 10000", "\nbr = 0", 13, "br = 0; an endless loop would be free"),
        ("nop = 10000", "nop 10000", 6, "expected"),
    ] {
        let text = text.replacen(from, to, 1);
        let error = from_toml(&text).expect_err(to);
        assert!(error.contains(&format!("line {line}")), "{to}: {error}");
        assert!(error.contains(words), "{to}: {error}");
    }
    // The built-in ones as they are shipped say nothing new.
    assert_eq!(from_toml(&to_toml(&Prices::HASWELL)), Ok(Prices::HASWELL));
    let missing = text.replacen("nop = 10000\n", "", 1);
    assert!(from_toml(&missing).expect_err("incomplete").contains("missing field `nop`"));
    assert!(from_toml("").expect_err("empty").contains("missing field `name`"));
    assert!(from_toml(&" ".repeat(70_000)).expect_err("long").contains("at most 65536"));
}

/// `useGas` charges whole gas, in whichever order the two options come.
#[test]
fn the_sentinel_takes_whole_gas_only() {
    let mut config = set("schedule", Some("haswell")).expect("known");
    let error = config.set("metering", Some("sentinel")).expect_err("refused").to_string();
    // 2 cycles for an arm of an `if`, at 45 particles.
    let words = "metering=sentinel charges whole gas, and the schedule haswell has a fraction, then = 90 particles: \
                 take metering=inline, or prices that are multiples of 10,000";
    assert!(error.contains(words), "{error}");
    assert_eq!(config.metering, Metering::Inline);
    let mut config = set("metering", Some("true")).expect("known");
    assert!(config.set("schedule", Some("haswell")).is_err());
    assert_eq!((config.metering, config.prices), (Metering::Sentinel, Prices::UNIT));
}
