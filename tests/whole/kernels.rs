//! The contracts that compute for the benchmarks, built for size and for speed.

use hebe_host_ei::{Address, Bytes32, StatusCode, U256};
use hebe_state::Account;
use primitive_types::U512;

use crate::{
    contracts::{ALICE, CODE, REVERTED, call, chain, noise, on_every_vm, word},
    support::{contract, vms},
};

pub(crate) fn words(words: &[U256]) -> Vec<u8> {
    words.iter().flat_map(U256::to_big_endian).collect()
}

/// What the contract `name` answers, in these builds of it.
fn answers(name: &str, builds: &[&str], cases: &[(Vec<u8>, U256)]) {
    for build in builds {
        on_every_vm(&format!("{name}/{name}{build}"), |vm, answer| {
            for (input, expected) in cases {
                let expected = (StatusCode::Success, expected.to_big_endian().to_vec());
                assert_eq!(answer(input), expected, "{name}{build}, {vm}");
            }
        });
    }
}

/// By hand: 1 ^ 1 << 13 = 0x2001; >> 7 is 0x40, so 0x2041; << 17 is 0x40820000, so 0x40822041.
#[test]
fn xorshift_shifts_by_13_7_17() {
    let case =
        |seed: u64, rounds: u64, expected: u64| (words(&[seed.into(), rounds.into()]), expected.into());
    answers("xorshift", &["", "-fast"], &[case(1, 1, 0x4082_2041), case(5, 0, 5), case(0, 9, 0)]);
}

/// Oracle: `primitive_types`' numbers of 512 bits. The moduli have all lengths; some make a digit's guess too high.
#[test]
fn products_and_powers_by_a_modulus() {
    let product = |a: U256, b: U256, m: U256| match m.is_zero() {
        true => U256::zero(),
        false => U256::try_from(a.full_mul(b) % U512::from(m)).expect("less than the modulus"),
    };
    let high = U256::one() << 255;
    let random = noise(64);
    let [a, b] = [&random[..32], &random[32..]].map(U256::from_big_endian);
    let mut moduli: Vec<U256> = (0..8).map(|limbs| a >> (32 * limbs)).collect();
    moduli.extend([U256::zero(), U256::one(), U256::MAX, high, high - 1, U256::MAX << 128, high + 1]);
    let cases: Vec<(Vec<u8>, U256)> = moduli
        .iter()
        .flat_map(|m| [(a, b), (U256::MAX, U256::MAX), (high, b), (U256::zero(), b)].map(|(a, b)| (a, b, *m)))
        .map(|(a, b, m)| (words(&[a, b, m, 2.into()]), product(product(a, b, m), b, m)))
        .collect();
    answers("mulmod", &["", "-fast"], &cases);

    let power = |base: U256, exponent: U256, m: U256| {
        (0..256).rev().fold(product(U256::one(), U256::one(), m), |power, bit| {
            let square = product(power, power, m);
            if exponent.bit(bit) { product(square, base, m) } else { square }
        })
    };
    let mut cases: Vec<(Vec<u8>, U256)> =
        moduli[7..].iter().map(|m| (words(&[a, b, *m]), power(a, b, *m))).collect();
    // Fermat: 2^(p - 1) is 1 modulo the prime 2^255 - 19.
    let prime = high - 19;
    cases.push((words(&[2.into(), prime - 1, prime]), U256::one()));
    answers("modexp", &["", "-fast", "-ext"], &cases);
}

/// By hand: of 1000 go 1 + 2 + 3; the one who sends to itself keeps it.
#[test]
fn transfers_move_tokens_by_the_batch() {
    let to = |last: u8, value: u64| {
        let receiver = if last == 0 { ALICE } else { Address([last; 20]) };
        [word(receiver), Bytes32::from(value).0.to_vec()].concat()
    };
    let slot = |of: Address| Bytes32(word(of).try_into().expect("32 bytes"));
    for (name, vm) in vms(&[]) {
        for build in ["transfers", "transfers-fast"] {
            let (chain, mut state) = chain(&vm);
            let storage = [(slot(ALICE), Bytes32::from(1000))].into();
            let code = contract(&format!("transfers/{build}")).into();
            state.insert(CODE, Account { code, storage, ..Account::default() });

            let batch = [to(7, 1), to(8, 2), to(7, 3), to(0, 900)].concat();
            let receipt = call(&chain, &mut state, CODE, &batch);
            assert_eq!(receipt.outcome.status, StatusCode::Success, "{name}");
            assert_eq!(receipt.outcome.output, Bytes32::from(994).0, "{name}");
            assert_eq!(receipt.logs.len(), 4, "{name}");
            let storage = state.get(&CODE).expect("there").storage.clone();
            let balances = [(ALICE, 994), (Address([7; 20]), 4), (Address([8; 20]), 2)];
            assert_eq!(storage, balances.map(|(of, amount)| (slot(of), Bytes32::from(amount))).into());

            // One who has too little, after others who were served; bits beside an address; half a pair.
            let other_bits = [vec![1; 32], vec![0; 32]].concat();
            for batch in [[to(7, 1), to(8, 994)].concat(), other_bits, vec![0; 32]] {
                let outcome = call(&chain, &mut state, CODE, &batch).outcome;
                assert_eq!((outcome.status, outcome.output), REVERTED, "{name}");
            }
            assert_eq!(state.get(&CODE).expect("there").storage, storage, "{name}: a revert undoes all");
        }
    }
}
