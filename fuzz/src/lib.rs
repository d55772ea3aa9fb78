//! What the fuzz targets share: inputs, a generator of contracts, and the oracle.

mod dense;
pub mod engines;
pub mod expose;
pub mod generate;
mod lasting;
/// The generator of the tests of the meter.
#[path = "../../vm/tests/metering"]
mod metering {
    #[allow(dead_code, reason = "the tests use more of it")]
    pub(crate) mod generator;
}
pub mod speed;
mod world;

use arbitrary::{Arbitrary, Result, Unstructured};
use hebe_host_ei::{
    Address, Bytes32, CallKind, CallResult, Fault, IMPORTS, Message, Outcome, Profile, Revision, StatusCode,
    TxContext, U256, ValType,
    mock::{MockAccount, MockHost},
};
use hebe_vm::{
    Config, Evm1Mode, Vm,
    meter::Metering,
    validate::{MAGIC, Violation, validate},
};

/// A message and the host's answers, beside the code.
#[derive(Arbitrary, Clone, Debug)]
pub struct Input {
    /// Put a wasm header before the code.
    pub with_header: bool,
    kind: u8,
    is_static: bool,
    depth: i32,
    gas: i64,
    value: [u8; 32],
    balance: [u8; 32],
    data: Vec<u8>,
    block_number: i64,
    nested_status: u8,
    nested_gas: i64,
    nested_refund: i64,
    nested_output: Vec<u8>,
    fallback: bool,
    r4: bool,
    metering: u8,
    talks_nonsense: bool,
}

/// Where every host function exists.
const NEWEST: Revision = Revision::Osaka;

/// The revision at which contracts of a profile run: the one that revision 4 of the interface was made for, or the newest.
fn revision(profile: &Profile) -> Revision {
    if *profile == Profile::R4 { Revision::Byzantium } else { NEWEST }
}

const SELF: Address = Address([0x5e; 20]);

impl Input {
    fn message(&self) -> Message {
        Message {
            kind: CallKind::from_i32(i32::from(self.kind % 6)).expect("six kinds"),
            is_static: self.is_static,
            depth: self.depth,
            gas: self.gas,
            recipient: SELF,
            code_address: SELF,
            input: self.data.clone(),
            value: U256::from_big_endian(&self.value),
            ..Message::default()
        }
    }

    fn host(&self) -> MockHost {
        let balance = U256::from_big_endian(&self.balance);
        let status = StatusCode::ALL[usize::from(self.nested_status) % StatusCode::ALL.len()];
        MockHost {
            accounts: [(SELF, MockAccount { balance, ..MockAccount::default() })].into(),
            tx_context: TxContext { block_number: self.block_number, ..TxContext::default() },
            block_hashes: (0..4).map(|n| (self.block_number.wrapping_sub(n), Bytes32([1; 32]))).collect(),
            call_result: CallResult {
                status,
                gas_left: self.nested_gas,
                gas_refund: self.nested_refund,
                output: self.nested_output.clone(),
                create_address: SELF,
            },
            talks_nonsense: self.talks_nonsense,
            ..MockHost::default()
        }
    }

    fn config(&self, cache_bytes: usize) -> Config {
        let evm1mode = if self.fallback { Evm1Mode::Fallback } else { Evm1Mode::Reject };
        let metering = [Metering::Inline, Metering::Sentinel, Metering::None][usize::from(self.metering) % 3];
        Config { evm1mode, metering, profile: self.profile(), cache_bytes, ..Config::default() }
    }

    fn profile(&self) -> Profile {
        if self.r4 { Profile::R4 } else { Profile::EXTENDED }
    }
}

/// Runs code without a cache, with a cold one and with a warm one: the same outcome and the same world, within
/// EVMC's rules. Gives the status unless the node failed.
pub fn check(input: &Input, code: &[u8]) -> Option<StatusCode> {
    let message = input.message();
    let run = |vm: &Vm<MockHost>| {
        let (host, outcome) = vm.execute(revision(&input.profile()), code, message.clone(), input.host());
        (host.accounts, host.logs, host.calls, host.destroyed, outcome)
    };
    let uncached = run(&Vm::new(input.config(0)));
    let vm = Vm::new(input.config(64 << 20));
    assert_eq!(run(&vm), uncached, "cold");
    assert_eq!(run(&vm), uncached, "warm");
    let outcome = match uncached.4 {
        Ok(outcome) => outcome,
        // No host of ours makes an engine fail: it would be the meter's or the engine's own doing.
        Err(fault) => {
            assert!(!matches!(fault, Fault::Engine(_) | Fault::Panic(_)), "{fault}");
            return None;
        }
    };
    check_rules(&message, &outcome);
    Some(outcome.status)
}

