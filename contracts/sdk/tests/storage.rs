//! Where storage is: Solidity's documentation, "Layout of State Variables in Storage". Slots of arrays and mappings are hashes
//! that sha3's Keccak makes here of what the documentation says.

use hebe_sdk::{
    abi::FixedBytes,
    native::{self, address, ei},
    prelude::*,
};
use proptest::prelude::*;
use sha3::{Digest, Keccak256};

#[storage]
pub struct Layout {
    small: Value<u8>,                       // slot 0, the last byte
    negative: Value<i16>,                   // slot 0, the two before
    owner: Value<Address>,                  // slot 0, the 20 before
    first: Value<FixedBytes<8>>,            // slot 0, the 8 before; one byte is left
    pair: Value<u16>,                       // slot 1: does not fit
    whole: Value<U256>,                     // slot 2
    flag: Value<bool>,                      // slot 3
    map: Mapping<Address, U256>,            // slot 4
    nested: Mapping<u8, Mapping<i8, bool>>, // slot 5
    named: Mapping<&'static str, u64>,      // slot 6
    list: Array<U256>,                      // slot 7
    packed: Array<u16>,                     // slot 8
    text: Text,                             // slot 9
    lists: Mapping<U256, Array<i128>>,      // slot 10
    last: Value<bool>,                      // slot 11
}

fn slot(number: u64) -> [u8; 32] {
    U256::from(number).to_be_bytes()
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    Keccak256::digest(parts.concat()).into()
}

fn stored(slot: [u8; 32]) -> [u8; 32] {
    native::with(|world| {
        let account = world.host.accounts.get(&world.message.recipient);
        account.and_then(|account| account.storage.get(&ei::Bytes32(slot)).copied()).unwrap_or_default().0
    })
}

/// How many slots are not zero.
fn used() -> usize {
    native::with(|world| {
        world.host.accounts.get(&world.message.recipient).map_or(0, |account| account.storage.len())
    })
}

#[test]
fn values_share_a_slot_from_its_end() {
    let mut layout = Layout::at_storage();
    layout.small.set(&0x11);
    layout.negative.set(&-2);
    layout.owner.set(&Address([0xaa; 20]));
    layout.first.set(&FixedBytes([1, 2, 3, 4, 5, 6, 7, 8]));
    let mut expected = [0; 32];
    expected[31] = 0x11;
    expected[29..31].copy_from_slice(&[0xff, 0xfe]);
    expected[9..29].fill(0xaa);
    expected[1..9].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(stored(slot(0)), expected);
    assert_eq!(
        (layout.small.get(), layout.negative.get(), layout.owner.get(), layout.first.get()),
        (0x11, -2, Address([0xaa; 20]), FixedBytes([1, 2, 3, 4, 5, 6, 7, 8]))
    );
    layout.negative.clear();
    expected[29..31].fill(0);
    assert_eq!(stored(slot(0)), expected);
    layout.pair.set(&7);
    layout.whole.set(&U256::from(8_u8));
    layout.flag.set(&true);
    layout.last.set(&true);
    assert_eq!([1, 2, 3, 11].map(|number| stored(slot(number))), [7, 8, 1, 1].map(slot));
    assert_eq!(used(), 5);
}

#[test]
fn mappings_hash_the_key_before_the_slot() {
    let mut layout = Layout::at_storage();
    layout.map.set(&address(9), &U256::from(90_u8));
    assert_eq!(stored(hash(&[&slot(9), &slot(4)])), slot(90));
    layout.nested.at(&3).set(&-1, &true);
    assert_eq!(stored(hash(&[&[0xff; 32], &hash(&[&slot(3), &slot(5)])])), slot(1));
    // A text is not padded.
    layout.named.set(&"name", &17);
    assert_eq!(stored(hash(&[b"name", &slot(6)])), slot(17));
    layout.lists.at(&U256::from(2_u8)).push(&-5);
    let array = hash(&[&slot(2), &slot(10)]);
    assert_eq!(stored(array), slot(1));
    // 16 bytes of an item: the lower half of the first slot.
    let mut low = [0; 32];
    low[16..].fill(0xff);
    low[31] = 0xfb;
    assert_eq!(stored(hash(&[&array])), low);
    assert_eq!(layout.lists.at(&U256::from(2_u8)).get(0), -5);
    let mut entry = layout.map.entry(&address(9));
    entry.set(&(entry.get() + U256::ONE));
    assert_eq!(layout.map.get(&address(9)), U256::from(91_u8));
}

#[test]
fn arrays_are_at_the_hash_of_their_slot() {
    let mut layout = Layout::at_storage();
    let start = U256::from_be_bytes(hash(&[&slot(7)]));
    layout.list.push(&U256::from(5_u8));
    layout.list.push(&U256::from(6_u8));
    assert_eq!(stored(slot(7)), slot(2));
    assert_eq!(stored(start.to_be_bytes()), slot(5));
    assert_eq!(stored(start.wrapping_add(U256::ONE).to_be_bytes()), slot(6));
    assert_eq!(layout.list.pop(), U256::from(6_u8));
    assert_eq!((layout.list.len(), layout.list.get(0)), (1, U256::from(5_u8)));
    assert_eq!(stored(start.wrapping_add(U256::ONE).to_be_bytes()), slot(0));
    // 16 numbers of two bytes a slot.
    (1..=17).for_each(|number| layout.packed.push(&number));
    let start = U256::from_be_bytes(hash(&[&slot(8)]));
    let mut word = [0; 32];
    (1..=16).for_each(|number| word[32 - number * 2 + 1] = number as u8);
    assert_eq!(stored(start.to_be_bytes()), word);
    assert_eq!(stored(start.wrapping_add(U256::ONE).to_be_bytes()), slot(17));
    assert_eq!(layout.packed.get(16), 17);
}

/// `Panic` codes of Solidity's documentation, "Panic via assert and Error via require".
#[test]
fn what_is_not_in_an_array_is_a_panic() {
    let code = |act: fn(&mut Layout)| native::run(|| act(&mut Layout::at_storage())).unwrap_err()[35];
    assert_eq!(code(|layout| assert_eq!(layout.list.get(0), U256::ZERO)), 0x32);
    assert_eq!(code(|layout| layout.list.set(0, &U256::ONE)), 0x32);
    assert_eq!(code(|layout| assert_eq!(layout.list.pop(), U256::ZERO)), 0x31);
}

proptest! {
    /// Texts of all lengths, one after the other: up to 31 bytes beside twice their length, longer ones elsewhere; and nothing of the old is left.
    #[test]
    fn texts(values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 1..4)) {
        let mut layout = Layout::at_storage();
        for value in values {
            layout.text.set(&value);
            prop_assert_eq!(layout.text.bytes(), &value[..]);
            let mut head = [0; 32];
            if value.len() < 32 {
                head[..value.len()].copy_from_slice(&value);
                head[31] = value.len() as u8 * 2;
                prop_assert_eq!(stored(slot(9)), head);
                prop_assert_eq!(used(), usize::from(!value.is_empty()));
            } else {
                prop_assert_eq!(stored(slot(9)), slot(value.len() as u64 * 2 + 1));
                let start = U256::from_be_bytes(hash(&[&slot(9)]));
                for (index, part) in value.chunks(32).enumerate() {
                    let mut word = [0; 32];
                    word[..part.len()].copy_from_slice(part);
                    prop_assert_eq!(stored(start.wrapping_add((index as u64).into()).to_be_bytes()), word);
                }
                prop_assert!(used() <= 1 + value.len().div_ceil(32));
            }
        }
    }
}
