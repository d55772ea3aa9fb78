//! The loader: on our library, on ones that are none or not ours, and with hosts that fail.

use std::{fs, path::Path, sync::OnceLock};

use hebe::{
    abi::{CAPABILITY_EVM1, CAPABILITY_EWASM, CAPABILITY_PRECOMPILES},
    loader::{Instance, Library, LoadError, OptionRefused, Spec},
};
use hebe_host_ei::{Fault, Message, Outcome, Revision, StatusCode, mock::MockHost};
use tempfile::TempDir;

use crate::{
    c_client::compile,
    common::{counter, library},
};

const EVM_CODE: &[u8] = &[0x60, 0x00];

fn message(gas: i64) -> Message {
    Message { gas, ..Message::default() }
}

fn run(vm: &Instance, code: &[u8]) -> Result<Outcome, Fault> {
    vm.execute(Revision::Byzantium, code, message(1000), MockHost::default()).1
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Compiles `fake.c`. A library stays open, so each has a file of its own.
fn fake(folder: &TempDir, name: &str, flags: &[&str]) -> Library {
    let file = folder.path().join(name);
    compile("fake.c", &file, &[&["-shared", "-fPIC"], flags].concat());
    Library::open(file).expect("a library")
}

/// A counter that the fake library keeps.
fn read(library: &Path, name: &str) -> i32 {
    // SAFETY: the library is `fake.c`, where this is an int that no other thread changes now.
    unsafe {
        let library = libloading::Library::new(library).expect("a library");
        **library.get::<*const i32>(name).expect("a symbol")
    }
}

#[test]
fn our_library_introduces_itself() {
    let vm = Library::open(library()).and_then(|library| library.create()).expect("a VM");
    assert_eq!((vm.name(), vm.version()), ("hebe", env!("CARGO_PKG_VERSION")));
    assert_eq!(vm.capabilities(), CAPABILITY_EWASM);
    assert_eq!(vm.describe(), Some(hebe_vm::describe_json()));
}

/// With the default options: storageLoad 200, getCallDataSize 2, storageStore 20000; 34 instructions; the start of 226 bytes
/// (0.4 each), a page (224) and a local (0.1) 334.5. In all 20570.5.
#[test]
fn a_rust_client_runs_the_counter() {
    let vm = Library::open(library()).and_then(|library| library.create()).expect("a VM");
    let run = |gas| vm.execute(Revision::Byzantium, &counter(), message(gas), MockHost::default());
    assert_eq!(run(20_570).1.expect("an outcome").status, StatusCode::OutOfGas);
    let (host, outcome) = run(20_571);
    let outcome = outcome.expect("an outcome");
    assert_eq!((outcome.status, outcome.gas_left), (StatusCode::Success, 0));
    assert_eq!(outcome.output, [vec![0; 31], vec![1]].concat());
    assert_eq!(host.accounts[&Default::default()].storage.len(), 1);
}

#[test]
fn two_instances_of_one_library_are_independent() {
    let path = library();
    let spec: Spec = format!("{},evm1mode=fallback", path.display()).parse().expect("a spec");
    let (fallback, plain) = (spec.load().expect("a VM"), Library::open(path).expect("a library"));
    let plain = plain.create().expect("a VM");
    assert_eq!(run(&fallback, EVM_CODE).expect("an outcome").status, StatusCode::Rejected);
    assert_eq!(run(&plain, EVM_CODE).expect("an outcome").status, StatusCode::Failure);
    drop(fallback);
    assert_eq!(run(&plain, EVM_CODE).expect("an outcome").status, StatusCode::Failure);
}

/// Source: EVMC 12, `enum evmc_capabilities`.
#[test]
fn capabilities_follow_the_options() {
    let mut vm = Library::open(library()).and_then(|library| library.create()).expect("a VM");
    for (name, value, capabilities) in [
        ("evm1mode", "native", CAPABILITY_EWASM | CAPABILITY_EVM1),
        ("precompiles", "on", CAPABILITY_EWASM | CAPABILITY_EVM1 | CAPABILITY_PRECOMPILES),
        ("evm1mode", "fallback", CAPABILITY_EWASM | CAPABILITY_PRECOMPILES),
        ("precompiles", "off", CAPABILITY_EWASM),
    ] {
        vm.set_option(name, Some(value)).expect("an option");
        assert_eq!(vm.capabilities(), capabilities, "{name}={value}");
    }
    vm.set_option("evm1mode", Some("native")).expect("an option");
    // PUSH1 0: 3 gas.
    assert_eq!(run(&vm, EVM_CODE).expect("an outcome").gas_left, 1_000 - 3);
}

#[test]
fn an_option_that_is_refused_is_explained() {
    let load = |option: &str| {
        let spec: Spec = format!("{},{option}", library().display()).parse().expect("a spec");
        spec.load().expect_err("refused").to_string()
    };
    let text = load("metering=wrong=er");
    assert!(
        text.contains(r#": option metering: "wrong=er" is none of its values; it takes inline, "#),
        "{text}"
    );
    let text = load("flag");
    assert!(text.contains(r#": there is no option "flag"; options are engine, "#), "{text}");
    // Whatever stands in the way of a folder.
    let folder = folder();
    fs::write(folder.path().join("notes.txt"), "mine").expect("written");
    let dir = fs::canonicalize(folder.path()).expect("there").display().to_string();
    let text = load(&format!("cache-dir={dir}"));
    let reason =
        format!(": option cache-dir: {dir} is no cache of Hebe and has other files, \"notes.txt\" for one; ");
    assert!(text.contains(&reason), "{text}");
}

/// Another VM has no words for it.
#[test]
fn an_option_that_another_vm_refuses() {
    let refused = |reason, words: Option<&str>| LoadError::Option {
        path: "a.so".into(),
        name: "O".into(),
        value: "3".into(),
        reason,
        words: words.map(Into::into),
    };
    let text = refused(OptionRefused::InvalidValue, None).to_string();
    assert_eq!(text, r#"a.so: option "O" with value "3": the VM does not accept this value"#);
    assert_eq!(refused(OptionRefused::InvalidValue, Some("no")).to_string(), "a.so: no");
}

#[test]
fn another_file_name_falls_back_to_evmc_create() {
    let folder = folder();
    let copy = folder.path().join("libother-name.so");
    fs::copy(library(), &copy).expect("a copy");
    let vm = Library::open(copy).and_then(|library| library.create()).expect("a VM");
    assert_eq!(vm.name(), "hebe");
}

/// The text names both versions and what to do, and the VM is destroyed.
#[test]
fn another_abi_is_explained() {
    let folder = folder();
    for (abi, advice) in [(9, "a newer release of that library"), (18, "an older release of that library")] {
        let name = format!("libabi{abi}.so");
        let library = fake(&folder, &name, &[&format!("-DABI={abi}")]);
        let error = library.create().expect_err("another ABI");
        assert!(matches!(error, LoadError::WrongAbi { found, .. } if found == abi));
        let text = error.to_string();
        assert!(text.contains(&name) && text.contains(&format!("speaks EVMC ABI {abi}")), "{text}");
        assert!(text.contains("speaks ABI 12") && text.contains(advice), "{text}");
        assert!(text.contains("built for EVMC 12"), "{text}");
        assert_eq!(read(library.path(), "destroyed"), 1);
    }
}

#[test]
fn what_is_no_vm_is_explained() {
    let folder = folder();
    let open = |path: &Path| Library::open(path).expect_err("no VM").to_string();

    let text = open(Path::new("/no/such/libhebe.so"));
    assert!(text.contains("there is no file /no/such/libhebe.so"), "{text}");

    let file = folder.path().join("libtext.so");
    fs::write(&file, "not a library").expect("a file");
    let text = open(&file);
    assert!(text.contains("libtext.so as a shared library: "), "{text}");

    let file = folder.path().join("libnot-a-vm.so");
    compile("fake.c", &file, &["-shared", "-fPIC", "-DCREATE=something_else"]);
    let text = open(&file);
    assert!(text.contains("neither evmc_create_not_a_vm nor evmc_create"), "{text}");
}

#[test]
fn an_incomplete_vm_is_explained() {
    let folder = folder();
    let error = |library: &Library| library.create().expect_err("incomplete").to_string();

    let text = error(&fake(&folder, "libnull.so", &["-DVM=NULL", "-Wno-unused"]));
    assert!(text.contains("answered a null pointer"), "{text}");
    let library = fake(&folder, "libnameless.so", &["-DNAME=NULL"]);
    let text = error(&library);
    assert!(text.contains("its name is null"), "{text}");
    assert_eq!(read(library.path(), "destroyed"), 1);
    let text = error(&fake(&folder, "libidle.so", &["-DEXECUTE=NULL", "-Wno-unused"]));
    assert!(text.contains("its execute is null"), "{text}");
}

/// Source: the rules for `evmc_result` in `evmc.h` of EVMC 12.
#[test]
fn answers_of_a_vm_are_brought_into_sense() {
    static PATH: OnceLock<TempDir> = OnceLock::new();
    let library = fake(PATH.get_or_init(folder), "libanswers.so", &["-DCREATE=evmc_create_answers"]);
    let mut vm = library.create().expect("a VM");
    assert_eq!((vm.name(), vm.version(), vm.capabilities(), vm.describe()), ("fake", "1.2.3", 5, None));
    assert_eq!(vm.set_option("any", None), Err(OptionRefused::NoOptions));

    let ended = |status, gas_left, gas_refund, output: &[u8]| {
        Ok(Outcome { status, gas_left, gas_refund, output: output.to_vec(), reason: None })
    };
    let engine = |text: &str| Err(Fault::Engine(text.to_owned()));
    let table = [
        ([0, 0], ended(StatusCode::Success, 10, 7, &[1, 2, 3])),
        ([2, 0], ended(StatusCode::Revert, 10, 0, &[1, 2, 3])),
        ([1, 0], ended(StatusCode::Failure, 0, 0, &[])),
        ([99, 0], ended(StatusCode::Failure, 0, 0, &[])),
        ([-2, 0], ended(StatusCode::Rejected, 0, 0, &[])),
        ([-1, 0], engine("the VM answered status -1")),
        ([-3, 0], Err(Fault::OutOfMemory)),
        ([-99, 0], engine("the VM answered status -99")),
        ([0, 1], ended(StatusCode::Success, 1000, 7, &[1, 2, 3])),
        ([0, 2], ended(StatusCode::Success, 0, 7, &[1, 2, 3])),
        ([0, 3], engine("an output of 3 bytes that is not there")),
        ([0, 4], ended(StatusCode::Success, 10, 7, &[])),
    ];
    for (released, (code, expected)) in (1..).zip(table) {
        assert_eq!(run(&vm, &code.map(|byte: i8| byte as u8)), expected, "{code:?}");
        assert_eq!(read(library.path(), "released"), released, "{code:?}");
    }
    assert_eq!(run(&vm, &[0, 5]), ended(StatusCode::Success, 10, 7, &[1, 2, 3]));
    drop(vm);
    assert_eq!(read(library.path(), "destroyed"), 1);
}
