//! Values on their way across the edge, in both directions.

use std::{
    ffi::{CStr, c_char},
    ptr, slice,
};

use hebe_host_ei::{Address, Bytes32, Message, StatusCode, TxContext, U256};

use crate::abi;

/// An address for C.
pub(crate) fn address_out(address: &Address) -> abi::Address {
    abi::Address { bytes: address.0 }
}

/// An address from C.
pub(crate) fn address_in(address: &abi::Address) -> Address {
    Address(address.bytes)
}

/// A word for C.
pub(crate) fn word_out(word: &Bytes32) -> abi::Bytes32 {
    abi::Bytes32 { bytes: word.0 }
}

/// A word from C.
pub(crate) fn word_in(word: &abi::Bytes32) -> Bytes32 {
    Bytes32(word.bytes)
}

/// A number for C, big-endian.
pub(crate) fn number_out(number: U256) -> abi::Bytes32 {
    abi::Bytes32 { bytes: number.to_big_endian() }
}

/// A number from C, big-endian.
pub(crate) fn number_in(number: &abi::Bytes32) -> U256 {
    U256::from_big_endian(&number.bytes)
}

/// Bytes for C. There is no pointer where there are no bytes.
pub(crate) fn pointer<T>(items: &[T]) -> *const T {
    if items.is_empty() { ptr::null() } else { items.as_ptr() }
}

/// Items from C. Without items the pointer is not looked at; `None` if there cannot be so many there.
///
/// # Safety
/// A pointer that is not null points to `count` items that nobody changes during `'a`, unless that
/// many are more than an address space holds.
pub(crate) unsafe fn items<'a, T>(data: *const T, count: usize) -> Option<&'a [T]> {
    if count == 0 {
        return Some(&[]);
    }
    let possible = count.checked_mul(size_of::<T>()).is_some_and(|bytes| isize::try_from(bytes).is_ok());
    if data.is_null() || !possible {
        return None;
    }
    // SAFETY: not null, not too large, and the caller promises the rest.
    Some(unsafe { slice::from_raw_parts(data, count) })
}

/// As [`items`], for bytes to write to.
///
/// # Safety
/// As for [`items`], and nobody else uses the bytes during `'a`.
pub(crate) unsafe fn items_mut<'a>(data: *mut u8, count: usize) -> Option<&'a mut [u8]> {
    if count == 0 {
        return Some(&mut []);
    }
    if data.is_null() || isize::try_from(count).is_err() {
        return None;
    }
    // SAFETY: not null, not too large, and the caller promises the rest.
    Some(unsafe { slice::from_raw_parts_mut(data, count) })
}

/// A string from C; `None` if it is null.
///
/// # Safety
/// A pointer that is not null points to a string that ends with a NUL and stays as it is during `'a`.
pub(crate) unsafe fn text<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: not null, and the caller promises the rest.
    if text.is_null() { None } else { Some(unsafe { CStr::from_ptr(text) }) }
}

/// A message for C. It points to the input of `message` and is good as long as that lives.
pub(crate) fn message_out(message: &Message) -> abi::Message {
    let flag = |is_set, flag| if is_set { flag } else { 0 };
    abi::Message {
        kind: message.kind as i32,
        flags: flag(message.is_static, abi::FLAG_STATIC) | flag(message.is_delegated, abi::FLAG_DELEGATED),
        depth: message.depth,
        gas: message.gas,
        recipient: address_out(&message.recipient),
        sender: address_out(&message.sender),
        input_data: pointer(&message.input),
        input_size: message.input.len(),
        value: number_out(message.value),
        create2_salt: word_out(&message.create2_salt),
        code_address: address_out(&message.code_address),
        code: ptr::null(),
        code_size: 0,
    }
}

/// A copy of bytes whose number somebody else decides; `None` without memory for them.
pub(crate) fn copy(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).ok()?;
    copy.extend_from_slice(bytes);
    Some(copy)
}

