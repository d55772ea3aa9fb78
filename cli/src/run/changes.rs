//! What a run changed, account by account.

use hebe_host_ei::{Address, U256};
use hebe_state::{Change, Code, State};
use serde::Serialize;

use crate::print::count;

/// What changed in an account.
#[derive(Default, Serialize)]
pub(super) struct AccountReport {
    address: String,
    created: bool,
    removed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<Pair<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<Pair<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Pair<CodeReport>>,
    storage: Vec<SlotReport>,
}

#[derive(Serialize)]
struct Pair<T> {
    before: T,
    after: T,
}

#[derive(Serialize)]
struct SlotReport {
    key: String,
    before: String,
    after: String,
}

/// A contract, by its size and hash.
#[derive(Clone, Serialize)]
pub(super) struct CodeReport {
    size: usize,
    hash: String,
}

/// Gathers the changes of each account.
pub(super) fn by_account(before: &State, changes: &[(Address, Change)]) -> Vec<AccountReport> {
    let accounts = changes.chunk_by(|(one, _), (other, _)| one == other);
    let report = |account: &[(Address, Change)]| {
        let mut report = AccountReport { address: account[0].0.to_string(), ..AccountReport::default() };
        for (address, change) in account {
            report.add(change);
            // What it owned is not said by the change.
            if let (Change::Removed, Some(removed)) = (change, before.get(address)) {
                report.add(&Change::Balance { before: removed.balance, after: U256::zero() });
            }
        }
        report
    };
    accounts.map(report).collect()
}

impl AccountReport {
    fn add(&mut self, change: &Change) {
        match change {
            Change::Created => self.created = true,
            Change::Removed => self.removed = true,
            Change::Nonce { before, after } => self.nonce = Some(Pair { before: *before, after: *after }),
            Change::Balance { before, after } => {
                self.balance = Some(Pair { before: before.to_string(), after: after.to_string() });
            }
            Change::Code { before, after } => {
                self.code = Some(Pair { before: CodeReport::new(before), after: CodeReport::new(after) });
            }
            Change::Storage { key, before, after } => self.storage.push(SlotReport {
                key: key.to_string(),
                before: before.to_string(),
                after: after.to_string(),
            }),
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = self.address.clone();
        for (is, words) in [(self.created, "\n  new account"), (self.removed, "\n  removed")] {
            text += if is { words } else { "" };
        }
        if let Some(Pair { before, after }) = &self.balance {
            text += &format!("\n  balance {before} -> {after} wei");
        }
        if let Some(Pair { before, after }) = &self.nonce {
            text += &format!("\n  nonce {before} -> {after}");
        }
        if let Some(Pair { before, after }) = &self.code {
            text += &format!("\n  code {} -> {}", before.text(), after.text());
        }
        for SlotReport { key, before, after } in &self.storage {
            text += &format!("\n  storage 0x{}: 0x{} -> 0x{}", short(key), short(before), short(after));
        }
        text
    }
}

impl CodeReport {
    pub(super) fn new(code: &Code) -> Self {
        Self { size: code.len(), hash: code.hash().to_string() }
    }

    pub(super) fn text(&self) -> String {
        match self.size {
            0 => "none".to_owned(),
            size => format!("{} with hash {}", count(size, "byte"), self.hash),
        }
    }
}

/// 32 bytes in hex without the zeros before them, but for a last one.
fn short(word: &str) -> &str {
    let digits = word.strip_prefix("0x").unwrap_or(word);
    let mut rest = digits;
    while let Some(shorter) = rest.strip_prefix("00").filter(|shorter| !shorter.is_empty()) {
        rest = shorter;
    }
    rest
}

#[cfg(test)]
mod tests {
    use hebe_host_ei::Bytes32;

    use super::*;

    #[test]
    fn words_are_short() {
        assert_eq!(short(&Bytes32::ZERO.to_string()), "00");
        assert_eq!(short(&Bytes32::from(0x102).to_string()), "0102");
        assert_eq!(short("0x0100"), "0100");
    }
}
