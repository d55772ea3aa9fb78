//! revm's EVM with one method of its own: who runs a frame.

use std::{
    any::Any,
    convert::Infallible,
    mem,
    ops::{Deref, DerefMut},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use hebe_host_ei::{Bytes32, CallKind, Fault, Gas, Message, Outcome, Revision, StatusCode};
use revm::{
    MainnetEvm,
    bytecode::Bytecode,
    context_interface::{CreateScheme, FrameStack, JournalTr, context::ContextError},
    handler::{
        EthFrame, EthPrecompiles, EvmTr, FrameInitOrResult, FrameResult, FrameTr, ItemOrResult,
        MainnetContext, evm::FrameInitResult, instructions::EthInstructions,
    },
    interpreter::{
        CallScheme, FrameInput, InstructionResult, InterpreterAction, InterpreterResult,
        interpreter::EthInterpreter, interpreter_action::FrameInit,
    },
};

use crate::{
    FrameVm,
    convert::{from_address, from_u256, from_word, to_i64},
    db::Db,
    lent,
    status::{VmEnd, to_instruction_result},
    vms::WASM_MAGIC,
};

pub(crate) type Ctx = MainnetContext<Db>;
pub(crate) type EvmError = ContextError<Infallible>;

/// A VM finds at least this much native stack, and each extension adds so much (bytes).
const STACK_RED_ZONE: usize = 512 << 10;
const STACK_SEGMENT: usize = 4 << 20;

/// Bytes of memory that all frames of EVM bytecode together may have. In one frame it costs 137 thousand million gas.
pub(crate) const MEMORY_LIMIT: u64 = 256 << 20;

/// The EVM of one transaction, or an empty place while it is [lent](lent).
pub(crate) struct Evm(Option<Box<Inner>>);

pub(crate) struct Inner {
    pub(crate) revm: MainnetEvm<Ctx>,
    pub(crate) vm: Arc<dyn FrameVm>,
    pub(crate) revision: Revision,
    /// The first failure of this node. From then on nothing runs any more.
    pub(crate) fault: Option<Fault>,
    /// The end of the frame that ran last, if a VM ran it.
    pub(crate) last: Option<VmEnd>,
    /// The next frame's code was found by following an EIP-7702 delegation.
    pub(crate) delegated: bool,
    /// Refunds of the running frame for a VM that leaves them to the host.
    pub(crate) host_refund: i64,
}

impl Evm {
    pub(crate) fn new(revm: MainnetEvm<Ctx>, vm: Arc<dyn FrameVm>, revision: Revision) -> Self {
        Self(Some(Box::new(Inner {
            revm,
            vm,
            revision,
            fault: None,
            last: None,
            delegated: false,
            host_refund: 0,
        })))
    }

    /// The empty place.
    pub(crate) const fn away() -> Self {
        Self(None)
    }
}

impl Deref for Evm {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        self.0.as_ref().expect("the EVM is not lent while it is in use")
    }
}

impl DerefMut for Evm {
    fn deref_mut(&mut self) -> &mut Inner {
        self.0.as_mut().expect("the EVM is not lent while it is in use")
    }
}

impl EvmTr for Evm {
    type Context = Ctx;
    type Instructions = EthInstructions<EthInterpreter, Ctx>;
    type Precompiles = EthPrecompiles;
    type Frame = EthFrame;

    fn all(&self) -> (&Ctx, &Self::Instructions, &EthPrecompiles, &FrameStack<EthFrame>) {
        self.revm.all()
    }

    fn all_mut(
        &mut self,
    ) -> (&mut Ctx, &mut Self::Instructions, &mut EthPrecompiles, &mut FrameStack<EthFrame>) {
        self.revm.all_mut()
    }