/// A transaction for C. It points to `blob_hashes`, which are those of `context`.
pub(crate) fn tx_context_out(context: &TxContext, blob_hashes: &[abi::Bytes32]) -> abi::TxContext {
    abi::TxContext {
        tx_gas_price: number_out(context.gas_price),
        tx_origin: address_out(&context.origin),
        block_coinbase: address_out(&context.coinbase),
        block_number: context.block_number,
        block_timestamp: context.block_timestamp,
        block_gas_limit: context.block_gas_limit,
        block_prev_randao: number_out(context.prev_randao),
        chain_id: number_out(context.chain_id),
        block_base_fee: number_out(context.base_fee),
        blob_base_fee: number_out(context.blob_base_fee),
        blob_hashes: pointer(blob_hashes),
        blob_hashes_count: blob_hashes.len(),
        initcodes: ptr::null(),
        initcodes_count: 0,
    }
}

/// A transaction from C; `None` if its blob hashes are not there.
///
/// # Safety
/// The blob hashes are as [`items`] wants them, for the time of this call.
pub(crate) unsafe fn tx_context_in(context: &abi::TxContext) -> Option<TxContext> {
    // SAFETY: the caller's promise.
    let blob_hashes = unsafe { items(context.blob_hashes, context.blob_hashes_count) }?;
    Some(TxContext {
        gas_price: number_in(&context.tx_gas_price),
        origin: address_in(&context.tx_origin),
        coinbase: address_in(&context.block_coinbase),
        block_number: context.block_number,
        block_timestamp: context.block_timestamp,
        block_gas_limit: context.block_gas_limit,
        prev_randao: number_in(&context.block_prev_randao),
        chain_id: number_in(&context.chain_id),
        base_fee: number_in(&context.block_base_fee),
        blob_base_fee: number_in(&context.blob_base_fee),
        blob_hashes: blob_hashes.iter().map(word_in).collect(),
    })
}

/// A status from C. One that EVMC 12 does not know is a failure: of the node if it is negative, of
/// the contract if it is positive.
pub(crate) fn status_in(code: i32) -> StatusCode {
    let unknown = if code < 0 { StatusCode::InternalError } else { StatusCode::Failure };
    StatusCode::from_i32(code).unwrap_or(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_status_is_a_failure_on_its_side_of_zero() {
        for status in StatusCode::ALL {
            assert_eq!(status_in(*status as i32), *status);
        }
        assert_eq!(status_in(18), StatusCode::Failure);
        assert_eq!(status_in(i32::MAX), StatusCode::Failure);
        assert_eq!(status_in(-4), StatusCode::InternalError);
        assert_eq!(status_in(i32::MIN), StatusCode::InternalError);
    }

    /// Source: `evmc.h` of EVMC 12: `evmc_uint256be`, `enum evmc_flags`.
    #[test]
    fn numbers_and_flags_are_evmcs() {
        let number = U256::from(0x0102_0304) << 128;
        let bytes = number_out(number).bytes;
        assert_eq!((&bytes[12..16], number_in(&abi::Bytes32 { bytes })), (&[1, 2, 3, 4][..], number));
        let flags = |is_static, is_delegated| {
            message_out(&Message { is_static, is_delegated, ..Message::default() }).flags
        };
        assert_eq!([flags(false, false), flags(true, false), flags(false, true)], [0, 1, 2]);
    }

    #[test]
    fn impossible_items_are_none() {
        // SAFETY: the pointers are null, or the count is too large for any address space.
        let items = |data: *const u64, count| unsafe { items(data, count) };
        let one = ptr::from_ref(&7_u64);
        assert_eq!(items(ptr::null(), 0), Some(&[][..]));
        assert_eq!(items(one, 0), Some(&[][..]));
        assert_eq!(items(one, 1), Some(&[7][..]));
        assert_eq!(items(ptr::null(), 1), None);
        assert_eq!(items(one, usize::MAX), None);
        assert_eq!(items(one, isize::MAX as usize / 8 + 1), None);
    }
}