/// EVMC's rules for a result.
fn check_rules(message: &Message, outcome: &Outcome) {
    assert!((0..=message.gas.max(0)).contains(&outcome.gas_left), "{outcome:?}");
    if outcome.status != StatusCode::Success {
        assert_eq!(outcome.gas_refund, 0, "{outcome:?}");
        assert!(outcome.reason.is_some(), "{outcome:?}");
    }
    if !matches!(outcome.status, StatusCode::Success | StatusCode::Revert) {
        assert_eq!((outcome.gas_left, outcome.output.len()), (0, 0), "{outcome:?}");
    }
    // What is deployed is a contract or does not claim to be one.
    let deployed = &outcome.output;
    if message.kind.is_create() && outcome.status == StatusCode::Success && deployed.starts_with(MAGIC) {
        assert!(deployed.len() < 8 || validate(deployed, &Profile::EXTENDED, NEWEST, false).is_ok());
    }
}

/// A contract made for a profile was refused: only a limit may be the reason, or too much of a proposal for `r4`,
/// or `log` with too many topics, which has the same status.
pub fn check_refusal(input: &Input, code: &[u8]) {
    if let Err(invalid) = validate(code, &input.profile(), revision(&input.profile()), false) {
        let fine = matches!(invalid.violation, Violation::Limit { .. }) || input.r4;
        assert!(fine, "{invalid}");
    }
}

/// A module of wasm-smith's with the shape of a contract, which ends.
#[derive(Debug)]
pub struct Contract(pub Vec<u8>);

impl<'a> Arbitrary<'a> for Contract {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let config = wasm_smith::Config {
            available_imports: Some(shape(&imports(u.arbitrary()?))),
            exports: Some(shape(r#"(memory (export "memory") 0) (func (export "main"))"#)),
            allow_floats: false,
            allow_start_export: false,
            allow_invalid_funcs: false,
            bulk_memory_enabled: true,
            compact_imports_enabled: false,
            custom_page_sizes_enabled: false,
            exceptions_enabled: false,
            extended_const_enabled: true,
            gc_enabled: false,
            max_memories: 0,
            max_tables: 1,
            max_memory32_bytes: 16 << 20,
            max_table_elements: 4_096,
            memory64_enabled: false,
            min_memories: 0,
            multi_value_enabled: true,
            reference_types_enabled: false,
            relaxed_simd_enabled: false,
            shared_everything_threads_enabled: false,
            sign_extension_ops_enabled: true,
            simd_enabled: false,
            tail_call_enabled: false,
            threads_enabled: false,
            wide_arithmetic_enabled: false,
            ..wasm_smith::Config::default()
        };
        let mut module = wasm_smith::Module::new(config, u)?;
        let _ = module.ensure_termination(10_000);
        Ok(Self(module.to_bytes()))
    }
}

/// A module with these fields, in which a shape is handed over.
fn shape(fields: &str) -> Vec<u8> {
    wat::parse_str(format!("(module {fields})")).expect("the text is ours")
}

/// Every host function as an import, or those of revision 4 of the interface: those are there at each revision and under each profile.
fn imports(r4: bool) -> String {
    let types =
        |types: &mut dyn Iterator<Item = ValType>| types.map(|ty| format!("{ty} ")).collect::<String>();
    let import = |import: &hebe_host_ei::Import| {
        let params = types(&mut import.params.iter().map(|(_, ty)| *ty));
        let results = types(&mut import.result.into_iter());
        format!(
            "(import \"{}\" \"{}\" (func (param {params}) (result {results})))",
            import.module, import.name
        )
    };
    let there = |import: &&hebe_host_ei::Import| !import.is_debug() && !(r4 && import.since.is_some());
    IMPORTS.iter().filter(there).map(import).collect()
}
