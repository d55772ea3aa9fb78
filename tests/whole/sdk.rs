//! The token of the Rust SDK's template: built for wasm, deployed into a local Ethereum, used by what EIP-20 says.

use std::{
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use hebe_host_ei::{Address, Bytes32, Message, Outcome, Revision, StatusCode, U256};
use hebe_state::{Account, Ethereum, FrameVm, Log, State, Transaction};
use sha3::{Digest, Keccak256};
use wasm_encoder::{CustomSection, ExportKind, ExportSection, Module, RawSection};
use wasmparser::{ExternalKind, Parser, Payload};

use crate::support::{project, skipped, vms};

const TARGET: &str = "wasm32v1-none";
const ALICE: Address = Address([0xa1; 20]);
const BOB: Address = Address([0xb0; 20]);
const CAROL: Address = Address([0xca; 20]);
const SUPPLY: u64 = 1_000_000;

/// How cargo is told to compile for wasm here, if it can: rustup's target, or Debian's rustc-web with rust-web-src and
/// rust-web-llvm (the linker), which builds the standard library along.
fn compiler() -> Option<Vec<(&'static str, &'static str)>> {
    let has = |rustc: &str, path: &str| {
        let sysroot = Command::new(rustc).args(["--print", "sysroot"]).stderr(Stdio::null()).output();
        sysroot
            .is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).join(path).exists())
    };
    if has("rustc", "lib/rustlib/wasm32v1-none/lib") {
        return Some(vec![]);
    }
    let debian = "/usr/bin/rustc";
    (has(debian, "lib/rustlib/src/rust/library/core") && Path::new("/usr/bin/rust-lld").exists())
        .then(|| vec![("RUSTC", debian), ("RUSTC_BOOTSTRAP", "1")])
}

/// The template as wasm: with or without the extension functions, what runs or what creates it.
fn build(compiler: &[(&str, &str)], extensions: bool, init: bool) -> Vec<u8> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sdk");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(project().join("contracts/templates/rust"));
    // Neither what this test was built with nor somebody's own flags.
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(name);
    }
    cargo.args(["build", "--release", "--target", TARGET, "--target-dir"]).arg(&target);
    if !compiler.is_empty() {
        cargo.envs(compiler.iter().copied()).arg("-Zbuild-std=core,alloc,compiler_builtins");
    }
    if extensions {
        cargo.args(["--features", "extensions"]);
    }
    if init {
        cargo.args(["--config", "target.wasm32v1-none.rustflags=['--cfg=hebe_init']"]);
    }
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(target.join(TARGET).join("release/token.wasm")).expect("what cargo built")
}

/// The module without the linker's exports and without custom sections, and the lines of the ABI that were in one.
fn contract(wasm: &[u8]) -> (Module, String) {
    let (mut module, mut abi) = (Module::new(), Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("wasm") {
            Payload::ExportSection(exports) => {
                let mut kept = ExportSection::new();
                for export in exports {
                    let export = export.expect("an export");
                    let kind = match export.kind {
                        ExternalKind::Func => ExportKind::Func,
                        ExternalKind::Memory => ExportKind::Memory,
                        _ => continue,
                    };
                    kept.export(export.name, kind, export.index);
                }
                module.section(&kept);
            }
            Payload::CustomSection(section) if section.name() == "hebe.abi" => abi.extend(section.data()),
            Payload::CustomSection(_) => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    module.section(&RawSection { id, data: &wasm[range.start as usize..range.end as usize] });
                }
            }
        }
    }
    (module, String::from_utf8(abi).expect("text"))
}

/// The init module with what it deploys behind it.
fn creation(mut init: Module, code: &[u8], arguments: &[u8]) -> Vec<u8> {
    let sizes = [code, arguments].map(|part| (part.len() as u32).to_le_bytes());
    let data = [code, arguments, sizes.as_flattened()].concat();
    init.section(&CustomSection { name: "hebe.deploy".into(), data: data.into() });
    init.finish()
}

fn keccak(bytes: &[u8]) -> [u8; 32] {
    Keccak256::digest(bytes).into()
}

fn word(number: u64) -> [u8; 32] {
    Bytes32::from(number).0
}

fn padded(address: Address) -> [u8; 32] {
    let mut word = [0; 32];
    word[12..].copy_from_slice(&address.0);
    word
}

fn input(signature: &str, words: &[[u8; 32]]) -> Vec<u8> {
    [&keccak(signature.as_bytes())[..4], words.as_flattened()].concat()
}

