//! Ethereum's state tests (`GeneralStateTests`): read a file, run each case, say what was expected and what came.
//!
//! The format is that of the `ethereum/tests` repository: an environment, accounts, a transaction
//! with lists of data, gas limits and values, and for each fork the state root and the hash of the
//! logs for some of their combinations. Nothing here prints.

mod hex;
mod json;
mod run;

use std::sync::Arc;

use hebe_host_ei::{Address, Bytes32, Revision};

use crate::{Block, Change, FrameVm, Receipt, State, Transaction, TxError};

/// A file could not be read as state tests.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The file is not JSON or not of this format.
    #[error("{file}:{line}:{column}: {message}")]
    Json {
        /// The file as it was named.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A test contradicts itself.
    #[error("{file}: test {test:?}: {message}")]
    Test {
        /// The file as it was named.
        file: String,
        /// The test's name.
        test: String,
        /// What is wrong in it.
        message: String,
    },
}

/// A state test: one state, and cases that each apply one transaction to it.
#[derive(Clone, Debug)]
pub struct StateTest {
    /// Its name in the file.
    pub name: String,
    /// The block.
    pub block: Block,
    /// Chain identifier.
    pub chain_id: u64,
    /// The state before.
    pub pre: State,
    /// The cases, fork by fork.
    pub cases: Vec<Case>,
}

/// One transaction under one fork and what must come of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The fork as the file names it.
    pub fork: String,
    /// Which of the transaction's data, gas limits and values.
    pub indexes: Indexes,
    /// The transaction, or why no such transaction can exist.
    pub transaction: Result<Transaction, String>,
    /// The state root expected.
    pub root: Bytes32,
    /// The [hash of the logs](crate::logs_hash) expected; not in the oldest files.
    pub logs_hash: Option<Bytes32>,
    /// Why the transaction is expected not to be valid, in the file's words.
    pub expect_exception: Option<String>,
    /// The whole state expected, if the file has it.
    pub post: Option<State>,
}

/// Positions in the transaction's lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Indexes {
    /// In `data`.
    pub data: usize,
    /// In `gasLimit`.
    pub gas: usize,
    /// In `value`.
    pub value: usize,
}

/// What came of a case.
#[derive(Clone, Debug)]
pub struct Report {
    /// The state root that came.
    pub root: Bytes32,
    /// The hash of the logs that came.
    pub logs_hash: Bytes32,
    /// The receipt, or why there is none.
    pub result: Result<Receipt, TxError>,
    /// The expected root is not the one that a call leaves behind that fails at once: only a VM that works gets there.
    pub expects_success: bool,
    /// Where the state differs from the one in the file, if that has one: the change from what is expected.
    pub first_difference: Option<(Address, Change)>,
    /// What differs from the expectation, in words; empty if the case passed.
    pub failures: Vec<String>,
}

impl Report {
    /// True if all is as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

impl StateTest {
    /// Reads all tests of a file. Its name is only for errors.
    ///
    /// # Errors
    /// If the text is not of the format.
    pub fn parse(file: &str, text: &str) -> Result<Vec<Self>, ParseError> {
        json::parse(file, text)
    }

    /// Runs one of the cases. `Err` says why it is skipped.
    ///
    /// # Errors
    /// If the fork is none that can be run here, or Constantinople and the VM does not run EVM bytecode itself.
    pub fn run(&self, case: &Case, vm: &Arc<dyn FrameVm>) -> Result<Report, String> {
        run::run(self, case, vm)
    }
}

/// The revision that a fork's name in a state test stands for, or why there is none here.
///
/// # Errors
/// A sentence for a person.
pub fn revision_of(fork: &str) -> Result<Revision, String> {
    Ok(match fork {
        "Frontier" => Revision::Frontier,
        "Homestead" => Revision::Homestead,
        "EIP150" | "TangerineWhistle" => Revision::TangerineWhistle,
        "EIP158" | "SpuriousDragon" => Revision::SpuriousDragon,
        "Byzantium" => Revision::Byzantium,
        "Constantinople" => Revision::Constantinople,
        "ConstantinopleFix" | "Petersburg" => Revision::Petersburg,
        "Istanbul" => Revision::Istanbul,
        "Berlin" => Revision::Berlin,
        "London" => Revision::London,
        "Merge" | "Paris" => Revision::Paris,
        "Shanghai" => Revision::Shanghai,
        "Cancun" => Revision::Cancun,
        "Prague" => Revision::Prague,
        "Osaka" => Revision::Osaka,
        _ => return Err(format!("the fork {fork:?} is not known here")),
    })
}
