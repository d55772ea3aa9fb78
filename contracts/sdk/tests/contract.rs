//! A contract through its ABI. Selectors and topics of EIP-20 are those that block explorers show for every ERC-20.

use hebe_sdk::{
    abi,
    native::{self, address, ei},
    prelude::*,
};

#[storage]
pub struct Kit {
    owner: Value<Address>,
    notes: Mapping<u32, U256>,
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
pub struct Noted {
    #[indexed]
    pub title: String,
    pub text: String,
    pub numbers: Vec<u8>,
}

#[errors]
pub enum Error {
    NotOwner,
    Odd { number: U256, why: String },
}

#[interface]
pub trait Erc20 {
    /// EIP-20.
    fn transfer(&mut self, to: Address, value: U256) -> bool;
    fn balance_of(&self, owner: Address) -> U256;
}

#[contract]
impl Kit {
    #[constructor]
    pub fn new(&mut self) {
        self.owner.set(&message::sender());
    }

    pub fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Error> {
        ensure(message::sender() == self.owner.get(), Error::NotOwner);
        if value.low_u64() % 2 == 1 {
            return Err(Error::Odd { number: value, why: "not even".into() });
        }
        emit(&Transfer { from: message::sender(), to, value });
        Ok(true)
    }

    pub fn note(&mut self, key: u32, title: String, text: String) {
        self.notes.set(&key, &U256::from(text.len() as u64));
        emit(&Noted { title, text, numbers: [1, 2].into() });
    }

    pub fn two(left: u8) -> (u8, String) {
        (left, "right".into())
    }

    #[payable]
    pub fn pay(&mut self) -> U256 {
        message::value()
    }

    pub fn pass_on(&mut self, token: Address, to: Address) -> Result<bool, Vec<u8>> {
        let mut token = Erc20::at(token);
        let balance = token.balance_of(message::this()).map_err(<[u8]>::to_vec)?;
        token.transfer(to, balance).map_err(<[u8]>::to_vec)
    }

    pub fn refuse(&self) {
        revert("no");
    }

    pub fn fail_by_index(&self) -> U256 {
        U256::ONE - self.notes.get(&7)
    }

    #[payable]
    #[receive]
    pub fn receive(&mut self) {
        self.notes.set(&0, &message::value());
    }

    #[fallback]
    pub fn fallback(&self) -> U256 {
        U256::from(message::input().len() as u64)
    }

    fn _hidden(&self) {}
}

fn hex(text: &str) -> Vec<u8> {
    let text: String = text.split_whitespace().collect();
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap()).collect()
}

fn word(number: u64) -> String {
    format!("{number:064x}")
}

fn call(text: &str) -> Result<Vec<u8>, Vec<u8>> {
    native::call(Kit::main, &hex(text))
}

fn setup() {
    native::set_sender(address(1));
    Kit::at_storage().new();
}

