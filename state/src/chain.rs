//! Transactions and messages on a block.

use std::{convert::Infallible, mem, sync::Arc};

use hebe_host_ei::{Address, Bytes32, Fault, Message, Outcome, Revision, StatusCode, U256};
use revm::{
    MainBuilder,
    context::{BlockEnv, CfgEnv, Context, ContextTr, TxEnv},
    context_interface::{
        JournalTr, LocalContextTr,
        block::BlobExcessGasAndPrice,
        result::{EVMError, HaltReason},
    },
    handler::{EvmTr, FrameResult, Handler, post_execution, pre_execution},
    interpreter::{SharedMemory, interpreter_action::FrameInit},
    primitives::{TxKind, hardfork::SpecId, keccak256},
};

use crate::{
    FrameVm, Log, Receipt, State, Transaction, TxError,
    convert::{from_b256, to_address, to_b256, to_i64, to_u256},
    db::Db,
    evm::{Ctx, Evm, MEMORY_LIMIT, catch},
    nested::created,
};

/// The hash of a block by its number, asked only for the 256 blocks before the current one.
pub type BlockHashRule = Arc<dyn Fn(u64) -> Bytes32 + Send + Sync>;

/// The block that transactions belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub number: u64,
    /// Seconds since 1970.
    pub timestamp: u64,
    /// Gas that it may use, and so any transaction in it.
    pub gas_limit: u64,
    /// Who gets the fees.
    pub coinbase: Address,
    /// Its difficulty, before Paris.
    pub difficulty: U256,
    /// Its RANDAO value, from Paris on (EIP-4399).
    pub prev_randao: Bytes32,
    /// Wei per gas that are burnt, from London on (EIP-1559).
    pub base_fee: u64,
    /// What the price of blob gas follows from, from Cancun on (EIP-4844).
    pub excess_blob_gas: u64,
}

impl Default for Block {
    /// Block 1 without fees, with room for 30 million gas.
    fn default() -> Self {
        Self {
            number: 1,
            timestamp: 0,
            gas_limit: 30_000_000,
            coinbase: Address::default(),
            difficulty: U256::zero(),
            prev_randao: Bytes32::ZERO,
            base_fee: 0,
            excess_blob_gas: 0,
        }
    }
}

/// A chain's rules, its VM and its current block.
///
/// In Constantinople, whose storage gas (EIP-1283) revm does not know, wasm runs and EVM bytecode is a fault.
#[derive(Clone)]
pub struct Ethereum {
    /// Runs the code that it takes.
    pub vm: Arc<dyn FrameVm>,
    /// The rules.
    pub revision: Revision,
    /// Chain identifier (EIP-155).
    pub chain_id: u64,
    /// The current block.
    pub block: Block,
    /// The hashes of earlier blocks.
    pub block_hash: BlockHashRule,
}

impl Ethereum {
    /// A chain with identifier 1 at its first block. A block's hash is the Keccak-256 of its number's decimal digits,
    /// as in Ethereum's state tests.
    pub fn new(vm: Arc<dyn FrameVm>, revision: Revision) -> Self {
        let block_hash = Arc::new(|number: u64| from_b256(keccak256(number.to_string())));
        Self { vm, revision, chain_id: 1, block: Block::default(), block_hash }
    }

    /// Applies a transaction by all rules of the revision: validity, intrinsic gas, fees, refunds, removal of
    /// empty accounts.
    ///
    /// # Errors
    /// If the transaction is not valid or this node failed. The state is then as before.
    pub fn transact(&self, state: &mut State, transaction: &Transaction) -> Result<Receipt, TxError> {
        let tx = transaction.to_revm().map_err(TxError::Invalid)?;
        let gas_limit = tx.gas_limit;
        self.run(state, tx, |evm| {
            let mut handler = TxHandler::default();
            let result = handler.run(evm).map_err(|error| match error {
                EVMError::Transaction(invalid) => TxError::Invalid(invalid.to_string()),
                other => TxError::Fault(Fault::Engine(other.to_string())),
            })?;
            let (created, mut outcome) = handler.end.unwrap_or((None, failure(StatusCode::OutOfGas)));
            let gas_used = result.tx_gas_used();
            outcome.gas_left = to_i64(gas_limit.saturating_sub(gas_used));
            outcome.gas_refund = to_i64(result.gas().final_refunded());
            Ok((true, Receipt { outcome, gas_used, logs: logs(result.into_logs()), created }))
        })
    }

    /// Runs a bare message without intrinsic gas and fees. Its sender is the origin and its depth is kept. In a
    /// create, the input is the init code. To follow an EIP-7702 delegation is for the sender, as in EVMC.
    ///
    /// # Errors
    /// If this node failed. The state is as before unless the message was a success.
    pub fn call(&self, state: &mut State, message: &Message) -> Result<Receipt, TxError> {
        let Ok(gas_limit) = u64::try_from(message.gas) else {
            let outcome = failure(StatusCode::OutOfGas);
            return Ok(Receipt { outcome, gas_used: 0, logs: Vec::new(), created: None });
        };
        let kind = TxKind::Call(to_address(message.recipient));
        let tx = TxEnv { caller: to_address(message.sender), gas_limit, kind, ..TxEnv::default() };
        self.run(state, tx, |evm| {
            let Ok(()) = pre_execution::load_accounts::<_, Infallible>(evm);
            let mut memory = SharedMemory::new_with_buffer(evm.revm.ctx.local.shared_memory_buffer().clone());
            memory.set_memory_limit(MEMORY_LIMIT);
            let depth = usize::try_from(message.depth).unwrap_or(0);
            let frame_input = evm.frame_input(message, message.is_static);
            let result = evm.run_to_end(FrameInit { depth, memory, frame_input });
            let result = result.map_err(|error| Fault::Engine(format!("{error:?}")))?;
            let outcome = evm.outcome(&result);
            let gas_used = gas_limit.saturating_sub(u64::try_from(outcome.gas_left).unwrap_or(0));
            let logs = logs(evm.revm.ctx.journaled_state.take_logs());
            let commit = outcome.status == StatusCode::Success;
            Ok((commit, Receipt { outcome, gas_used, logs, created: created(&result) }))
        })
    }

