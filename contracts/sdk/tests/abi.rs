//! The ABI against alloy's.

use std::fmt::Debug;

use alloy_dyn_abi::{DynSolType, DynSolValue};
use hebe_sdk::{
    Address, Bytes32, U256,
    abi::{self, Abi, Bytes, Decode, Encode, FixedBytes},
    native,
};
use proptest::prelude::*;

/// A type that both know.
trait Both: Encode + Decode + Clone + Debug + PartialEq {
    fn theirs(&self) -> DynSolValue;
}

impl Both for U256 {
    fn theirs(&self) -> DynSolValue {
        DynSolValue::Uint(ruint::Uint::from_limbs(*self.limbs()), 256)
    }
}

impl Both for Address {
    fn theirs(&self) -> DynSolValue {
        DynSolValue::Address(self.0.into())
    }
}

impl Both for Bytes32 {
    fn theirs(&self) -> DynSolValue {
        DynSolValue::FixedBytes(self.0.into(), 32)
    }
}

impl Both for FixedBytes<5> {
    fn theirs(&self) -> DynSolValue {
        let mut word = [0; 32];
        word[..5].copy_from_slice(&self.0);
        DynSolValue::FixedBytes(word.into(), 5)
    }
}

impl Both for bool {
    fn theirs(&self) -> DynSolValue {
        DynSolValue::Bool(*self)
    }
}

macro_rules! numbers {
    ($kind:ident: $($number:ty)*) => { $(
        impl Both for $number {
            fn theirs(&self) -> DynSolValue {
                DynSolValue::$kind((*self).try_into().unwrap(), <$number>::BITS as usize)
            }
        }
    )* };
}

numbers!(Uint: u8 u16 u32 u64 u128);
numbers!(Int: i8 i16 i32 i64 i128);

impl Both for Bytes {
    fn theirs(&self) -> DynSolValue {
        DynSolValue::Bytes(self.0.clone())
    }
}

impl Both for String {
    fn theirs(&self) -> DynSolValue {
        DynSolValue::String(self.clone())
    }
}

impl<T: Both> Both for Vec<T> {
    fn theirs(&self) -> DynSolValue {
        DynSolValue::Array(self.iter().map(T::theirs).collect())
    }
}

impl<T: Both, const N: usize> Both for [T; N] {
    fn theirs(&self) -> DynSolValue {
        DynSolValue::FixedArray(self.iter().map(T::theirs).collect())
    }
}

/// What decoding gives, none if it ends the call.
fn decoded<T: abi::Results>(data: &[u8]) -> Option<T> {
    let mut value = None;
    let end = native::run(|| value = Some(abi::decode(data)));
    assert!(end == Ok(Vec::new()) || end == Err(Vec::new()), "a refusal says nothing");
    value
}

/// The same bytes as alloy's, behind a selector as well, and back; shorter data is refused.
fn agree<T: Both>(value: &T) -> Result<(), TestCaseError> {
    let expected = DynSolValue::Tuple(vec![value.theirs()]).abi_encode_params();
    prop_assert_eq!(abi::encode(value), &expected[..]);
    let call = abi::encode_call([1, 2, 3, 4], value);
    prop_assert_eq!(call, [&[1, 2, 3, 4], &expected[..]].concat());
    prop_assert_eq!(decoded::<T>(&expected), Some(value.clone()));
    let behind = [&expected[..], &[7; 33]].concat();
    prop_assert_eq!(decoded::<T>(&behind), Some(value.clone()));
    // The last word of bytes may end with the bytes.
    for length in 0..expected.len().saturating_sub(31) {
        prop_assert!(decoded::<T>(&expected[..length]).is_none(), "{} of {} bytes", length, expected.len());
    }
    Ok(())
}

fn address() -> impl Strategy<Value = Address> {
    any::<[u8; 20]>().prop_map(Address)
}

fn number() -> impl Strategy<Value = U256> {
    any::<[u64; 4]>().prop_map(U256::from_limbs)
}

fn bytes() -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), 0..70).prop_map(Bytes)
}

fn list<T: Debug>(item: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(item, 0..4)
}

macro_rules! agree {
    ($($name:ident: $strategy:expr;)*) => { proptest! { $(
        #[test]
        fn $name(value in $strategy) {
            agree(&value)?;
        }
    )* } };
}

agree! {
    uint256: number();
    addresses: address();
    bytes32: any::<[u8; 32]>().prop_map(Bytes32);
    bytes5: any::<[u8; 5]>().prop_map(FixedBytes);
    bools: any::<bool>();
    uint8: any::<u8>();
    uint16: any::<u16>();
    uint32: any::<u32>();
    uint64: any::<u64>();
    uint128: any::<u128>();
    int8: any::<i8>();
    int16: any::<i16>();
    int32: any::<i32>();
    int64: any::<i64>();
    int128: any::<i128>();
    strings: ".{0,40}";
    byte_strings: bytes();
    arrays: list(number());
    arrays_of_strings: list(".{0,40}");
    arrays_of_arrays: list(list(address()));
    arrays_of_arrays_of_bytes: list(list(bytes()));
    fixed_arrays: any::<[u32; 3]>();
    fixed_arrays_of_strings: prop::array::uniform2(".{0,40}");
    fixed_arrays_of_fixed_arrays: any::<[[i8; 2]; 3]>();
    arrays_of_fixed_arrays: list(any::<[bool; 2]>());
    fixed_arrays_of_arrays: prop::array::uniform3(list(any::<u8>()));
}

