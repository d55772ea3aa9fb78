//! Options by name, as the shared library and the command line set them.

use hebe_host_ei::Profile;
use hebe_vm::{Config, Evm1Mode, OPTIONS, OptionError};

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
    for option in OPTIONS.iter().filter(|option| !option.name.starts_with("sys:")) {
        for value in option.values.split(", ") {
            let value = match value {
                "FILE" => file.path().to_str().expect("a path in Unicode"),
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
        ("metering", "sentinel"),
        ("metering", "true"),
        ("schedule", "measured"),
        ("metering", ""),
        ("evm1mode", "evm2wasm_contract"),
        ("evm1mode", "runevm_contract"),
        ("evm1mode", "Reject"),
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
        refusal("metering", Some("sentinel")),
        r#"option metering: "sentinel" is none of its values; it takes inline, none, false"#
    );
    assert_eq!(refusal("engine", None), "option engine: no value; it takes wasmi");
    assert_eq!(
        refusal("metring", Some("x")),
        "there is no option \"metring\"; options are engine, metering, schedule, evm1mode, profile, cache-bytes, debug, trace, \
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
