//! `hebe run`. Gas is counted by hand, from the costs at Byzantium (Yellow Paper, appendix G).

use std::{process::Stdio, thread, time::Duration};

use crate::support::{command, hebe, hebe_with_input, word, words};

/// Host functions alone cost gas, so that it can be counted by hand.
const UNMETERED: [&str; 2] = ["-o", "metering=none"];

const VERSION: &str = env!("CARGO_PKG_VERSION");
const SENDER: &str = "0x00000000000000000000000000000000000a11ce";
const CONTRACT: &str = "0x000000000000000000000000000000000000c0de";

/// storageLoad 200, getCallDataSize 2, storageStore 5000 and 15000 more from zero: 20202.
#[test]
fn the_counter_counts() {
    let expected = format!(
        "\
status        success (SUCCESS)
vm            hebe {VERSION}, at Byzantium
metering      none
gas           20202 used, 9979798 left of 10000000
output        {one}
              = 1
changes       {CONTRACT}
                storage 0x00: 0x00 -> 0x01
",
        one = word(1)
    );
    assert_eq!(words("run contracts/counter/counter.wasm -o metering=none").success(), expected);
    assert_eq!(words("run contracts/counter/counter.wat -o metering=none").success(), expected);
}

/// storageLoad 200, getCallDataSize 2, storageStore 5000: 5202.
#[test]
fn the_counter_counts_on_in_json() {
    let answer =
        words("run contracts/counter/counter.wasm --storage 0=41 --json --gas 0x2710 -o metering=none")
            .success();
    let expected = [
        r#"{"status":"SUCCESS","status_code":0,"words":"success","#,
        &format!(r#""vm":"hebe {VERSION}","metering":"none","revision":"Byzantium","#),
        r#""gas":10000,"gas_used":5202,"gas_left":4798,"gas_refund":0,"#,
        &format!(r#""output":"{}","logs":[],"#, word(42)),
        &format!(r#""changes":[{{"address":"{CONTRACT}","created":false,"removed":false,"#),
        &format!(
            r#""storage":[{{"key":"{}","before":"{}","after":"{}"}}]}}]}}"#,
            word(0),
            word(41),
            word(42)
        ),
        "\n",
    ];
    assert_eq!(answer, expected.concat());
}

/// storageLoad 200, getCallDataSize 2.
#[test]
fn the_counter_is_read_in_a_static_call() {
    let answer =
        words("run contracts/counter/counter.wasm --storage 0=7 --input 00 --static -o metering=none")
            .success();
    assert!(answer.contains("\ngas           202 used, 9999798 left of 10000000\n"), "{answer}");
    assert!(answer.ends_with("= 7\n"), "{answer}");
}

/// 202 as above, and then nothing may be stored.
#[test]
fn a_static_call_changes_nothing() {
    let answer = words("run contracts/counter/counter.wasm --static -o metering=none");
    let expected = format!(
        "\
status        change of state in a static call (STATIC_MODE_VIOLATION)
reason        a change of state in a static call
vm            hebe {VERSION}, at Byzantium
metering      none
gas           10000000 used, 0 left of 10000000
output        none
"
    );
    assert_eq!((answer.code, answer.stdout, answer.stderr), (1, expected, String::new()));
}

/// getCallValue 2, getCaller 2, two storageStores from zero 2 × 20000, log with 3 topics and 32 bytes
/// 375 + 3 × 375 + 32 × 8, and for the code 200 a byte: 485960.
#[test]
fn the_token_is_deployed() {
    let expected = format!(
        "\
status        success (SUCCESS)
vm            hebe {VERSION}, at Byzantium
metering      none
gas           485960 used, 9514040 left of 10000000
created       0x6b182f1488e8efeb2eb298155ed5bd7ff8a14042
                code 2221 bytes with hash 0xf24cfbd2afb57a150098bf522717189cc2fca178f3a2bf9d9368299e401baabe
log           from 0x6b182f1488e8efeb2eb298155ed5bd7ff8a14042
                topic 0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef
                topic {nobody}
                topic {creator}
                data  {supply}
changes       {SENDER}
                nonce 0 -> 1
              0x6b182f1488e8efeb2eb298155ed5bd7ff8a14042
                new account
                nonce 0 -> 1
                code none -> 2221 bytes with hash 0xf24cfbd2afb57a150098bf522717189cc2fca178f3a2bf9d9368299e401baabe
                storage 0x0a11ce: 0x00 -> 0xd3c21bcecceda1000000
                storage 0x01{zeros}: 0x00 -> 0xd3c21bcecceda1000000
",
        nobody = word(0),
        creator = word(0xa11ce),
        supply = word(10u128.pow(24)),
        zeros = "00".repeat(31),
    );
    assert_eq!(words("run contracts/token/token-init.wasm --create -o metering=none").success(), expected);
}

/// getCallValue 2, getCallDataSize 2, callDataCopy of 68 bytes 3 + 3 × 3, getCaller 2, getCallDataSize 2;
/// storageLoad 200, storageStore 5000, storageLoad 200, storageStore 20000; log 1756 as above: 27176.
#[test]
fn a_token_transfer() {
    let input = format!("a9059cbb {:064x} {:064x}", 0xb0b, 300);
    let args = ["run", "contracts/token/token.wasm", "--storage", "0xa11ce=1000", "--input", &input];
    let answer = hebe([&args[..], &UNMETERED].concat()).success();
    let expected = format!(
        "\
status        success (SUCCESS)
vm            hebe {VERSION}, at Byzantium
metering      none
gas           27176 used, 9972824 left of 10000000
output        {yes}
              = 1
log           from {CONTRACT}
                topic 0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef
                topic {from}
                topic {to}
                data  {amount}
changes       {CONTRACT}
                storage 0x0b0b: 0x00 -> 0x012c
                storage 0x0a11ce: 0x03e8 -> 0x02bc
",
        yes = word(1),
        from = word(0xa11ce),
        to = word(0xb0b),
        amount = word(300),
    );
    assert_eq!(answer, expected);
}

/// getCallValue 2, getCallDataSize 2; a revert keeps the rest.
#[test]
fn a_token_without_a_selector_reverts() {
    let answer = words("run contracts/token/token.wasm --gas 1000 --json -o metering=none");
    let expected =
        r#"{"status":"REVERT","status_code":2,"words":"reverted by the contract","reason":"revert","#
            .to_owned()
            + &format!(
                r#""vm":"hebe {VERSION}","metering":"none","revision":"Byzantium","gas":1000,"gas_used":4,"gas_left":996,"#
            )
            + r#""gas_refund":0,"output":"0x","logs":[],"changes":[]}"#;
    assert_eq!((answer.code, answer.stdout), (1, expected + "\n"));
}

/// A refund is shown, and text in the output.
#[test]
fn a_cleared_slot_and_text() {
    let wat = r#";; clears slot 0 and says hi
    (module
        (import "ethereum" "storageStore" (func $store (param i32 i32)))
        (import "ethereum" "finish" (func $finish (param i32 i32)))
        (memory (export "memory") 1) (data (i32.const 64) "hi\n\"you\"")
        (func (export "main")
            (call $store (i32.const 0) (i32.const 32))
            (call $finish (i32.const 64) (i32.const 8))))"#;
    let answer = hebe_with_input(
        [&["run", "-", "--storage", "0=9", "--balance", "5"][..], &UNMETERED].concat(),
        wat.as_bytes(),
    )
    .success();
    let expected = format!(
        "\
status        success (SUCCESS)
vm            hebe {VERSION}, at Byzantium
metering      none
gas           5000 used, 9995000 left of 10000000
refund        15000, if a transaction grants it
output        0x68690a22796f7522
              = \"hi\\n\\\"you\\\"\"
changes       {CONTRACT}
                storage 0x00: 0x09 -> 0x00
"
    );
    assert_eq!(answer, expected);
}

/// Keccak-256 and SHA-256 of well-known inputs.
#[test]
fn hashes() {
    let keccak =
        words("run contracts/keccak256/keccak256.wasm --input 0x68656c6c6f -o metering=none").success();
    let hash = "0x1c8aff950685c2ed4bc3174f3472287b56d9517b9c948127319a09a7a36deac8";
    assert!(keccak.ends_with(&format!("\noutput        {hash}\n")), "{keccak}");
    let sha = words("run contracts/sha256/sha256.wasm --input 616263 -o metering=none").success();
    let hash = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert!(sha.ends_with(&format!("\noutput        {hash}\n")), "{sha}");
}

/// A contract that calls the account 0x11…11 with the value 3. Call 700 and 9000 for a value, of which 2300 go to
/// the callee on top of its 50000; the callee takes 20202: in all 27602 with the stipend back.
#[test]
fn calls_to_other_accounts_run() {
    let wat = r#"(module
        (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11")
        (data (i32.const 32) "\03")
        (func (export "main")
            (drop (call $call (i64.const 50000) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))))"#;
    let callee = "0x1111111111111111111111111111111111111111";
    let account = format!("{callee}=contracts/counter/counter.wasm,balance=10");
    let args = ["run", "-", "--account", &account, "--value", "8", "--balance", "1"];
    let answer = hebe_with_input([&args[..], &UNMETERED].concat(), wat.as_bytes()).success();
    let expected = format!(
        "\
status        success (SUCCESS)
vm            hebe {VERSION}, at Byzantium
metering      none
gas           27602 used, 9972398 left of 10000000
output        none
changes       {CONTRACT}
                balance 1 -> 6 wei
              {SENDER}
                balance 1000000000000000000000000 -> 999999999999999999999992 wei
              {callee}
                balance 10 -> 13 wei
                storage 0x00: 0x00 -> 0x01
"
    );
    assert_eq!(answer, expected);
}

/// What a sender has is up to the person, and what is not there cannot be sent.
#[test]
fn the_sender_can_be_poor() {
    let account = format!("{SENDER}=,balance=7");
    let code = "contracts/counter/counter.wasm";
    let answer = hebe(["run", code, "--account", &account, "--value", "8"]);
    assert_eq!(answer.code, 1);
    let expected = "status        insufficient balance (INSUFFICIENT_BALANCE)\n\
                    reason        the sender has 7 wei and should send 8\n";
    assert!(answer.stdout.starts_with(expected), "{answer:?}");
    let answer = hebe(["run", code, "--account", &account, "--value", "7"]).success();
    // Nothing is left of the account (EIP-161).
    let end =
        format!("              {SENDER}\n                removed\n                balance 7 -> 0 wei\n");
    assert!(answer.ends_with(&end), "{answer}");
}

/// The block reaches the contract: EVM bytecode that returns NUMBER, from the command line.
#[test]
fn the_block_and_evm_bytecode() {
    let answer = words("run 0x4360005260206000f3 --block-number 1_234").success();
    let expected = format!(
        "\
status        success (SUCCESS)
vm            revm, for EVM bytecode, at Byzantium
gas           17 used, 9999983 left of 10000000
output        {}
              = 1234
",
        word(1234)
    );
    // NUMBER 2, four PUSH1 3 each, MSTORE 3 and 3 for a word of memory, RETURN 0: 2 + 9 + 3 + 3 (three PUSH1).
    assert_eq!(answer, expected);
    assert_eq!(words("run 4360005260206000f3 --block-number 1").code, 2, "hex without 0x is a file's name");
    let piped = hebe_with_input(["run", "-", "--block-number=1234"], b" 0x4360005260\n206000f3\n");
    assert_eq!(piped.success(), expected);
}

/// The counter's 20202 as above. Its instructions on this way, in `contracts/counter/counter.wat`: in `main` 3 for the load, 3 up to
/// the `if`, 4 in it, 3 for the end; in `$increment` 2, the `loop` and 18 in its turn: 34. The start: 20, 0.4 for each of
/// 226 bytes, 224 for a page, 0.1 for a local: 334.5. In all 20570.5, rounded up.
#[test]
fn instructions_cost_gas() {
    let answer = words("run contracts/counter/counter.wasm").success();
    let lines: Vec<&str> = answer.lines().collect();
    assert!(lines[2].starts_with("metering      inline, schedule unit 1 (0x"), "{answer}");
    assert_eq!(lines[3], "gas           20571 used, 9979429 left of 10000000", "{answer}");
}

/// A trace is on standard error and changes nothing.
#[test]
fn a_trace_stays_out_of_the_answer() {
    let plain = words("run contracts/counter/counter.wasm -o metering=none").success();
    let traced = words("run contracts/counter/counter.wasm -o trace -o metering=none");
    assert_eq!((traced.code, traced.stdout), (0, plain));
    assert_eq!(traced.stderr.lines().count(), 4, "{}", traced.stderr);
    assert!(traced.stderr.contains(r#""call":"storageLoad""#));
}

/// The reader is gone before anything is written.
#[test]
fn a_broken_pipe_is_no_trouble() {
    let mut command = command();
    // Waits for its standard input first.
    command.args(["run", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("hebe starts");
    drop(child.stdout.take());
    thread::sleep(Duration::from_millis(1));
    let mut input = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut input, b"0x00").expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("hebe ends");
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

/// Each way to run out of gas says which it is. Starting the counter costs 334.5 (see above); its code to deploy 226 × 200.
#[test]
fn out_of_gas_says_for_what() {
    for (line, words) in [
        (
            "run contracts/counter/counter.wasm --gas 334",
            "out of gas: starting this contract costs 335, and there was 334",
        ),
        (
            "run contracts/counter/counter.wasm --gas 335",
            "out of gas: the instructions cost more than there was",
        ),
        ("run contracts/counter/counter.wasm --gas 400", "out of gas: a charge of 200 met 62 gas left"),
        (
            "run contracts/counter/counter-init.wasm --create --gas 45000",
            "what is left of the gas does not pay for the code to deploy, 200 a byte",
        ),
    ] {
        let answer = words_of(line);
        assert!(answer.contains(&format!("\nreason        {words}\n")), "{line}: {answer}");
    }
    // EVM init code in a loop (JUMPDEST, PUSH1 0, JUMP) deploys nothing, and revm does not say for what the gas was.
    let answer = words_of("run 0x5b600056 --create --gas 1000");
    assert!(answer.starts_with("status        out of gas (OUT_OF_GAS)\nvm "), "{answer}");
}

/// What a contract that failed answers.
fn words_of(line: &str) -> String {
    let answer = words(line);
    assert_eq!((answer.code, answer.stderr.as_str()), (1, ""), "{answer:?}");
    answer.stdout
}