type Many = (String, u8, Vec<String>, Address, [Bytes; 2], [u16; 2], U256, Vec<U256>);

proptest! {
    /// Eight values side by side, of all kinds.
    #[test]
    fn many(
        a in ".{0,40}", b in any::<u8>(), c in list(".{0,40}"), d in address(),
        e in prop::array::uniform2(bytes()), f in any::<[u16; 2]>(), g in number(), h in list(number()),
    ) {
        let theirs = vec![
            a.theirs(), b.theirs(), c.theirs(), d.theirs(), e.theirs(), f.theirs(), g.theirs(), h.theirs(),
        ];
        let expected = DynSolValue::Tuple(theirs).abi_encode_params();
        let values: Many = (a, b, c, d, e, f, g, h);
        prop_assert_eq!(abi::encode(&values), &expected[..]);
        prop_assert_eq!(decoded::<Many>(&expected), Some(values));
    }

    /// Any bytes: decoded as alloy does, or refused. alloy is asked about the same bytes; what it takes, it takes with the same values.
    #[test]
    fn any_bytes(words in prop::collection::vec(prop_oneof![
        3 => (0_u64..8).prop_map(|number| U256::from(number * 32)),
        3 => (0_u64..70).prop_map(U256::from),
        1 => number(),
    ], 0..12), cut in 0_usize..32) {
        let mut data: Vec<u8> = words.iter().flat_map(U256::to_be_bytes).collect();
        data.truncate(data.len().saturating_sub(cut));
        like_theirs::<Vec<String>>(&data)?;
        like_theirs::<Bytes>(&data)?;
        like_theirs::<Vec<u8>>(&data)?;
        like_theirs::<[Vec<bool>; 2]>(&data)?;
    }
}

/// Whatever is decoded is what alloy decodes. The other way round alloy takes more: it drops bits beyond a type.
fn like_theirs<T: Both>(data: &[u8]) -> Result<(), TestCaseError> {
    if let Some(value) = decoded::<T>(data) {
        let kind: DynSolType = format!("({})", name::<T>()).parse().unwrap();
        let theirs = kind.abi_decode_params(data);
        prop_assert_eq!(theirs.ok(), Some(DynSolValue::Tuple(vec![value.theirs()])));
    }
    Ok(())
}

fn name<T: Abi>() -> String {
    String::from_utf8(T::NAME.as_bytes().to_vec()).unwrap()
}

/// Names by the ABI's specification, "Types".
#[test]
fn names() {
    assert_eq!(name::<U256>(), "uint256");
    assert_eq!(name::<FixedBytes<5>>(), "bytes5");
    assert_eq!(name::<Vec<[Address; 3]>>(), "address[3][]");
    assert_eq!(name::<[Vec<String>; 12]>(), "string[][12]");
}

/// Values beyond their type, which Solidity's decoder reverts on since 0.5 (its documentation, "ABI coder v2").
#[test]
fn a_value_beyond_its_type_is_refused() {
    let mut word = [0; 32];
    word[31] = 2;
    assert_eq!(decoded::<bool>(&word), None);
    assert_eq!(decoded::<u8>(&word), Some(2));
    word[30] = 1;
    assert_eq!(decoded::<u8>(&word), None);
    assert_eq!(decoded::<u16>(&word), Some(0x102));
    word[11] = 1;
    assert_eq!(decoded::<Address>(&word), None);
    // 255 is not a negative byte: that has all bits above set.
    let mut word = [0; 32];
    word[31] = 0xff;
    assert_eq!(decoded::<i8>(&word), None);
    assert_eq!(decoded::<i8>(&[0xff; 32]), Some(-1));
    let mut word = [0; 32];
    word[5] = 1;
    assert_eq!(decoded::<FixedBytes<5>>(&word), None);
}

/// An offset, a length or a number of items that leads out of the data, however large.
#[test]
fn a_place_beyond_the_data_is_refused() {
    let words = |words: &[U256]| -> Vec<u8> { words.iter().flat_map(U256::to_be_bytes).collect() };
    let small = |number: u64| U256::from(number);
    for far in [small(64), small(u64::from(u32::MAX)), small(1 << 32), U256::MAX, small((1 << 32) + 32)] {
        assert_eq!(decoded::<Bytes>(&words(&[far, small(0)])), None);
        assert_eq!(decoded::<Bytes>(&words(&[small(32), far, small(0)])), None);
        assert_eq!(decoded::<Vec<U256>>(&words(&[small(32), far, small(0)])), None);
        assert_eq!(decoded::<Vec<Vec<u8>>>(&words(&[small(32), small(1), far])), None);
    }
    // Text that is not UTF-8.
    let mut data = words(&[small(32), small(1), small(0)]);
    data[64] = 0xff;
    assert_eq!(decoded::<String>(&data), None);
    assert_eq!(decoded::<Bytes>(&data), Some(Bytes(vec![0xff])));
}
