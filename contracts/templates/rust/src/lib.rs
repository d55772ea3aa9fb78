//! A token with the interface of ERC-20 (EIP-20).

#![no_std]

use hebe_sdk::prelude::*;

#[storage]
pub struct Token {
    total_supply: Value<U256>,
    balances: Mapping<Address, U256>,
    allowances: Mapping<Address, Mapping<Address, U256>>,
}

#[event]
pub struct Transfer {
    #[indexed]
    pub from: Address,
    #[indexed]
    pub to: Address,
    pub value: U256,
}

#[event]
pub struct Approval {
    #[indexed]
    pub owner: Address,
    #[indexed]
    pub spender: Address,
    pub value: U256,
}

#[errors]
pub enum Error {
    InsufficientBalance { has: U256, needs: U256 },
    InsufficientAllowance { has: U256, needs: U256 },
}

#[contract]
impl Token {
    /// The whole supply belongs to its creator.
    #[constructor]
    pub fn new(&mut self, supply: U256) {
        self.total_supply.set(&supply);
        self.balances.set(&message::sender(), &supply);
        emit(&Transfer { from: Address::ZERO, to: message::sender(), value: supply });
    }

    pub fn name() -> &'static str {
        "Token"
    }

    pub fn symbol() -> &'static str {
        "TOK"
    }

    pub fn decimals() -> u8 {
        18
    }

    pub fn total_supply(&self) -> U256 {
        self.total_supply.get()
    }

    pub fn balance_of(&self, owner: Address) -> U256 {
        self.balances.get(&owner)
    }

    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.at(&owner).get(&spender)
    }

    pub fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Error> {
        self.move_value(message::sender(), to, value)
    }

    pub fn approve(&mut self, spender: Address, value: U256) -> bool {
        let owner = message::sender();
        self.allowances.at(&owner).set(&spender, &value);
        emit(&Approval { owner, spender, value });
        true
    }

    pub fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Error> {
        let mut allowance = self.allowances.at(&from).entry(&message::sender());
        let has = allowance.get();
        allowance.set(&has.checked_sub(value).ok_or(Error::InsufficientAllowance { has, needs: value })?);
        self.move_value(from, to, value)
    }

    fn move_value(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Error> {
        let (mut sender, mut receiver) = (self.balances.entry(&from), self.balances.entry(&to));
        let has = sender.get();
        sender.set(&has.checked_sub(value).ok_or(Error::InsufficientBalance { has, needs: value })?);
        receiver.set(&(receiver.get() + value));
        emit(&Transfer { from, to, value });
        Ok(true)
    }
}
