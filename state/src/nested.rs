//! Messages as frames of revm, and their results as a host's answer.

use hebe_host_ei::{Address, CallKind, CallResult, Fault, Gas, Message, Outcome, StatusCode};
use revm::{
    context_interface::{CreateScheme, JournalTr},
    handler::FrameResult,
    interpreter::{
        CallInput, CallInputs, CallScheme, CallValue, CreateInputs, FrameInput, interpreter_action::FrameInit,
    },
};

use crate::{
    convert::{from_address, to_address, to_i64, to_u256, to_word},
    evm::{Evm, EvmError, Inner, catch},
    status::from_instruction_result,
};

impl Evm {
    /// Runs a message below the top frame, for the VM that runs the top frame.
    pub(crate) fn call(&mut self, message: &Message) -> CallResult {
        let is_static = message.is_static || self.top().interpreter.runtime_flag.is_static;
        let transfers = message.kind == CallKind::Call && !message.value.is_zero();
        if is_static && (transfers || message.kind.is_create()) {
            self.stop(Fault::Engine("the VM let a static call transfer or create".to_owned()));
        }
        if self.fault.is_some() {
            return node_failure();
        }
        let result = catch(|| self.run_nested(message, is_static));
        match result {
            Ok(Ok(result)) => self.answer(&result),
            Ok(Err(error)) => {
                self.stop(Fault::Engine(error_text(error)));
                node_failure()
            }
            Err(panic) => {
                self.stop(panic);
                node_failure()
            }
        }
    }

    fn run_nested(&mut self, message: &Message, is_static: bool) -> Result<FrameResult, EvmError> {
        let frame = self.top();
        let depth = frame.depth + 1;
        let memory = frame.interpreter.memory.new_child_context();
        let frame_input = self.frame_input(message, is_static);
        let result = self.run_to_end(FrameInit { depth, memory, frame_input })?;
        self.top().interpreter.memory.free_child_context();
        Ok(result)
    }

    fn answer(&mut self, result: &FrameResult) -> CallResult {
        let outcome = self.outcome(result);
        let create_address = created(result).unwrap_or_default();
        let mut gas_refund = outcome.gas_refund;
        if self.vm.host_refunds() {
            self.host_refund += gas_refund;
            gas_refund = 0;
        }
        // A new contract's code is no return data.
        let is_new = matches!(result, FrameResult::Create(_)) && outcome.status == StatusCode::Success;
        let output = if is_new { Vec::new() } else { outcome.output };
        CallResult { status: outcome.status, gas_left: outcome.gas_left, gas_refund, output, create_address }
    }
}

impl Inner {
    /// The message as a new frame. Every account that revm expects in its journal is loaded.
    pub(crate) fn frame_input(&mut self, message: &Message, is_static: bool) -> FrameInput {
        self.delegated = message.is_delegated;
        let gas_limit = u64::try_from(message.gas).unwrap_or(0);
        let (caller, value) = (to_address(message.sender), to_u256(message.value));
        let input = message.input.clone().into();
        let journal = &mut self.revm.ctx.journaled_state;
        let Ok(_) = journal.load_account(caller);
        if message.kind.is_create() {
            let scheme = match message.kind {
                CallKind::Create2 => CreateScheme::Create2 { salt: to_word(message.create2_salt) },
                _ => CreateScheme::Create,
            };
            return FrameInput::Create(Box::new(CreateInputs::new(
                caller, scheme, value, input, gas_limit, 0,
            )));
        }
        let target_address = to_address(message.recipient);
        let Ok(_) = journal.load_account(target_address);
        let mut bytecode_address = to_address(message.code_address);
        let Ok(account) = journal.load_account_with_code(bytecode_address);
        let known_bytecode = (account.info.code_hash, account.info.code.clone().unwrap_or_default());
        // A delegation to a precompile runs empty code (EIP-7702); revm looks for precompiles by address.
        if message.is_delegated && self.revm.precompiles.contains(&bytecode_address) {
            bytecode_address = target_address;
        }
        let (scheme, value) = match message.kind {
            CallKind::DelegateCall => (CallScheme::DelegateCall, CallValue::Apparent(value)),
            CallKind::CallCode => (CallScheme::CallCode, CallValue::Transfer(value)),
            _ => (CallScheme::Call, CallValue::Transfer(value)),
        };
        FrameInput::Call(Box::new(CallInputs {
            input: CallInput::Bytes(input),
            return_memory_offset: 0..0,
            gas_limit,
            reservoir: 0,
            bytecode_address,
            known_bytecode,
            target_address,
            caller,
            value,
            scheme,
            is_static,
            charged_new_account_state_gas: false,
        }))
    }

    /// How the frame ended: in the words of the VM if it failed there, else in revm's.
    pub(crate) fn outcome(&self, result: &FrameResult) -> Outcome {
        let ended = result.interpreter_result();
        let mut outcome = Outcome::success(0);
        outcome.status = from_instruction_result(ended.result);
        if let Some(last) = self.last.as_ref().filter(|last| last.status != StatusCode::Success) {
            outcome.status = last.status;
            outcome.reason.clone_from(&last.reason);
        }
        if ended.result.is_ok_or_revert() {
            outcome.gas_left = to_i64(ended.gas.remaining());
            outcome.output = ended.output.to_vec();
        }
        if ended.result.is_ok() {
            outcome.gas_refund = ended.gas.refunded();
        }
        // revm ends a creation by a sender whose nonce is used up like this: nothing ran, nothing is there.
        if matches!(result, FrameResult::Create(create) if create.address.is_none() && ended.result.is_ok()) {
            outcome.status = StatusCode::Failure;
        }
        outcome
    }
}

/// The address of a contract that was created.
pub(crate) fn created(result: &FrameResult) -> Option<Address> {
    match result {
        FrameResult::Create(create) if create.result.result.is_ok() => create.address.map(from_address),
        _ => None,
    }
}

fn node_failure() -> CallResult {
    const NOTHING: Gas = 0;
    CallResult {
        status: StatusCode::InternalError,
        gas_left: NOTHING,
        gas_refund: NOTHING,
        output: Vec::new(),
        create_address: Address::default(),
    }
}

fn error_text(error: EvmError) -> String {
    match error {
        EvmError::Custom(text) => text,
        EvmError::Db(never) => match never {},
    }
}