    fn frame_init(&mut self, init: FrameInit) -> Result<FrameInitResult<'_, EthFrame>, EvmError> {
        self.revm.frame_init(init)
    }

    /// Runs the top frame by the VM or by revm's interpreter, until it ends or makes a call.
    fn frame_run(&mut self) -> Result<FrameInitOrResult<EthFrame>, EvmError> {
        let delegated = mem::take(&mut self.delegated);
        let code = Bytecode::clone(&self.top().interpreter.bytecode);
        let code = code.original_byte_slice();
        let action = if !code.is_empty() && self.vm.takes(code) {
            self.run_vm(code, delegated).map(InterpreterAction::Return)
        } else {
            self.run_interpreter(code)
        };
        let action = action.and_then(|action| self.check_deployment(action));
        let action = action.map_err(|fault| self.stop(fault))?;
        let Inner { revm, .. } = &mut **self;
        let frame = revm.frame_stack.get();
        let next = frame.process_next_action::<_, EvmError>(&mut revm.ctx, action)?;
        frame.set_finished(next.is_result());
        Ok(next)
    }

    fn frame_return_result(
        &mut self,
        result: <EthFrame as FrameTr>::FrameResult,
    ) -> Result<Option<FrameResult>, EvmError> {
        self.revm.frame_return_result(result)
    }
}

impl Inner {
    pub(crate) fn top(&mut self) -> &mut EthFrame {
        self.revm.frame_stack.get()
    }

    /// Remembers a failure of this node and makes revm give up the transaction.
    pub(crate) fn stop(&mut self, fault: Fault) -> EvmError {
        self.fault.get_or_insert(fault);
        ContextError::Custom("a failure of this node".to_owned())
    }

    fn run_interpreter(&mut self, code: &[u8]) -> Result<InterpreterAction, Fault> {
        self.last = None;
        let Self { revm, .. } = self;
        let interpreter = &mut revm.frame_stack.get().interpreter;
        if code.starts_with(WASM_MAGIC) {
            let status = StatusCode::ContractValidationFailure;
            self.last = Some(VmEnd { status, reason: None });
            return Ok(InterpreterAction::new_halt(to_instruction_result(status), interpreter.gas));
        }
        if self.revision == Revision::Constantinople && !code.is_empty() {
            let lacks = "EVM bytecode in Constantinople needs EIP-1283, which this EVM does not have";
            return Err(Fault::Engine(lacks.to_owned()));
        }
        let (instructions, gas) = (revm.instruction.instruction_table(), revm.instruction.gas_table());
        let action = interpreter.run_plain(instructions, gas, &mut revm.ctx);
        if let InterpreterAction::Return(result) = &action
            && result.result == InstructionResult::MemoryLimitOOG
            && result.gas.remaining() > revm.ctx.cfg.gas_params.memory_cost(MEMORY_LIMIT as usize / 32)
        {
            // Whoever could not pay for it is out of gas, as anywhere.
            return Err(Fault::OutOfMemory);
        }
        Ok(action)
    }

    /// A VM may forbid the deployment of code, whoever returned it.
    fn check_deployment(&mut self, mut action: InterpreterAction) -> Result<InterpreterAction, Fault> {
        let is_create = self.top().data.is_create();
        if let InterpreterAction::Return(result) = &mut action
            && is_create
            && result.result.is_ok()
            && !result.output.is_empty()
            && self.vm.takes(&result.output)
            && !catch(|| self.vm.valid_deployment(self.revision, &result.output))?
        {
            let status = StatusCode::ContractValidationFailure;
            self.last = Some(VmEnd { status, reason: None });
            result.result = to_instruction_result(status);
        }
        Ok(action)
    }

