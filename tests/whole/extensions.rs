//! Contracts with two builds of one source, on the host's 256-bit and Keccak functions and without. Both do the same, and each
//! costs the same gas on every engine.

use std::collections::BTreeMap;

use ark_bn254::{Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInteger, PrimeField};
use hebe_host_ei::{Address, Bytes32, Message, StatusCode, U256};
use hebe_state::{Account, Ethereum, Log, Receipt, State};

use crate::{
    contracts::{ALICE, BOB, CODE, REVERTED, chain, create, keccak, noise, word},
    kernels::words,
    support::{contract, vms},
};

const CAROL: Address = Address([0xca; 20]);
const GAS: i64 = 10_000_000_000;

fn call(chain: &Ethereum, state: &mut State, sender: Address, to: Address, input: &[u8]) -> Receipt {
    let input = input.to_vec();
    let message = Message { gas: GAS, sender, recipient: to, code_address: to, input, ..Message::default() };
    chain.call(state, &message).expect("no fault")
}

/// What revm's precompiled contract answers; its failure takes all gas, where a contract reverts.
fn revm(address: u8, input: &[u8]) -> (StatusCode, Vec<u8>) {
    let (_, vm) = vms(&[]).remove(0);
    let (chain, mut state) = chain(&vm);
    let mut precompile = Address::default();
    precompile.0[19] = address;
    let outcome = call(&chain, &mut state, ALICE, precompile, input).outcome;
    if outcome.status == StatusCode::Success { (outcome.status, outcome.output) } else { REVERTED }
}

/// A name, call data, and what comes of them.
type Case<'a> = (&'a str, Vec<u8>, (StatusCode, Vec<u8>));

