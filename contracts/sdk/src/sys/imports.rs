//! On the chain.

use core::{mem::MaybeUninit, ptr};

use super::Kind;
use crate::{Address, Bytes32, U256, abi::Data, memory, revert::refuse};

#[path = "../../../bindings/ethereum.rs"]
#[allow(missing_docs, unreachable_pub, clippy::all)]
#[rustfmt::skip]
mod ethereum;

use ethereum as e;

/// What a host function writes. `T` is laid out as the `U` that the function knows.
fn written<T, U>(write: impl FnOnce(*mut U)) -> T {
    const { assert!(size_of::<T>() == size_of::<U>()) }
    let mut value = MaybeUninit::<T>::uninit();
    write(value.as_mut_ptr().cast());
    // SAFETY: the function has written all of it, and any bits are a value of the types here, which are made of integers.
    unsafe { value.assume_init() }
}

fn address(address: &Address) -> *const e::Address {
    ptr::from_ref(address).cast()
}

fn bytes32(bytes: &[u8; 32]) -> *const e::Bytes32 {
    bytes.as_ptr().cast()
}

fn wide(value: e::U128) -> U256 {
    U256::from_limbs([value.0[0], value.0[1], 0, 0])
}

/// Ether is 128 bits in this interface: more than there can be is a revert.
fn narrow(value: &U256) -> e::U128 {
    let [a, b, 0, 0] = *value.limbs() else { refuse() };
    e::U128([a, b])
}

// SAFETY, of all blocks here: the imports read and write exactly the memory that their pointers and lengths name, which lives
// throughout the call; whatever they write is a valid value of its type, which is made of integers.

pub(crate) fn gas_left() -> u64 {
    unsafe { e::get_gas_left() as u64 }
}

pub(crate) fn this() -> Address {
    written(|to| unsafe { e::get_address(to) })
}

pub(crate) fn sender() -> Address {
    written(|to| unsafe { e::get_caller(to) })
}

pub(crate) fn origin() -> Address {
    written(|to| unsafe { e::get_tx_origin(to) })
}

pub(crate) fn value() -> U256 {
    wide(written(|to| unsafe { e::get_call_value(to) }))
}

pub(crate) fn gas_price() -> U256 {
    wide(written(|to| unsafe { e::get_tx_gas_price(to) }))
}

pub(crate) fn balance(of: &Address) -> U256 {
    wide(written(|to| unsafe { e::get_external_balance(address(of), to) }))
}

pub(crate) fn input() -> Data {
    let size = unsafe { e::get_call_data_size() };
    let input = memory::zeros(size as usize);
    unsafe { e::call_data_copy(input.as_mut_ptr(), 0, size) };
    input
}

pub(crate) fn use_gas(amount: u64) {
    unsafe { e::use_gas(amount.min(u64::MAX >> 1) as i64) }
}

/// The code that runs, from `offset` on.
pub(crate) fn code(offset: u32, length: u32) -> Data {
    let code = memory::zeros(length as usize);
    unsafe { e::code_copy(code.as_mut_ptr(), offset, length) };
    code
}

pub(crate) fn code_size() -> u32 {
    unsafe { e::get_code_size() }
}

pub(crate) fn external_code(of: &Address, offset: u32, length: u32) -> Data {
    let code = memory::zeros(length as usize);
    unsafe { e::external_code_copy(address(of), code.as_mut_ptr(), offset, length) };
    code
}

pub(crate) fn external_code_size(of: &Address) -> u32 {
    unsafe { e::get_external_code_size(address(of)) }
}

pub(crate) fn load(key: &[u8; 32]) -> [u8; 32] {
    written(|to| unsafe { e::storage_load(bytes32(key), to) })
}

pub(crate) fn store(key: &[u8; 32], value: &[u8; 32]) {
    unsafe { e::storage_store(bytes32(key), bytes32(value)) }
}

pub(crate) fn log(data: &[u8], topics: &[[u8; 32]]) {
    let topic = |index: usize| topics.get(index).map_or(ptr::null(), |topic| bytes32(topic));
    let count = topics.len() as u32;
    unsafe { e::log(data.as_ptr(), data.len() as u32, count, topic(0), topic(1), topic(2), topic(3)) }
}

pub(crate) fn finish(output: &[u8]) -> ! {
    unsafe { e::finish(output.as_ptr(), output.len() as u32) }
}

pub(crate) fn revert(output: &[u8]) -> ! {
    unsafe { e::revert(output.as_ptr(), output.len() as u32) }
}

pub(crate) fn call(kind: Kind, gas: u64, to: &Address, value: &U256, input: &[u8]) -> Result<Data, Data> {
    let (gas, to, data, length) = (gas as i64, address(to), input.as_ptr(), input.len() as u32);
    let status = match kind {
        Kind::Call => unsafe { e::call(gas, to, &narrow(value), data, length) },
        Kind::Static => unsafe { e::call_static(gas, to, data, length) },
        Kind::Delegate => unsafe { e::call_delegate(gas, to, data, length) },
    };
    match status {
        0 => Ok(return_data()),
        _ => Err(return_data()),
    }
}