    /// Lends the state to a new EVM and takes over its changes if the work says so.
    fn run(
        &self,
        state: &mut State,
        tx: TxEnv,
        work: impl FnOnce(&mut Evm) -> Result<(bool, Receipt), TxError>,
    ) -> Result<Receipt, TxError> {
        let before = Arc::new(mem::take(state));
        let done = catch(|| {
            let mut evm = self.evm(Arc::clone(&before), tx);
            let result = work(&mut evm);
            let result = evm.fault.take().map_or(result, |fault| Err(TxError::Fault(fault)));
            result.map(|(commit, receipt)| (receipt, commit.then(|| evm.revm.ctx.journaled_state.finalize())))
        });
        *state = Arc::unwrap_or_clone(before);
        let (receipt, changes) = done??;
        if let Some(changes) = changes {
            state.apply(changes);
        }
        Ok(receipt)
    }

    fn evm(&self, state: Arc<State>, tx: TxEnv) -> Evm {
        let revision = self.revision;
        let spec = spec_id(revision);
        let mut cfg = CfgEnv::new_with_spec(spec).with_chain_id(self.chain_id);
        cfg.tx_chain_id_check = tx.chain_id.is_some();
        cfg.set_max_blobs_per_tx(max_blobs(revision));
        cfg.memory_limit = MEMORY_LIMIT;
        let db = Db { state, revision, block_hash: Arc::clone(&self.block_hash) };
        let block = self.block.to_revm(revision, cfg.blob_base_fee_update_fraction());
        let context: Ctx = Context::new(db, spec);
        let context = context.with_cfg(cfg).with_block(block).with_tx(tx);
        Evm::new(context.build_mainnet(), Arc::clone(&self.vm), revision)
    }
}

impl Block {
    fn to_revm(&self, revision: Revision, blob_fee_fraction: u64) -> BlockEnv {
        let blob_gas = || BlobExcessGasAndPrice::new(self.excess_blob_gas, blob_fee_fraction);
        BlockEnv {
            number: to_u256(self.number.into()),
            beneficiary: to_address(self.coinbase),
            timestamp: to_u256(self.timestamp.into()),
            gas_limit: self.gas_limit,
            basefee: if revision < Revision::London { 0 } else { self.base_fee },
            difficulty: to_u256(self.difficulty),
            prevrandao: (revision >= Revision::Paris).then(|| to_b256(self.prev_randao)),
            blob_excess_gas_and_price: (revision >= Revision::Cancun).then(blob_gas),
            slot_num: 0,
        }
    }
}

/// revm's transaction rules around our frames.
#[derive(Default)]
struct TxHandler {
    end: Option<(Option<Address>, Outcome)>,
}

impl Handler for TxHandler {
    type Evm = Evm;
    type Error = EVMError<Infallible>;
    type HaltReason = HaltReason;

    fn run_exec_loop(&mut self, evm: &mut Evm, first: FrameInit) -> Result<FrameResult, Self::Error> {
        let result = evm.run_to_end(first)?;
        self.end = Some((created(&result), evm.outcome(&result)));
        Ok(result)
    }

    /// Only a broken VM reports a negative sum; revm would take it for a very large one.
    fn refund(&self, evm: &mut Evm, result: &mut FrameResult, eip7702: i64) -> Result<(), Self::Error> {
        let gas = result.gas_mut();
        gas.set_refund(gas.refunded().max(0));
        post_execution::refund(&evm.ctx().cfg().gas_params, gas, eip7702);
        Ok(())
    }
}

/// The revision for revm. Constantinople is Petersburg there; [`Ethereum`] says what follows.
fn spec_id(revision: Revision) -> SpecId {
    match revision {
        Revision::Frontier => SpecId::FRONTIER,
        Revision::Homestead => SpecId::HOMESTEAD,
        Revision::TangerineWhistle => SpecId::TANGERINE,
        Revision::SpuriousDragon => SpecId::SPURIOUS_DRAGON,
        Revision::Byzantium => SpecId::BYZANTIUM,
        Revision::Constantinople | Revision::Petersburg => SpecId::PETERSBURG,
        Revision::Istanbul => SpecId::ISTANBUL,
        Revision::Berlin => SpecId::BERLIN,
        Revision::London => SpecId::LONDON,
        Revision::Paris => SpecId::MERGE,
        Revision::Shanghai => SpecId::SHANGHAI,
        Revision::Cancun => SpecId::CANCUN,
        Revision::Prague => SpecId::PRAGUE,
        Revision::Osaka | Revision::Experimental => SpecId::OSAKA,
    }
}

/// EIP-4844, EIP-7691 and EIP-7594.
fn max_blobs(revision: Revision) -> u64 {
    if revision == Revision::Prague { 9 } else { 6 }
}

fn logs(logs: Vec<revm::primitives::Log>) -> Vec<Log> {
    logs.into_iter().map(Log::from).collect()
}

fn failure(status: StatusCode) -> Outcome {
    Outcome { status, ..Outcome::success(0) }
}
