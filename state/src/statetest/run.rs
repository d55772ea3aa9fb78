//! One case.

use std::sync::Arc;

use hebe_host_ei::{Bytes32, Revision};

use super::{Case, Report, StateTest, revision_of};
use crate::{Ethereum, FailingVm, FrameVm, Receipt, State, TxError, logs_hash};

/// STOP.
const EVM_CODE: &[u8] = &[0x00];

pub(super) fn run(test: &StateTest, case: &Case, vm: &Arc<dyn FrameVm>) -> Result<Report, String> {
    let revision = revision_of(&case.fork)?;
    if revision == Revision::Constantinople && !vm.takes(EVM_CODE) {
        return Err(
            "Constantinople's storage gas (EIP-1283) is not in revm; a VM that runs EVM bytecode has it \
                    (evm1mode=native)"
                .to_owned(),
        );
    }
    let mut chain = Ethereum::new(Arc::clone(vm), revision);
    chain.block = test.block.clone();
    chain.chain_id = test.chain_id;
    let (mut state, result) = apply(&chain, test, case);
    let mut root = state.root();
    // The block's reward of nothing creates an empty coinbase before Spurious Dragon, which the oldest fills are without.
    let may_lack_reward = revision < Revision::SpuriousDragon;
    if !(may_lack_reward && root == case.root) {
        state.touch(chain.block.coinbase, revision);
        root = state.root();
    }
    let logs_hash = result.as_ref().map_or_else(|_| logs_hash(&[]), Receipt::logs_hash);
    chain.vm = Arc::new(FailingVm);
    let mut failed = apply(&chain, test, case).0;
    let fails_without_reward = may_lack_reward && failed.root() == case.root;
    failed.touch(chain.block.coinbase, revision);
    let expects_success = !fails_without_reward && failed.root() != case.root;
    let failures = failures(case, root, logs_hash, &result);
    let first_difference = case.post.as_ref().and_then(|post| post.diff(&state).into_iter().next());
    Ok(Report { root, logs_hash, result, expects_success, first_difference, failures })
}

fn apply(chain: &Ethereum, test: &StateTest, case: &Case) -> (State, Result<Receipt, TxError>) {
    let mut state = test.pre.clone();
    let transaction = case.transaction.as_ref().map_err(|error| TxError::Invalid(error.clone()));
    let result = transaction.and_then(|transaction| chain.transact(&mut state, transaction));
    (state, result)
}

fn failures(case: &Case, root: Bytes32, logs: Bytes32, result: &Result<Receipt, TxError>) -> Vec<String> {
    let mut failures = Vec::new();
    if root != case.root {
        failures.push(format!("state root {root}, expected {}", case.root));
    }
    if let Some(expected) = case.logs_hash.filter(|expected| logs != *expected) {
        failures.push(format!("hash of the logs {logs}, expected {expected}"));
    }
    match (result, &case.expect_exception) {
        (Err(TxError::Fault(fault)), _) => failures.push(fault.to_string()),
        (Ok(_), Some(exception)) => failures.push(format!("a valid transaction, expected {exception}")),
        _ => {}
    }
    failures
}