pub(crate) fn create(value: &U256, code: &[u8]) -> Result<Address, Data> {
    let mut created = e::Address::default();
    match unsafe { e::create(&narrow(value), code.as_ptr(), code.len() as u32, &mut created) } {
        0 => Ok(Address(created.0)),
        _ => Err(return_data()),
    }
}

fn return_data() -> Data {
    let size = unsafe { e::get_return_data_size() };
    let data = memory::zeros(size as usize);
    unsafe { e::return_data_copy(data.as_mut_ptr(), 0, size) };
    data
}

pub(crate) fn self_destruct(beneficiary: &Address) -> ! {
    unsafe { e::self_destruct(address(beneficiary)) }
}

pub(crate) fn block_number() -> u64 {
    unsafe { e::get_block_number() as u64 }
}

pub(crate) fn block_timestamp() -> u64 {
    unsafe { e::get_block_timestamp() as u64 }
}

pub(crate) fn block_gas_limit() -> u64 {
    unsafe { e::get_block_gas_limit() as u64 }
}

pub(crate) fn block_coinbase() -> Address {
    written(|to| unsafe { e::get_block_coinbase(to) })
}

pub(crate) fn block_difficulty() -> U256 {
    written(|to| unsafe { e::get_block_difficulty(to) })
}

pub(crate) fn block_hash(number: u64) -> Option<Bytes32> {
    let mut hash = e::Bytes32::default();
    (unsafe { e::get_block_hash(number as i64, &mut hash) } == 0).then_some(Bytes32(hash.0))
}

#[cfg(feature = "extensions")]
pub(crate) use extensions::*;

#[cfg(feature = "extensions")]
mod extensions {
    use super::*;

    pub(crate) fn create2(value: &U256, code: &[u8], salt: &Bytes32) -> Result<Address, Data> {
        let (value, length, salt) = (narrow(value), code.len() as u32, bytes32(&salt.0));
        let mut created = e::Address::default();
        match unsafe { e::create2(&value, code.as_ptr(), length, salt, &mut created) } {
            0 => Ok(Address(created.0)),
            _ => Err(return_data()),
        }
    }

    pub(crate) fn code_hash(of: &Address) -> Bytes32 {
        written(|to| unsafe { e::get_external_code_hash(address(of), to) })
    }

    pub(crate) fn chain_id() -> U256 {
        written(|to| unsafe { e::get_chain_id(to) })
    }

    pub(crate) fn self_balance() -> U256 {
        wide(written(|to| unsafe { e::get_self_balance(to) }))
    }

    pub(crate) fn base_fee() -> U256 {
        written(|to| unsafe { e::get_base_fee(to) })
    }

    pub(crate) fn prev_randao() -> U256 {
        written(|to| unsafe { e::get_prev_randao(to) })
    }

    pub(crate) fn blob_hash(index: u32) -> Option<Bytes32> {
        let mut hash = e::Bytes32::default();
        (unsafe { e::get_blob_hash(index, &mut hash) } == 0).then_some(Bytes32(hash.0))
    }

    pub(crate) fn blob_base_fee() -> U256 {
        written(|to| unsafe { e::get_blob_base_fee(to) })
    }

    pub(crate) fn transient_load(key: &[u8; 32]) -> [u8; 32] {
        written(|to| unsafe { e::transient_load(bytes32(key), to) })
    }

    pub(crate) fn transient_store(key: &[u8; 32], value: &[u8; 32]) {
        unsafe { e::transient_store(bytes32(key), bytes32(value)) }
    }

    pub(crate) fn keccak256(data: &[u8], hash: &mut [u8; 32]) {
        unsafe { e::keccak256(data.as_ptr(), data.len() as u32, hash.as_mut_ptr().cast()) }
    }

    fn limbs(number: &U256) -> *const e::U256 {
        ptr::from_ref(number.limbs()).cast()
    }

    macro_rules! functions {
        ($($name:ident = $import:ident($($operand:ident),*);)*) => { $(
            pub(crate) fn $name($($operand: &U256),*) -> U256 {
                written(|to| unsafe { e::$import($(limbs($operand),)* to) })
            }
        )* };
    }

    functions! {
        add = u256_add(a, b);
        sub = u256_sub(a, b);
        mul = u256_mul(a, b);
        div = u256_div(a, b);
        signed_div = u256_sdiv(a, b);
        rem = u256_mod(a, b);
        signed_rem = u256_smod(a, b);
        add_mod = u256_add_mod(a, b, modulus);
        mul_mod = u256_mul_mod(a, b, modulus);
        pow = u256_exp(base, exponent);
        sign_extend = u256_sign_extend(index, a);
        byte = u256_byte(index, a);
        shl = u256_shl(bits, a);
        shr = u256_shr(bits, a);
        signed_shr = u256_sar(bits, a);
    }

    pub(crate) fn lt(a: &U256, b: &U256) -> bool {
        unsafe { e::u256_lt(limbs(a), limbs(b)) != 0 }
    }

    pub(crate) fn signed_lt(a: &U256, b: &U256) -> bool {
        unsafe { e::u256_slt(limbs(a), limbs(b)) != 0 }
    }

    pub(crate) fn leading_zeros(a: &U256) -> u32 {
        unsafe { e::u256_clz(limbs(a)) }
    }
}
