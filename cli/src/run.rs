//! `hebe run`: one call or creation in a local Ethereum.

mod args;
mod changes;
mod report;

use std::{collections::BTreeSet, io, process::ExitCode};

use hebe_host_ei::{Address, CallKind, Fault, Message, Profile, Revision, StatusCode, U256};
use hebe_state::{Account, Ethereum, Receipt, State, TxError};
use hebe_vm::SENTINEL;

pub(crate) use args::RunArgs;
use report::{Context, FaultReport, Report};

use crate::{
    code::{self, WASM_MAGIC},
    error::{Error, FAILED},
    print::{self, Style},
    values,
    vms::{Chosen, MeteringReport},
};

pub(crate) const AFTER_HELP: &str = "\
CODE is recognised by its content: wasm, WAT (the text format) or hex digits. The call happens in a small \
Ethereum in memory, so calls to other accounts and creations really run; EVM bytecode is run by revm. There is \
no transaction around the call: no intrinsic gas, no fees. The sender owns a million ether.

With --json: status, status_code, words, reason (of a failure, if there is one), vm, metering and schedule (name, version, hash), \
revision, gas, gas_used, gas_left, gas_refund, output, created (address, code), logs, changes. metering and schedule are there when \
the VM linked in runs wasm, schedule only if instructions are paid for: how a library meters cannot be asked. When this node \
failed: status, status_code, words, reason, vm, revision, gas.

Examples:
  hebe run contracts/counter/counter.wasm
  hebe run contracts/counter/counter.wasm --storage 0=41 --json
  hebe run contracts/keccak256/keccak256.wasm --input 0x68656c6c6f
  hebe run contracts/token/token-init.wasm --create
  hebe run contracts/token/token.wasm --input 18160ddd --static -o trace=stderr
  wat2wasm my.wat --output=- | hebe run - --gas 50000
  hebe run 0x602a60005260206000f3
  hebe run contracts/counter/counter.wasm --vm ./target/release/libhebe.so,log=stderr
  hebe run contracts/counter/counter.wasm --vm ./libhebe.so,cache-dir=/var/cache/one,,two

Exit code: 0 success, 1 the contract failed or reverted, 2 bad arguments or input, 3 this node failed.";

/// What the sender owns unless `--account` says otherwise: a million ether.
const SENDER_BALANCE: u128 = 1_000_000 * 10u128.pow(18);

/// What ran.
#[derive(Clone, Copy)]
struct Ran {
    /// In the VM linked in, or in revm.
    linked_in: bool,
    wasm: bool,
}