/// The slot of a mapping's key: keccak256(key ‖ slot) (Solidity's documentation, "Layout of State Variables in Storage").
fn slot(key: Address, mapping: [u8; 32]) -> [u8; 32] {
    keccak(&[padded(key), mapping].concat())
}

/// A token on a chain, and everything that has come of calls so far.
struct Chain {
    name: String,
    ethereum: Ethereum,
    state: State,
    token: Address,
    seen: Vec<(Outcome, Vec<Log>)>,
}

impl Chain {
    fn new(name: String, vm: &Arc<dyn FrameVm>, creation: &[u8], code: &[u8]) -> Self {
        let ethereum = Ethereum::new(Arc::clone(vm), Revision::Osaka);
        let mut state = State::new();
        state.insert(ALICE, Account { balance: U256::exp10(18), ..Account::default() });
        let transaction = Transaction {
            sender: ALICE,
            input: creation.to_vec(),
            gas_limit: 5_000_000,
            gas_price: 1,
            ..Transaction::default()
        };
        let receipt = ethereum.transact(&mut state, &transaction).expect("a valid transaction");
        assert_eq!(receipt.outcome.status, StatusCode::Success, "{name}: {:?}", receipt.outcome.reason);
        let token = receipt.created.expect("an address");
        assert_eq!(&*state.get(&token).expect("deployed").code, code, "{name}");
        let mut chain = Self { name, ethereum, state, token, seen: vec![] };
        chain.logged(&receipt.logs, "Transfer", Address::default(), ALICE, SUPPLY);
        chain.seen.push((receipt.outcome, receipt.logs));
        chain
    }

    fn call(&mut self, sender: Address, input: Vec<u8>) -> (StatusCode, Vec<u8>, Vec<Log>) {
        self.pay(sender, 0, input)
    }

    fn pay(&mut self, sender: Address, value: u64, input: Vec<u8>) -> (StatusCode, Vec<u8>, Vec<Log>) {
        let (recipient, code_address) = (self.token, self.token);
        let (gas, value) = (1_000_000, value.into());
        let message = Message { gas, sender, recipient, code_address, value, input, ..Message::default() };
        let receipt = self.ethereum.call(&mut self.state, &message).expect("no fault");
        self.seen.push((receipt.outcome.clone(), receipt.logs.clone()));
        (receipt.outcome.status, receipt.outcome.output, receipt.logs)
    }

    fn stored(&self, slot: [u8; 32]) -> [u8; 32] {
        let storage = &self.state.get(&self.token).expect("deployed").storage;
        storage.get(&Bytes32(slot)).copied().unwrap_or_default().0
    }

    fn answers(&mut self, signature: &str, words: &[[u8; 32]], output: &[u8]) {
        let (status, answer, logs) = self.call(CAROL, input(signature, words));
        let expected = (StatusCode::Success, output, 0);
        assert_eq!((status, &answer[..], logs.len()), expected, "{}, {signature}", self.name);
    }

    /// `Transfer` and `Approval` of EIP-20: two indexed addresses and a value.
    fn logged(&self, logs: &[Log], event: &str, from: Address, to: Address, value: u64) {
        let signature = keccak(format!("{event}(address,address,uint256)").as_bytes());
        let topics = [signature, padded(from), padded(to)].map(Bytes32).to_vec();
        let expected = Log { address: self.token, topics, data: word(value).to_vec() };
        assert_eq!(logs, [expected], "{}", self.name);
    }
}

