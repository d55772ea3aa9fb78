//! Tests without a chain: `cargo test`.

use hebe_sdk::{
    U256,
    native::{self, address},
};
use token::{Error, Token};

#[test]
fn a_transfer_moves_value_and_says_so() {
    let (alice, bob) = (address(1), address(2));
    native::set_sender(alice);
    let mut token = Token::at_storage();
    token.new(1_000_u64.into());
    assert_eq!(token.transfer(bob, 300_u64.into()), Ok(true));
    assert_eq!(token.balance_of(alice), 700_u64.into());
    assert_eq!(token.balance_of(bob), 300_u64.into());
    assert_eq!(native::logs().len(), 2);
}

#[test]
fn nobody_moves_more_than_there_is() {
    native::set_sender(address(1));
    let has = U256::ZERO;
    let needs = U256::ONE;
    assert_eq!(Token::at_storage().transfer(address(2), needs), Err(Error::InsufficientBalance { has, needs }));
}
