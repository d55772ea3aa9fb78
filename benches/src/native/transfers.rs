//! `contracts/transfers`, on the same host.

use hebe_host_ei::{Address, Bytes32, Host, mock::MockHost};

use crate::support::{CODE, SENDER, slot};

/// What a transfer logs: `Transfer(address,address,uint256)`.
pub const TRANSFER: Bytes32 = Bytes32([
    0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa, 0x95,
    0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
]);

/// Pairs of a receiver and a value, 32 bytes each. Gives the sender's balance afterwards.
///
/// # Panics
/// Where the contract reverts.
pub fn transfers(input: &[u8], host: &mut MockHost) -> Vec<u8> {
    let from = slot(SENDER);
    for pair in input.chunks_exact(64) {
        let (to, value) = pair.split_at(32);
        assert_eq!(to[..12], [0; 12], "an address");
        let to = slot(Address(to[12..].try_into().expect("20 bytes")));
        let value = Bytes32(value.try_into().expect("32 bytes"));

        let balance = subtract(host.get_storage(&CODE, &from), &value);
        host.set_storage(&CODE, &from, &balance);
        let balance = add(host.get_storage(&CODE, &to), &value);
        host.set_storage(&CODE, &to, &balance);
        host.emit_log(&CODE, &value.0, &[TRANSFER, from, to]);
    }
    host.get_storage(&CODE, &from).0.to_vec()
}

fn add(mut to: Bytes32, by: &Bytes32) -> Bytes32 {
    let mut carry = 0;
    for (byte, by) in to.0.iter_mut().zip(by.0).rev() {
        carry += u32::from(*byte) + u32::from(by);
        *byte = carry as u8;
        carry >>= 8;
    }
    assert_eq!(carry, 0, "a sum that fits");
    to
}

fn subtract(mut from: Bytes32, by: &Bytes32) -> Bytes32 {
    let mut borrow = 0;
    for (byte, by) in from.0.iter_mut().zip(by.0).rev() {
        let difference = u32::from(*byte).wrapping_sub(u32::from(by)).wrapping_sub(borrow);
        *byte = difference as u8;
        borrow = difference >> 31;
    }
    assert_eq!(borrow, 0, "a balance that suffices");
    from
}

#[cfg(test)]
mod tests {
    use sha3::{Digest, Keccak256};

    use super::*;
    use crate::support::token_host;

    /// By hand: 0x7f7f… less 0x80 borrows once, less 0x0100 does not: it ends in 7d ff.
    #[test]
    fn two_transfers() {
        let pair = |value: [u8; 2]| [&[0; 12][..], &[0xbb; 20], &[0; 30], &value].concat();
        let mut host = token_host();
        let left = transfers(&[pair([0, 0x80]), pair([1, 0])].concat(), &mut host);
        assert_eq!(left, [&[0x7f; 30][..], &[0x7d, 0xff]].concat());
        assert_eq!(host.get_storage(&CODE, &slot(Address([0xbb; 20]))), Bytes32::from(0x180));
        assert_eq!(host.logs.len(), 2);
        assert_eq!(TRANSFER.0, *Keccak256::digest(b"Transfer(address,address,uint256)"));
    }
}
