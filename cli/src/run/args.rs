//! The arguments of `hebe run`.

use clap::Args;
use hebe_host_ei::{Address, Bytes32, Revision, U256};
use hebe_state::Block;

use crate::{
    values::{self, AccountSpec},
    vms::VmArgs,
};

/// By this name, clap does not take it for many values.
type OneValue = Vec<u8>;

#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// The contract: a file with wasm, WAT or hex; `-` for standard input; or hex itself, after 0x
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    /// Call data
    #[arg(long, value_name = "HEX", default_value = "", hide_default_value = true, value_parser = values::bytes)]
    pub(crate) input: OneValue,
    /// Gas that the call may use
    #[arg(long, allow_hyphen_values = true, value_name = "N", default_value = "10000000", value_parser = values::gas)]
    pub(crate) gas: i64,
    /// Ethereum revision, by name or EVMC's number
    #[arg(long, value_name = "NAME", default_value = values::DEFAULT_REVISION)]
    pub(crate) rev: Revision,
    /// Value sent with the call, in wei
    #[arg(long, allow_hyphen_values = true, value_name = "WEI", default_value = "0", value_parser = values::amount)]
    pub(crate) value: U256,
    /// Who calls
    #[arg(long, value_name = "ADDRESS", default_value = "0x00000000000000000000000000000000000a11ce")]
    pub(crate) sender: Address,
    /// The account whose code CODE is
    #[arg(long, value_name = "ADDRESS", default_value = "0x000000000000000000000000000000000000c0de")]
    pub(crate) code_address: Address,
    /// A storage slot of that account, in decimal or 0x hex (repeatable)
    #[arg(long, value_name = "KEY=VALUE", value_parser = values::slot)]
    pub(crate) storage: Vec<(Bytes32, Bytes32)>,
    /// Balance of that account, in wei
    #[arg(long, allow_hyphen_values = true, value_name = "WEI", value_parser = values::amount)]
    pub(crate) balance: Option<U256>,
    /// Run CODE as init code and deploy what it returns
    #[arg(long, conflicts_with_all = ["input", "code_address", "storage", "balance", "static"])]
    pub(crate) create: bool,
    /// Allow no change of state (EIP-214)
    #[arg(long)]
    pub(crate) r#static: bool,
    /// Another account with the code in FILE (repeatable)
    #[arg(long = "account", value_name = "ADDRESS=FILE[,balance=WEI]", value_parser = values::account)]
    pub(crate) accounts: Vec<AccountSpec>,
    #[command(flatten)]
    pub(crate) vm: VmArgs,
    /// Answer with one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten, next_help_heading = "Block")]
    pub(crate) block: BlockArgs,
}

#[derive(Args, Debug)]
pub(crate) struct BlockArgs {
    /// Number of the block
    #[arg(long, allow_hyphen_values = true, value_name = "N", default_value = "1", value_parser = values::number)]
    block_number: u64,
    /// Seconds since 1970
    #[arg(long, allow_hyphen_values = true, value_name = "N", default_value = "0", value_parser = values::number)]
    block_timestamp: u64,
    /// Gas limit of the block
    #[arg(long, allow_hyphen_values = true, value_name = "N", default_value = "30000000", value_parser = values::number)]
    block_gas_limit: u64,
    /// Beneficiary of the block
    #[arg(long, value_name = "ADDRESS", default_value = "0x0000000000000000000000000000000000000000")]
    block_coinbase: Address,
    /// Difficulty, before Paris
    #[arg(long, allow_hyphen_values = true, value_name = "N", default_value = "0", value_parser = values::amount)]
    block_difficulty: U256,
    /// RANDAO value, from Paris on
    #[arg(long, allow_hyphen_values = true, value_name = "WORD", default_value = "0", value_parser = values::word)]
    block_prev_randao: Bytes32,
    /// Base fee in wei, from London on
    #[arg(long, allow_hyphen_values = true, value_name = "WEI", default_value = "0", value_parser = values::number)]
    block_base_fee: u64,
    /// Chain identifier
    #[arg(long, allow_hyphen_values = true, value_name = "N", default_value = "1", value_parser = values::number)]
    pub(crate) chain_id: u64,
}

impl BlockArgs {
    pub(crate) fn to_block(&self) -> Block {
        Block {
            number: self.block_number,
            timestamp: self.block_timestamp,
            gas_limit: self.block_gas_limit,
            coinbase: self.block_coinbase,
            difficulty: self.block_difficulty,
            prev_randao: self.block_prev_randao,
            base_fee: self.block_base_fee,
            ..Block::default()
        }
    }
}