pub(crate) fn run(args: &RunArgs) -> Result<ExitCode, Error> {
    let code = code::read(&args.code)?;
    args.check()?;
    let chosen = args.vm.open(&[])?;
    let metering = chosen.metering.clone().filter(|_| code.starts_with(WASM_MAGIC));
    let vm = runner(args, &chosen, &code)?;
    let mut context = Context { vm, metering, revision: args.rev, gas: args.gas, otherwise: None };
    let is_sentinel = context.metering.as_ref().is_some_and(MeteringReport::has_sentinel);
    if is_sentinel && !args.create && !charges_itself(&code) {
        print::to_stderr(
            "note: with metering=sentinel code in the state is run as it is, and this never calls useGas: it pays for no \
             instruction (`hebe meter --mode sentinel` makes it pay)\n",
        );
    }
    let mut before = initial_state(args, &code)?;
    if chosen.metering.as_ref().is_some_and(MeteringReport::has_sentinel) {
        add_sentinel(&mut before);
    }

    let ran = Ran { linked_in: chosen.linked_in, wasm: code.starts_with(WASM_MAGIC) };
    let mut chain = Ethereum::new(chosen.vm, args.rev);
    chain.chain_id = args.block.chain_id;
    chain.block = args.block.to_block();
    let mut after = before.clone();
    match chain.call(&mut after, &message(args, code)) {
        Ok(receipt) => {
            context.otherwise = reason_outside(args, ran, &before, &receipt);
            let report = Report::new(context, &receipt, (&before, &after));
            let text = if args.json { print::json_line(&report) } else { report.text(Style::stdout()) };
            // Who reads no further still wants to know how it ended.
            print::to_stdout(&text).or_else(ignore_broken_pipe)?;
            let success = receipt.outcome.status == StatusCode::Success;
            Ok(if success { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
        }
        Err(TxError::Invalid(reason)) => Err(Error::Usage(reason)),
        Err(TxError::Fault(Fault::Rejected(reason))) => Err(Error::Usage(reason)),
        Err(TxError::Fault(fault)) => {
            if args.json {
                print::to_stdout(&print::json_line(&FaultReport::new(&context, &fault)))?;
            }
            Err(Error::Node(format!("this node failed, not the contract: {fault}")))
        }
    }
}

/// Why a call failed that no VM gives a reason for, as far as it is known.
fn reason_outside(args: &RunArgs, ran: Ran, before: &State, receipt: &Receipt) -> Option<String> {
    let has = before.get(&args.sender).map_or(U256::zero(), |sender| sender.balance);
    let reason = match receipt.outcome.status {
        StatusCode::Success | StatusCode::Revert => return None,
        StatusCode::InsufficientBalance if has < args.value => {
            return Some(format!("the sender has {has} wei and should send {}", args.value));
        }
        // The VM linked in gives a reason when its contract runs out of gas.
        StatusCode::OutOfGas if args.create && ran.linked_in && ran.wasm => {
            "what is left of the gas does not pay for the code to deploy, 200 a byte"
        }
        // revm ran it, which gives no reasons.
        _ if ran.linked_in || !ran.wasm => return None,
        StatusCode::Failure | StatusCode::ContractValidationFailure => {
            "a library answers the status alone; if it is a Hebe that refused the code, its log says why (log=stderr behind its path)"
        }
        // What a contract does to itself is in no log.
        _ => "a library answers the status alone; without --vm, the VM linked in may say more",
    };
    Some(reason.to_owned())
}

/// True if the code imports `useGas`, as all does that a sentinel has metered.
fn charges_itself(code: &[u8]) -> bool {
    let survey = hebe_vm::validate::survey(code, &Profile::EXTENDED, Revision::Experimental, true);
    survey.imports.iter().any(|import| import.name == "useGas")
}

fn ignore_broken_pipe(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// Who runs the code, in words; an error if nobody would.
fn runner(args: &RunArgs, chosen: &Chosen, code: &[u8]) -> Result<String, Error> {
    let wasm = code.starts_with(WASM_MAGIC);
    if chosen.vm.takes(code) {
        return Ok(chosen.name.clone());
    }
    let what = if wasm { "wasm" } else { "EVM bytecode" };
    if args.rev == Revision::Constantinople {
        return Err(Error::usage(
            "--rev: EVM bytecode does not run at Constantinople here, whose storage gas (EIP-1283) revm does not \
             have; Petersburg is the same without it",
        ));
    }
    if !chosen.linked_in {
        return Err(Error::usage(format!(
            "{} does not run {what}: that is not among its capabilities (`hebe vm-info` shows them)",
            chosen.name
        )));
    }
    Ok("revm, for EVM bytecode".to_owned())
}

fn initial_state(args: &RunArgs, code: &[u8]) -> Result<State, Error> {
    let mut state = State::new();
    state.account_mut(args.sender).balance = U256::from(SENDER_BALANCE);
    let mut seen = BTreeSet::new();
    for account in &args.accounts {
        if !seen.insert(account.address) {
            return Err(Error::usage(format!("--account {} is there twice", account.address)));
        }
        let code = match &account.file {
            Some(file) => code::read(&file.to_string_lossy())?,
            None => Vec::new(),
        };
        let nonce = contract_nonce(args.rev, &code);
        let account_state =
            Account { nonce, balance: account.balance, code: code.into(), ..Account::default() };
        state.insert(account.address, account_state);
    }
    if !args.create {
        let account = state.account_mut(args.code_address);
        account.nonce = contract_nonce(args.rev, code);
        account.code = code.into();
        account.storage = args.storage.iter().copied().filter(|(_, value)| !value.is_zero()).collect();
        if let Some(balance) = args.balance {
            account.balance = balance;
        }
    }
    Ok(state)
}

/// The sentinel runs wherever an account with some code has its address.
fn add_sentinel(state: &mut State) {
    let account = state.account_mut(SENTINEL);
    if account.code.is_empty() {
        account.code = [WASM_MAGIC, &[1, 0, 0, 0]].concat().into();
        account.nonce = account.nonce.max(1);
    }
}

/// A contract's nonce begins at 1 (EIP-161).
fn contract_nonce(revision: Revision, code: &[u8]) -> u64 {
    u64::from(!code.is_empty() && revision >= Revision::SpuriousDragon)
}

fn message(args: &RunArgs, code: Vec<u8>) -> Message {
    let common = Message { gas: args.gas, sender: args.sender, value: args.value, ..Message::default() };
    if args.create {
        return Message { kind: CallKind::Create, input: code, ..common };
    }
    Message {
        is_static: args.r#static,
        recipient: args.code_address,
        code_address: args.code_address,
        input: args.input.clone(),
        ..common
    }
}

impl RunArgs {
    /// What clap cannot check.
    fn check(&self) -> Result<(), Error> {
        let precompile = |address: &Address| values::is_precompile(self.rev, address);
        let accounts = self.accounts.iter().filter(|account| account.file.is_some()).map(|a| a.address);
        if let Some(address) = accounts.chain([self.code_address]).find(precompile) {
            let rev = self.rev;
            return Err(Error::usage(format!(
                "at {address} a precompiled contract of {rev} runs, not your code"
            )));
        }
        if !self.create && self.accounts.iter().any(|account| account.address == self.code_address) {
            let address = self.code_address;
            return Err(Error::usage(format!("--account {address} is where CODE is; move one of them")));
        }
        if self.r#static && !self.value.is_zero() {
            return Err(Error::usage("a static call carries no value: leave --static or --value away"));
        }
        let keys: BTreeSet<_> = self.storage.iter().map(|(key, _)| key).collect();
        if keys.len() < self.storage.len() {
            return Err(Error::usage("--storage sets the same key twice"));
        }
        Ok(())
    }
}