/// Runs each build of a contract without storage on every VM; it answers what is expected, for the same gas everywhere.
fn answers(name: &str, cases: &[Case<'_>]) {
    let mut prices = BTreeMap::new();
    for (vm_name, vm) in vms(&[]) {
        let (chain, mut state) = chain(&vm);
        for build in ["", "-fast", "-ext"] {
            let code = contract(&format!("{name}/{name}{build}"));
            state.insert(CODE, Account { code: code.into(), ..Account::default() });
            for (case, input, expected) in cases {
                let outcome = call(&chain, &mut state, ALICE, CODE, input).outcome;
                let told = format!("{name}{build}, {case}, {vm_name}");
                assert_eq!((outcome.status, outcome.output), *expected, "{told}");
                let price = prices.entry((build, case)).or_insert(outcome.gas_left);
                assert_eq!(*price, outcome.gas_left, "{told}");
            }
        }
    }
    for (case, _, _) in cases {
        let used = |build| GAS - prices[&(build, case)];
        println!(
            "{name}, {case}: gas {} (size), {} (speed), {} (ext)",
            used(""),
            used("-fast"),
            used("-ext")
        );
    }
}

fn coordinate(number: &Fq) -> Vec<u8> {
    number.into_bigint().to_bytes_be()
}

/// EIP-197: x, y; of a point of the twist each with its imaginary part first; zeros for the point at infinity.
fn encoded(p: G1Affine, q: G2Affine) -> Vec<u8> {
    let p = p.xy().map_or(vec![0; 64], |(x, y)| [coordinate(&x), coordinate(&y)].concat());
    let twisted = |x: Fq2| [coordinate(&x.c1), coordinate(&x.c0)].concat();
    let q = q.xy().map_or(vec![0; 128], |(x, y)| [twisted(x), twisted(y)].concat());
    [p, q].concat()
}

fn times<P: AffineRepr<ScalarField = Fr>>(point: P, by: i64) -> P {
    (point * Fr::from(by)).into_affine()
}

/// Oracles: the expectation by bilinearity, and revm's precompiled contract 8, which must agree.
#[test]
fn pairings_are_checked_as_the_evm_does() {
    let (p, q) = (G1Affine::generator(), G2Affine::generator());
    let (no_p, no_q) = (G1Affine::zero(), G2Affine::zero());
    let pair = |a, b| encoded(times(p, a), times(q, b));

    // The twist has r · 10069 · … points; r times one outside the subgroup is in none of its parts.
    let outside = (1..)
        .find_map(|x: u64| G2Affine::get_point_from_x_unchecked(Fq2::new(x.into(), 1.into()), true))
        .expect("every second x has one");
    assert!(!outside.is_in_correct_subgroup_assuming_on_curve());
    let [modulus, order] = [Fq::MODULUS.0, Fr::MODULUS.0].map(U256);
    let cofactor = modulus + modulus - order;
    assert!((cofactor % 10_069).is_zero());
    let without_r = outside.mul_bigint(order.0).into_affine();
    let of_small_order = without_r.mul_bigint((cofactor / 10_069).0).into_affine();
    assert!(!of_small_order.is_zero() && of_small_order.mul_bigint([10_069]).into_affine().is_zero());
    let beside = (q + of_small_order).into_affine();
    let into = outside.mul_bigint(cofactor.0).into_affine();

    let words = |numbers: &[U256]| words(numbers);
    let twisted = pair(1, 1)[64..].to_vec();
    let (zero, one, two) = (U256::zero(), U256::one(), U256::from(2));
    let many: Vec<u8> = (1..=9).flat_map(|n| pair(n, 3)).chain(pair(-45, 3)).collect();
    let mut more = many.clone();
    more.extend(pair(5, 5));
    let cases = [
        ("no pair", vec![], Some(true)),
        ("1 pair", pair(1, 1), Some(false)),
        ("2 pairs, P and -P", [pair(1, 1), pair(-1, 1)].concat(), Some(true)),
        ("2 pairs, 35 · 11 = 55 · 7", [pair(35, 11), pair(-55, 7)].concat(), Some(true)),
        ("2 pairs, 35 · 11, 56 · 7", [pair(35, 11), pair(-56, 7)].concat(), Some(false)),
        ("10 pairs", many, Some(true)),
        ("11 pairs", more, Some(false)),
        ("P at infinity", encoded(no_p, q), Some(true)),
        ("Q at infinity", encoded(p, no_q), Some(true)),
        ("both at infinity, and a pair", [encoded(no_p, no_q), pair(2, 3)].concat(), Some(false)),
        ("a point of the subgroup by its cofactor", encoded(p, into), Some(false)),
        ("outside the subgroup", encoded(p, outside), None),
        ("outside the subgroup, beside infinity", encoded(no_p, outside), None),
        ("outside the subgroup, of the cofactor's order", encoded(p, without_r), None),
        ("outside the subgroup, of order 10069", encoded(p, of_small_order), None),
        ("outside the subgroup, by order 10069", encoded(p, beside), None),
        ("outside the subgroup, after a pair", [pair(1, 1), encoded(p, outside)].concat(), None),
        ("P not on the curve", [words(&[one, two + 1]), twisted.clone()].concat(), None),
        ("P with x = 0", [words(&[zero, two]), twisted.clone()].concat(), None),
        ("P with x + p", [words(&[modulus + 1, two]), twisted.clone()].concat(), None),
        ("P with y + p", [words(&[one, modulus + 2]), twisted].concat(), None),
        ("P at infinity as p, p", [words(&[modulus, modulus]), vec![0; 128]].concat(), None),
        ("Q not on the twist", [pair(1, 1)[..64].to_vec(), words(&[zero, one, zero, two])].concat(), None),
        ("Q with x + p", [vec![0; 64], words(&[modulus, zero, zero, zero])].concat(), None),
        ("Q with y of all bits", [vec![0; 64], words(&[zero, zero, zero, U256::MAX])].concat(), None),
        ("a byte less", pair(1, 1)[..191].to_vec(), None),
        ("a byte more", [pair(1, 1), vec![0]].concat(), None),
    ];
    let cases = cases.map(|(name, input, holds)| {
        let expected = match holds {
            Some(holds) => (StatusCode::Success, word_of(u64::from(holds))),
            None => REVERTED,
        };
        assert_eq!(revm(8, &input), expected, "{name}: revm does not agree with what this test expects");
        (name, input, expected)
    });
    answers("pairing", &cases);
}

fn word_of(low: u64) -> Vec<u8> {
    Bytes32::from(low).0.to_vec()
}

/// Oracle: revm's precompiled contract 5 (EIP-198), with lengths of 32 bytes in front.
#[test]
fn powers_are_those_of_the_evm() {
    let random: Vec<U256> = noise(96).chunks(32).map(U256::from_big_endian).collect();
    let [a, b, m] = random[..] else { unreachable!("three") };
    let cases = [
        ("random", [a, b, m]),
        ("even", [a, b, m & !U256::one()]),
        ("short", [a, b >> 130, m >> 70]),
        ("all bits", [U256::MAX; 3]),
        ("to the 0", [a, U256::zero(), m]),
        ("0 to the 0", [U256::zero(), U256::zero(), m]),
        ("0 to the 0, modulo 1", [U256::zero(), U256::zero(), U256::one()]),
        ("modulo 0", [a, b, U256::zero()]),
    ];
    let cases = cases.map(|(name, numbers)| {
        let input = words(&numbers);
        let expected = revm(5, &[words(&[32.into(); 3]), input.clone()].concat());
        assert_eq!((expected.0, expected.1.len()), (StatusCode::Success, 32), "{name}");
        (name, input, expected)
    });
    answers("modexp", &cases);
}

/// A call of a function by the ABI of Solidity: the selector is Keccak-256 of the signature.
fn abi(signature: &str, arguments: &[Vec<u8>]) -> Vec<u8> {
    [keccak(signature.as_bytes()).0[..4].to_vec(), arguments.concat()].concat()
}

/// Where Solidity has an entry of a mapping (its documentation, "Layout of State Variables in Storage").
fn entry(key: Address, mapping: &[u8]) -> Bytes32 {
    keccak(&[&word(key), mapping].concat())
}

fn text(text: &str) -> Vec<u8> {
    let mut padded = text.as_bytes().to_vec();
    padded.resize(32, 0);
    [word_of(32), word_of(text.len() as u64), padded].concat()
}

fn event(token: Address, signature: &str, from: Address, to: Address, value: u64) -> Log {
    let topic = |of| Bytes32(word(of).try_into().expect("32 bytes"));
    let topics = vec![keccak(signature.as_bytes()), topic(from), topic(to)];
    Log { address: token, topics, data: word_of(value) }
}

const TRANSFER: &str = "Transfer(address,address,uint256)";

/// By hand, from the rules of ERC-20 and of OpenZeppelin's contract.
#[test]
fn an_erc20_speaks_soliditys_abi() {
    let supply = U256::exp10(24);
    let max = vec![0xff; 32];
    let to = |of: Address, value: u64| [word(of), word_of(value)];
    let from = |of: Address, to: Address, value: u64| [word(of), word(to), word_of(value)];
    let transfer = "transfer(address,uint256)";
    let transfer_from = "transferFrom(address,address,uint256)";
    let approve = "approve(address,uint256)";
    let allowance = abi("allowance(address,address)", &[word(ALICE), word(BOB)]);
    let yes = || Some(word_of(1));
    let nobody = Address::default();
    let mut dirty = word(BOB);
    dirty[11] = 1;
    // Who calls, with what, and the answer, if it is no revert.
    let calls = [
        (ALICE, abi("name()", &[]), Some(text("Example"))),
        (ALICE, abi("symbol()", &[]), Some(text("EX"))),
        (ALICE, abi("decimals()", &[]), Some(word_of(18))),
        (ALICE, abi("totalSupply()", &[]), Some(supply.to_big_endian().to_vec())),
        (ALICE, abi(transfer, &to(BOB, 7)), yes()),
        (ALICE, abi(transfer, &to(ALICE, 9)), yes()),
        (ALICE, abi(approve, &to(BOB, 5)), yes()),
        (BOB, allowance.clone(), Some(word_of(5))),
        (BOB, abi(transfer_from, &from(ALICE, CAROL, 3)), yes()),
        (BOB, allowance.clone(), Some(word_of(2))),
        (BOB, abi(transfer_from, &from(ALICE, CAROL, 3)), None),
        (BOB, abi(approve, &[word(CAROL), max.clone()]), yes()),
        (CAROL, abi(transfer_from, &from(BOB, CAROL, 2)), yes()),
        // More than there is; more than was allowed; nobody; other bits beside an address; too short; unknown.
        (BOB, abi(transfer, &to(ALICE, 6)), None),
        (ALICE, abi(transfer, &[word(BOB), max.clone()]), None),
        (CAROL, abi(transfer_from, &from(BOB, CAROL, 6)), None),
        (CAROL, abi(transfer_from, &from(ALICE, CAROL, 1)), None),
        (ALICE, abi(transfer, &to(nobody, 0)), None),
        (ALICE, abi(approve, &to(nobody, 0)), None),
        (ALICE, abi(transfer_from, &from(nobody, ALICE, 0)), None),
        (ALICE, abi(transfer, &[dirty.clone(), word_of(1)]), None),
        (ALICE, abi("balanceOf(address)", &[dirty]), None),
        (ALICE, abi(transfer, &to(BOB, 1))[..67].to_vec(), None),
        (ALICE, abi("nothing()", &[]), None),
        (ALICE, vec![0xa9, 0x05, 0x9c], None),
        // What follows the arguments does not count.
        (ALICE, [abi("balanceOf(address)", &[word(BOB)]), vec![1]].concat(), Some(word_of(5))),
        (ALICE, abi("balanceOf(address)", &[word(CAROL)]), Some(word_of(5))),
        (ALICE, abi("balanceOf(address)", &[word(ALICE)]), Some((supply - 10).to_big_endian().to_vec())),
    ];
    let slot = |n: u64| Bytes32::from(n);
    let short = |text: &str| {
        let mut bytes = [0; 32];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        bytes[31] = 2 * text.len() as u8;
        Bytes32(bytes)
    };
    let allowed = |owner, spender| entry(spender, &entry(owner, &word_of(1)).0);
    let storage: BTreeMap<Bytes32, Bytes32> = [
        (entry(ALICE, &word_of(0)), Bytes32::from(supply - 10)),
        (entry(BOB, &word_of(0)), Bytes32::from(5)),
        (entry(CAROL, &word_of(0)), Bytes32::from(5)),
        (allowed(ALICE, BOB), Bytes32::from(2)),
        (allowed(BOB, CAROL), Bytes32([0xff; 32])),
        (slot(2), Bytes32::from(supply)),
        (slot(3), short("Example")),
        (slot(4), short("EX")),
    ]
    .into();

    let mut prices: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for (name, vm) in vms(&[]) {
        for build in ["", "-ext"] {
            let (chain, mut state) = chain(&vm);
            let deployed = create(&chain, &mut state, 0, contract(&format!("erc20/erc20-init{build}")));
            assert_eq!(deployed.outcome.status, StatusCode::Success, "{name}{build}");
            let token = deployed.created.expect("an address");
            assert_eq!(
                &*state.get(&token).expect("there").code,
                &contract(&format!("erc20/erc20{build}"))[..]
            );
            let mut logs = deployed.logs;
            let mut gas = vec![deployed.outcome.gas_left];
            for (n, (sender, input, expected)) in calls.iter().enumerate() {
                let receipt = call(&chain, &mut state, *sender, token, input);
                let told = format!("{name}{build}, call {n}: {}", hex::encode(input));
                let expected = expected.clone().map_or(REVERTED, |output| (StatusCode::Success, output));
                assert_eq!((receipt.outcome.status, receipt.outcome.output), expected, "{told}");
                gas.push(receipt.outcome.gas_left);
                logs.extend(receipt.logs);
            }
            let mut approval = event(token, "Approval(address,address,uint256)", BOB, CAROL, 0);
            approval.data = max.clone();
            let mut minted = event(token, TRANSFER, nobody, ALICE, 0);
            minted.data = supply.to_big_endian().to_vec();
            let expected = [
                minted,
                event(token, TRANSFER, ALICE, BOB, 7),
                event(token, TRANSFER, ALICE, ALICE, 9),
                event(token, "Approval(address,address,uint256)", ALICE, BOB, 5),
                event(token, TRANSFER, ALICE, CAROL, 3),
                approval,
                event(token, TRANSFER, BOB, CAROL, 2),
            ];
            assert_eq!(logs, expected, "{name}{build}");
            assert_eq!(state.get(&token).expect("there").storage, storage, "{name}{build}");
            assert_eq!(prices.entry(build).or_insert_with(|| gas.clone()), &gas, "{name}{build}");
        }
    }
}

/// The build for speed does as that for size, which the test above knows, on the same storage; ether is refused.
#[test]
fn builds_of_an_erc20_leave_the_same() {
    let calls = [
        abi("transfer(address,uint256)", &[word(BOB), word_of(40)]),
        abi("approve(address,uint256)", &[word(ALICE), word_of(50)]),
        abi("transferFrom(address,address,uint256)", &[word(ALICE), word(CAROL), word_of(30)]),
        abi("allowance(address,address)", &[word(ALICE), word(ALICE)]),
        abi("transfer(address,uint256)", &[word(CAROL), word_of(31)]),
    ];
    for (name, vm) in vms(&[]) {
        let left = ["", "-fast", "-ext"].map(|build| {
            let (chain, mut state) = chain(&vm);
            let storage = [(entry(ALICE, &word_of(0)), Bytes32::from(100))].into();
            let code = contract(&format!("erc20/erc20{build}")).into();
            state.insert(CODE, Account { code, storage, ..Account::default() });
            let answers = calls.each_ref().map(|input| {
                let receipt = call(&chain, &mut state, ALICE, CODE, input);
                (receipt.outcome.status, receipt.outcome.output, receipt.logs)
            });
            let rich = Message {
                value: 1.into(),
                gas: GAS,
                sender: ALICE,
                recipient: CODE,
                code_address: CODE,
                input: abi("decimals()", &[]),
                ..Message::default()
            };
            assert_eq!(chain.call(&mut state, &rich).expect("no fault").outcome.status, StatusCode::Revert);
            (answers, state.get(&CODE).expect("there").storage.clone())
        });
        let statuses = left[0].0.each_ref().map(|(status, _, _)| *status);
        assert_eq!(statuses[..4], [StatusCode::Success; 4], "{name}");
        assert_eq!(statuses[4], StatusCode::Revert, "{name}");
        assert_eq!(left[0], left[1], "{name}");
        assert_eq!(left[0], left[2], "{name}");
    }
}