/// EIP-20, function by function, and the slots that Solidity would use.
fn behaves(chain: &mut Chain) {
    let name = chain.name.clone();
    let text = |text: &str| {
        let mut word = [0; 32];
        word[..text.len()].copy_from_slice(text.as_bytes());
        [self::word(32), self::word(text.len() as u64), word].concat()
    };
    chain.answers("name()", &[], &text("Token"));
    chain.answers("symbol()", &[], &text("TOK"));
    chain.answers("decimals()", &[], &word(18));
    chain.answers("totalSupply()", &[], &word(SUPPLY));
    chain.answers("balanceOf(address)", &[padded(ALICE)], &word(SUPPLY));
    assert_eq!((chain.stored(word(0)), chain.stored(slot(ALICE, word(1)))), (word(SUPPLY), word(SUPPLY)));

    let (transfer, approve) = ("transfer(address,uint256)", "approve(address,uint256)");
    let transfer_from = "transferFrom(address,address,uint256)";
    let success = (StatusCode::Success, word(1).to_vec());
    let (status, output, logs) = chain.call(ALICE, input(transfer, &[padded(BOB), word(300)]));
    assert_eq!((status, output), success, "{name}");
    chain.logged(&logs, "Transfer", ALICE, BOB, 300);
    assert_eq!(chain.stored(slot(ALICE, word(1))), word(SUPPLY - 300));
    assert_eq!(chain.stored(slot(BOB, word(1))), word(300));

    // To oneself, and of nothing, "MUST be treated as normal transfers and fire the Transfer event".
    for value in [0, 300] {
        let (status, output, logs) = chain.call(BOB, input(transfer, &[padded(BOB), word(value)]));
        assert_eq!((status, output), success, "{name}");
        chain.logged(&logs, "Transfer", BOB, BOB, value);
        assert_eq!(chain.stored(slot(BOB, word(1))), word(300));
    }

    let (status, output, logs) = chain.call(BOB, input(approve, &[padded(CAROL), word(200)]));
    assert_eq!((status, output), success, "{name}");
    chain.logged(&logs, "Approval", BOB, CAROL, 200);
    let allowance = slot(CAROL, slot(BOB, word(2)));
    assert_eq!(chain.stored(allowance), word(200));
    chain.answers("allowance(address,address)", &[padded(BOB), padded(CAROL)], &word(200));
    let (status, output, logs) =
        chain.call(CAROL, input(transfer_from, &[padded(BOB), padded(ALICE), word(150)]));
    assert_eq!((status, output), success, "{name}");
    chain.logged(&logs, "Transfer", BOB, ALICE, 150);
    assert_eq!((chain.stored(allowance), chain.stored(slot(BOB, word(1)))), (word(50), word(150)));

    // More than there is, or than was allowed, or ether, or what is not the ABI: a revert that changes nothing.
    let error =
        |name: &str, has, needs| input(&format!("{name}(uint256,uint256)"), &[word(has), word(needs)]);
    let long = input(transfer, &[[0xff; 32], word(1)]);
    let short = input(transfer, &[padded(BOB)]);
    let refused = [
        (BOB, 0, input(transfer, &[padded(ALICE), word(151)]), error("InsufficientBalance", 150, 151)),
        (
            CAROL,
            0,
            input(transfer_from, &[padded(BOB), padded(ALICE), word(51)]),
            error("InsufficientAllowance", 50, 51),
        ),
        (ALICE, 1, input(transfer, &[padded(BOB), word(1)]), vec![]),
        (ALICE, 0, long, vec![]),
        (ALICE, 0, short, vec![]),
        (ALICE, 0, input("mint()", &[]), vec![]),
        (ALICE, 0, vec![0xa9, 0x05], vec![]),
        (ALICE, 0, vec![], vec![]),
    ];
    for (sender, value, input, output) in refused {
        let before = chain.state.root();
        let (status, answer, logs) = chain.pay(sender, value, input.clone());
        assert_eq!((status, answer, logs.len()), (StatusCode::Revert, output, 0), "{name}, {input:02x?}");
        assert_eq!(chain.state.root(), before, "{name}");
    }
}

/// On every engine, with equal gas.
#[test]
fn the_token_is_built_deployed_and_used() {
    let Some(compiler) = compiler() else {
        return skipped(
            "the Rust SDK's token: no rustc for wasm. `rustup target add wasm32v1-none`, or on Debian `apt-get install rustc-web \
             rust-web-src rust-web-llvm`",
        );
    };
    for extensions in [true, false] {
        let (module, abi) = contract(&build(&compiler, extensions, false));
        let code = module.finish();
        if extensions {
            assert!(code.len() <= 5 * 1024, "the token has {} bytes", code.len());
        }
        let line = r#"{"type":"function","name":"balanceOf","inputs":[{"name":"owner","type":"address"}],"outputs":[{"name":"","type":"uint256"}],"stateMutability":"view"}"#;
        assert_eq!(abi.lines().filter(|each| *each == line).count(), 1, "{abi}");
        assert_eq!(abi.lines().count(), 14, "nine functions, a constructor, two events, two errors: {abi}");
        let (init, _) = contract(&build(&compiler, extensions, true));
        let creation = creation(init, &code, &word(SUPPLY));
        let mut first: Option<Chain> = None;
        for (name, vm) in vms(&[]) {
            let mut chain = Chain::new(name, &vm, &creation, &code);
            behaves(&mut chain);
            let Some(first) = &first else {
                first = Some(chain);
                continue;
            };
            assert_eq!(chain.seen, first.seen, "{} and {}", chain.name, first.name);
            assert_eq!(chain.state.root(), first.state.root(), "{}", chain.name);
        }
    }
}