    /// The top frame as a message for a VM.
    fn message(&mut self, delegated: bool) -> Message {
        let Self { revm, .. } = self;
        let frame = revm.frame_stack.get();
        let input = &frame.interpreter.input;
        let mut create2_salt = Bytes32::ZERO;
        let kind = match &frame.input {
            FrameInput::Create(create) => match create.scheme() {
                CreateScheme::Create2 { salt } => {
                    create2_salt = from_word(salt);
                    CallKind::Create2
                }
                _ => CallKind::Create,
            },
            FrameInput::Call(call) if call.scheme == CallScheme::CallCode => CallKind::CallCode,
            FrameInput::Call(call) if call.scheme == CallScheme::DelegateCall => CallKind::DelegateCall,
            _ => CallKind::Call,
        };
        let account =
            input.bytecode_address.and_then(|address| revm.ctx.journaled_state.evm_state().get(&address));
        let delegate = account.filter(|_| !delegated).and_then(|a| a.info.code.as_ref()?.eip7702_address());
        Message {
            kind,
            is_static: frame.interpreter.runtime_flag.is_static,
            is_delegated: delegated || delegate.is_some(),
            depth: i32::try_from(frame.depth).unwrap_or(i32::MAX),
            gas: to_i64(frame.interpreter.gas.remaining()),
            recipient: from_address(input.target_address),
            sender: from_address(input.caller_address),
            input: input.input.bytes(&revm.ctx).to_vec(),
            value: from_u256(input.call_value),
            create2_salt,
            code_address: delegate.or(input.bytecode_address).map(from_address).unwrap_or_default(),
        }
    }
}

impl Evm {
    fn run_vm(&mut self, code: &[u8], delegated: bool) -> Result<InterpreterResult, Fault> {
        let message = self.message(delegated);
        let given = message.gas;
        let (vm, revision) = (Arc::clone(&self.vm), self.revision);
        let refund_above = mem::take(&mut self.host_refund);
        let outcome = lent::lend(self, |slot| {
            let run = || vm.execute(revision, message, code, crate::RevmHost::new(slot));
            catch(|| stacker::maybe_grow(STACK_RED_ZONE, STACK_SEGMENT, run))
        });
        let host_refund = mem::replace(&mut self.host_refund, refund_above);
        // A nested fault counts even if the VM went on after it.
        self.fault.clone().map_or(Ok(()), Err)?;
        self.settle(outcome??, given, host_refund)
    }

    /// Turns an outcome into what revm would have from its interpreter.
    fn settle(&mut self, outcome: Outcome, given: Gas, host_refund: i64) -> Result<InterpreterResult, Fault> {
        let Outcome { status, gas_left, gas_refund, output, reason } = outcome;
        if status == StatusCode::OutOfMemory {
            return Err(Fault::OutOfMemory);
        }
        if (status as i32) < 0 {
            return Err(Fault::Engine(format!("the VM answered: {status}")));
        }
        let result = to_instruction_result(status);
        self.last = Some(VmEnd { status, reason });
        let mut gas = self.top().interpreter.gas;
        if !result.is_ok_or_revert() {
            gas.spend_all();
            return Ok(InterpreterResult::new(result, Vec::new().into(), gas));
        }
        if !(0..=given).contains(&gas_left) || !gas.record_regular_cost((given - gas_left) as u64) {
            return Err(Fault::Engine(format!("the VM left {gas_left} of {given} gas")));
        }
        if result.is_ok() {
            gas.record_refund(gas_refund.saturating_add(host_refund));
        }
        Ok(InterpreterResult::new(result, output.into(), gas))
    }

    /// Runs a frame and all that it calls, down to where the stack of frames was before.
    pub(crate) fn run_to_end(&mut self, init: FrameInit) -> Result<FrameResult, EvmError> {
        self.last = None;
        let first = self.revm.frame_stack.index().map_or(0, |floor| floor + 1);
        if let ItemOrResult::Result(result) = self.frame_init(init)? {
            return Ok(result);
        }
        loop {
            let result = match self.frame_run()? {
                ItemOrResult::Result(result) => result,
                ItemOrResult::Item(init) => match self.frame_init(init)? {
                    ItemOrResult::Item(_) => continue,
                    ItemOrResult::Result(result) => result,
                },
            };
            if self.top().is_finished() && self.revm.frame_stack.index() == Some(first) {
                self.revm.frame_stack.pop();
                return Ok(result);
            }
            self.frame_return_result(result)?;
        }
    }
}

/// Turns a panic into a fault. What it leaves half done is thrown away with the transaction.
pub(crate) fn catch<T>(run: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| Fault::Panic(panic_text(&*panic)))
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message").to_owned()
}
