//! Nonsense in: an exit code and a sentence, never a panic.

use crate::support::{hebe, hebe_with_input, words};

#[test]
fn help_teaches() {
    let help = words("--help").success();
    for line in [
        "  run        Run a contract",
        "  statetest  Run Ethereum state tests",
        "  vm-info    Show what a VM is",
    ] {
        assert!(help.contains(line), "{help}");
    }
    assert!(help.contains("\n  hebe run contracts/counter/counter.wasm\n"), "{help}");
    for command in ["run", "statetest", "vm-info"] {
        let help = hebe([command, "--help"]).success();
        assert!(help.contains("\nExamples:\n  hebe "), "{help}");
        assert!(help.contains("Exit code: 0"), "{help}");
    }
    assert_eq!(words("--version").success(), format!("hebe {}\n", env!("CARGO_PKG_VERSION")));
}

/// Arguments, and how the message goes on after `error: `.
const BAD_ARGUMENTS: &[(&str, &str)] = &[
    ("run", "the following required arguments were not provided"),
    ("fly", "unrecognized subcommand 'fly'"),
    ("run x.wasm", "cannot read x.wasm: No such file or directory"),
    ("run contracts", "cannot read contracts: Is a directory"),
    ("run Cargo.toml", "Cargo.toml is neither wasm (\\0asm…) nor WAT ((module…), and as hex: '[' is not"),
    ("run 0xabc", "0xabc is neither wasm"),
    ("run 0x", "0x is hex without a digit"),
    ("run 0x00 --input 0xfg", "invalid value '0xfg' for '--input <HEX>': 'g' is not a hex digit"),
    ("run 0x00 --gas -1", "invalid value '-1' for '--gas <N>': -1 is negative; it must not be"),
    ("run 0x00 --gas 9223372036854775808", "invalid value '9223372036854775808' for '--gas <N>': it is more"),
    ("run 0x00 --value many", "invalid value 'many' for '--value <WEI>': \"many\" is neither a decimal"),
    ("run 0x00 --rev Serenity", "invalid value 'Serenity' for '--rev <NAME>': \"Serenity\" is no Ethereum"),
    ("run 0x00 --rev Constantinople", "--rev: EVM bytecode does not run at Constantinople here"),
    ("run 0x00 --sender me", "invalid value 'me' for '--sender <ADDRESS>': an address is 40 hex digits"),
    ("run 0x00 --storage 1", "invalid value '1' for '--storage <KEY=VALUE>': the form is KEY=VALUE"),
    ("run 0x00 --storage 1=1 --storage 0x01=2", "--storage sets the same key twice"),
    ("run 0x00 --create --input 00", "the argument '--create' cannot be used with '--input <HEX>'"),
    ("run 0x00 --static --value 1", "a static call carries no value"),
    ("run 0x00 -o warp", "there is no option \"warp\"; options are engine"),
    ("run 0x00 -o profile=r5", "option profile: \"r5\" is none of its values; it takes r4"),
    ("run 0x00 --vm ./x.so -o trace", "-o sets options of the VM linked in; put those of a library behind"),
    ("run 0x00 --vm ,trace", "invalid value ',trace' for '--vm <PATH[,OPTION=VALUE,…]>': there is no path"),
    ("run 0x00 --vm ./x.so", "there is no file ./x.so"),
    ("schedule --rev Serenity", "invalid value 'Serenity' for '--rev <NAME>': \"Serenity\" is no Ethereum"),
    ("schedule --diff 16", "invalid value '16' for '--diff <NAME>': \"16\" is no Ethereum revision"),
    ("schedule x", "unexpected argument 'x' found"),
    ("statetest", "the following required arguments were not provided"),
    ("statetest nowhere", "cannot read nowhere: No such file or directory"),
    ("statetest cli/src", "there is no .json file in cli/src"),
    ("statetest cli --jobs 0", "invalid value '0' for '--jobs <N>': 0 is not in 1..=1024"),
    ("vm-info a b", "unexpected argument 'b' found"),
];

#[test]
fn bad_arguments() {
    for (line, message) in BAD_ARGUMENTS {
        let error = words(line).usage_error();
        let start = format!("error: {message}");
        assert!(error.starts_with(&start), "hebe {line}\n  {error}  should begin\n  {start}");
    }
}

#[test]
fn addresses_that_are_taken() {
    let at = |number: &str| format!("0x{number:0>40}");
    let error = hebe(["run", "0x00", "--code-address", &at("8")]).usage_error();
    assert!(error.contains("8 a precompiled contract of Byzantium runs, not your code"), "{error}");
    assert_eq!(hebe(["run", "0x00", "--code-address", &at("9")]).code, 0);
    let account = format!("{}=contracts/counter/counter.wasm", at("c0de"));
    let error = hebe(["run", "0x00", "--account", &account]).usage_error();
    assert!(error.contains("c0de is where CODE is; move one of them"), "{error}");
    let account = account.replace("c0de", "c0ff");
    let error = hebe(["run", "0x00", "--account", &account, "--account", &account]).usage_error();
    assert!(error.contains("c0ff is there twice"), "{error}");
}

/// What looks like code runs, and fails as code does.
#[test]
fn bad_code_fails_as_code() {
    let run = |code: &[u8]| hebe_with_input(["run", "-"], code);
    for (code, status) in [
        (
            &b"\0asm"[..],
            "failure (FAILURE)\nreason        4 bytes that begin like wasm; the header alone has 8\n",
        ),
        (b"\0asm\x02\0\0\0", "the contract is not valid (CONTRACT_VALIDATION_FAILURE)\nreason        "),
        (b"(module)", "the contract is not valid (CONTRACT_VALIDATION_FAILURE)\nreason        "),
        (b"(module (func (export \"main\") unreachable) (memory (export \"memory\") 1))", "wasm unreachable"),
        (b"0xfe", "invalid instruction (INVALID_INSTRUCTION)\n"),
    ] {
        let answer = run(code);
        assert_eq!((answer.code, answer.stderr.as_str()), (1, ""), "{answer:?}");
        assert!(answer.stdout.starts_with(&format!("status        {status}")), "{answer:?}");
    }
    for (code, message) in [
        (&b""[..], "error: standard input is empty"),
        (b" \n\t", "error: standard input is empty"),
        (b"\xff\xfe\xfd", "error: standard input is not code"),
        (b"(module (func", "error: expected"),
        (b"((((((", "error: "),
    ] {
        let error = run(code).usage_error();
        assert!(error.starts_with(message), "{error}");
    }
    let zeros = run(&vec![0; 1 << 20]);
    assert_eq!(zeros.code, 2, "{}", zeros.stderr);
}