/// `transfer(address,uint256)` is a9059cbb, and `Transfer(address,address,uint256)` ddf252ad….
#[test]
fn a_transfer() {
    setup();
    assert_eq!(call(&format!("a9059cbb {} {}", word(2), word(10))), Ok(hex(&word(1))));
    let [log] = &native::logs()[..] else { panic!("one entry") };
    let topics: Vec<Vec<u8>> = log.topics.iter().map(|topic| topic.0.to_vec()).collect();
    let signature = hex("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
    assert_eq!(topics, [signature, hex(&word(1)), hex(&word(2))]);
    assert_eq!(log.data, hex(&word(10)));
}

/// An indexed text is its hash; keccak256("") is c5d2460186f7….
#[test]
fn an_event_of_texts() {
    setup();
    let arguments: (u32, String, String) = (5, String::new(), "text".into());
    native::run(|| Kit::at_storage().note(arguments.0, arguments.1.clone(), arguments.2.clone())).unwrap();
    let [log] = &native::logs()[..] else { panic!("one entry") };
    assert_eq!(
        log.topics[1].0.to_vec(),
        hex("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
    );
    let text = format!("{:0<64}", "74657874");
    let data = [word(64), word(128), word(4), text, word(2), word(1), word(2)].concat();
    assert_eq!(log.data, hex(&data));
}

#[event]
pub struct Listed {
    #[indexed]
    pub texts: Vec<String>,
    #[indexed]
    pub numbers: [Vec<u8>; 2],
}

/// The ABI's specification, "Encoding of Indexed Event Parameters": items one behind the other, each padded to whole words, without
/// lengths and offsets.
#[test]
fn an_event_of_indexed_arrays() {
    emit(&Listed { texts: vec!["ab".into(), "c".repeat(33)], numbers: [vec![1, 2], vec![3]] });
    let [log] = &native::logs()[..] else { panic!("one entry") };
    let texts = format!("{:0<64}{:0<128}", "6162", "63".repeat(33));
    let numbers = [word(1), word(2), word(3)].concat();
    let hashes = [texts, numbers].map(|data| keccak256(&hex(&data)).0);
    assert_eq!([log.topics[1].0, log.topics[2].0], hashes);
    assert!(log.data.is_empty());
}

/// Solidity's documentation, "Errors": a selector like a function's, `Error(string)` 08c379a0, `Panic(uint256)` 4e487b71.
#[test]
fn errors() {
    setup();
    let odd = call(&format!("a9059cbb {} {}", word(2), word(3))).unwrap_err();
    assert_eq!(odd[..4], abi_selector("Odd(uint256,string)"));
    let why = format!("{:0<64}", "6e6f74206576656e");
    assert_eq!(odd[4..], hex(&[word(3), word(64), word(8), why].concat()));
    native::set_sender(address(9));
    let not_owner = call(&format!("a9059cbb {} {}", word(2), word(4))).unwrap_err();
    assert_eq!(not_owner, abi_selector("NotOwner()"));
    let no = call(&selector("refuse()")).unwrap_err();
    assert_eq!(no, hex(&format!("08c379a0 {} {} {:0<64}", word(32), word(2), "6e6f")));
    Kit::at_storage().notes.set(&7, &U256::from(2_u8));
    let overflow = call(&selector("failByIndex()")).unwrap_err();
    assert_eq!(overflow, hex(&format!("4e487b71 {}", word(0x11))));
}

fn abi_selector(signature: &str) -> [u8; 4] {
    let hash = keccak256(signature.as_bytes()).0;
    [hash[0], hash[1], hash[2], hash[3]]
}

fn selector(signature: &str) -> String {
    abi_selector(signature).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn several_results() {
    setup();
    let right = format!("{:0<64}", "7269676874");
    let expected = [word(7), word(64), word(5), right].concat();
    assert_eq!(call(&format!("{} {}", selector("two(uint8)"), word(7))), Ok(hex(&expected)));
    // 256 is not a uint8.
    assert_eq!(call(&format!("{} {}", selector("two(uint8)"), word(256))), Err(vec![]));
    assert_eq!(call(&selector("two(uint8)")), Err(vec![]));
}

/// Without a selector: `receive`; with one that nothing has, or half of one: `fallback`. Ether only where it is wanted.
#[test]
fn who_takes_what() {
    setup();
    native::set_value(U256::from(5_u8));
    assert_eq!(call(""), Ok(vec![]));
    assert_eq!(Kit::at_storage().notes.get(&0), U256::from(5_u8));
    assert_eq!(call(&selector("pay()")), Ok(hex(&word(5))));
    assert_eq!(call(&selector("refuse()")), Err(vec![]));
    assert_eq!(call("12345678"), Err(vec![]));
    native::set_value(U256::ZERO);
    assert_eq!(call("12345678"), Ok(hex(&word(4))));
    assert_eq!(call("1234"), Ok(hex(&word(2))));
    assert_eq!(call(&selector("_hidden()")), Ok(hex(&word(4))));
}

fn answer(status: ei::StatusCode, output: Vec<u8>) -> ei::CallResult {
    let create_address = ei::Address::default();
    ei::CallResult { status, output, gas_left: 0, gas_refund: 0, create_address }
}

/// `balanceOf(address)` is 70a08231, called without any change of state.
#[test]
fn calls_of_another_contract() {
    setup();
    native::with(|world| {
        world.host.on_call = Some(|_, message| {
            let output = if message.is_static { word(30) } else { word(1) };
            answer(ei::StatusCode::Success, hex(&output))
        });
    });
    let input = format!("{} {} {}", selector("passOn(address,address)"), word(0x70), word(3));
    assert_eq!(call(&input), Ok(hex(&word(1))));
    let calls = native::with(|world| world.host.calls.clone());
    assert_eq!(calls[0].input, hex(&format!("70a08231 {:0>64}", "c0".repeat(20))));
    assert_eq!(calls[1].input, hex(&format!("a9059cbb {} {}", word(3), word(30))));
    assert!(calls[0].is_static && !calls[1].is_static);
    // What the other contract reverts with goes on.
    native::with(|world| world.host.on_call = Some(|_, _| answer(ei::StatusCode::Revert, vec![1, 2, 3])));
    assert_eq!(call(&input), Err(vec![1, 2, 3]));
    // Whoever answers less than a bool answers nothing.
    native::with(|world| world.host.on_call = Some(|_, _| answer(ei::StatusCode::Success, vec![1, 2, 3])));
    assert_eq!(call(&input), Err(vec![]));
}

/// A revert undoes what was done.
#[test]
fn a_revert_undoes() {
    setup();
    let end = native::run(|| {
        Kit::at_storage().notes.set(&1, &U256::ONE);
        revert(());
    });
    assert_eq!(end, Err(vec![]));
    assert_eq!(Kit::at_storage().notes.get(&1), U256::ZERO);
    assert_eq!(abi::encode(&(1_u8,)), hex(&word(1)));
}
