//! Gas, the message, the transaction, the block, balances.

use crate::{Gas, Guest, Halt, Host};

use super::guest::to_u128;

/// How many blocks back a hash can be asked for (Yellow Paper, appendix H, BLOCKHASH).
const BLOCK_HASH_WINDOW: i64 = 256;

/// `useGas(i64)`: spends gas; a negative amount is out of range.
pub fn use_gas<H: Host>(g: &mut Guest<'_, H>, amount: i64) -> Result<(), Halt> {
    if amount < 0 {
        return Err(Halt::NegativeGas(amount));
    }
    g.charge(amount)
}

/// `getGasLeft() -> i64`: the gas left after this charge.
pub fn get_gas_left<H: Host>(g: &mut Guest<'_, H>) -> Result<Gas, Halt> {
    g.charge(g.frame.schedule.base)?;
    Ok(g.frame.gas.left())
}

/// `getAddress(result)`: writes the 20 bytes of the running account's address.
pub fn get_address<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    g.write(result, &g.frame.message.recipient.0.clone())
}

/// `getCaller(result)`: writes the 20 bytes of the sender's address.
pub fn get_caller<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    g.write(result, &g.frame.message.sender.0.clone())
}

/// `getCallValue(result)`: writes the message's value as a little-endian u128.
pub fn get_call_value<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    g.write_u128(result, g.frame.message.value)
}

/// `getExternalBalance(address, result)`: writes a balance as a little-endian u128.
pub fn get_external_balance<H: Host>(g: &mut Guest<'_, H>, address: i32, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.balance)?;
    let address = g.address(address)?;
    g.touch_account(&address, g.frame.schedule.cold_account)?;
    let balance = g.frame.host.get_balance(&address);
    g.write_u128(result, balance)
}

/// `getSelfBalance(result)`: writes the balance of the account that runs as a little-endian u128 (EIP-1884).
pub fn get_self_balance<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.self_balance)?;
    let balance = g.frame.own_balance();
    g.write_u128(result, balance)
}

/// `getBlockHash(number, result) -> i32`: writes the 32 bytes of a block's hash and returns 0, or
/// leaves memory alone and returns 1 if the block is not one of the last 256.
pub fn get_block_hash<H: Host>(g: &mut Guest<'_, H>, number: i64, result: i32) -> Result<i32, Halt> {
    g.charge(g.frame.schedule.block_hash)?;
    g.bytes(result, 32)?;
    let current = g.frame.tx_context().block_number;
    if number < 0 || number >= current || number < current.saturating_sub(BLOCK_HASH_WINDOW) {
        return Ok(1);
    }
    let hash = g.frame.host.get_block_hash(number);
    if hash.is_zero() {
        return Ok(1);
    }
    g.write(result, &hash.0).map(|()| 0)
}

/// `getBlockCoinbase(result)`: writes the 20 bytes of the block's beneficiary.
pub fn get_block_coinbase<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    let coinbase = g.frame.tx_context().coinbase;
    g.write(result, &coinbase.0)
}

/// `getBlockDifficulty(result)`: writes the block's difficulty as a little-endian u256.
pub fn get_block_difficulty<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    let difficulty = g.frame.tx_context().prev_randao;
    g.write_u256(result, difficulty)
}

/// `getPrevRandao(result)`: writes the RANDAO value of the block before as a little-endian u256 (EIP-4399).
pub fn get_prev_randao<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    get_block_difficulty(g, result)
}

/// `getChainId(result)`: writes the chain's identifier as a little-endian u256 (EIP-1344).
pub fn get_chain_id<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    let chain_id = g.frame.tx_context().chain_id;
    g.write_u256(result, chain_id)
}

/// `getBaseFee(result)`: writes the block's base fee in wei as a little-endian u256 (EIP-3198).
pub fn get_base_fee<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    let base_fee = g.frame.tx_context().base_fee;
    g.write_u256(result, base_fee)
}

/// `getBlobBaseFee(result)`: writes the block's base fee for blobs in wei as a little-endian u256 (EIP-7516).
pub fn get_blob_base_fee<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    let blob_base_fee = g.frame.tx_context().blob_base_fee;
    g.write_u256(result, blob_base_fee)
}

/// `getBlobHash(index, result) -> i32`: writes the 32 bytes of the versioned hash of a blob and returns 0, or leaves
/// memory alone and returns 1 if the transaction has no such blob (EIP-4844).
pub fn get_blob_hash<H: Host>(g: &mut Guest<'_, H>, index: i32, result: i32) -> Result<i32, Halt> {
    g.charge(g.frame.schedule.blob_hash)?;
    g.bytes(result, 32)?;
    match g.frame.tx_context().blob_hashes.get(index as u32 as usize).copied() {
        Some(hash) => g.write(result, &hash.0).map(|()| 0),
        None => Ok(1),
    }
}

/// `getBlockGasLimit() -> i64`.
pub fn get_block_gas_limit<H: Host>(g: &mut Guest<'_, H>) -> Result<i64, Halt> {
    g.charge(g.frame.schedule.base)?;
    Ok(g.frame.tx_context().block_gas_limit)
}

/// `getBlockNumber() -> i64`.
pub fn get_block_number<H: Host>(g: &mut Guest<'_, H>) -> Result<i64, Halt> {
    g.charge(g.frame.schedule.base)?;
    Ok(g.frame.tx_context().block_number)
}

/// `getBlockTimestamp() -> i64`: seconds since 1970.
pub fn get_block_timestamp<H: Host>(g: &mut Guest<'_, H>) -> Result<i64, Halt> {
    g.charge(g.frame.schedule.base)?;
    Ok(g.frame.tx_context().block_timestamp)
}

/// `getTxGasPrice(result)`: writes the transaction's gas price in wei as a little-endian u128.
pub fn get_tx_gas_price<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    let price = to_u128(g.frame.tx_context().gas_price)?;
    g.write(result, &price.to_le_bytes())
}

/// `getTxOrigin(result)`: writes the 20 bytes of the transaction's sender.
pub fn get_tx_origin<H: Host>(g: &mut Guest<'_, H>, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.base)?;
    let origin = g.frame.tx_context().origin;
    g.write(result, &origin.0)
}
