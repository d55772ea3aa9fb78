//! 256-bit arithmetic.

use hebe_host_ei::{Gas, Guest, Halt, Revision, U256, functions::*, mock::MockHost};

use crate::{MEMORY, Run};

type Binary = fn(&mut Guest<'_, MockHost>, i32, i32, i32) -> Result<(), Halt>;
type Modular = fn(&mut Guest<'_, MockHost>, i32, i32, i32, i32) -> Result<(), Halt>;

/// 32 bytes from the highest on: hex digits with zeros in front, or behind after `…`.
fn number(text: &str) -> U256 {
    let digits = match text.strip_suffix('…') {
        Some(front) => format!("{front:0<64}"),
        None => format!("{text:0>64}"),
    };
    U256::from_big_endian(&hex::decode(digits).expect("hex"))
}

/// A function of numbers at 1, 33, …: its result, written over the first of them, and its gas.
fn compute(
    operands: &[U256],
    function: impl FnOnce(&mut Guest<'_, MockHost>) -> Result<(), Halt>,
) -> (U256, Gas) {
    let mut run = Run::at(Revision::Osaka);
    for (operand, offset) in operands.iter().zip((1..).step_by(32)) {
        run.put(offset, &operand.to_little_endian());
    }
    assert_eq!(run.call(function), Ok(()));
    (U256::from_little_endian(run.get(1, 32)), run.used())
}

#[track_caller]
fn check(function: Binary, gas: Gas, cases: &[(&str, &str, &str)]) {
    for (a, b, expected) in cases {
        let found = compute(&[number(a), number(b)], |g| function(g, 1, 33, 1));
        assert_eq!(found, (number(expected), gas), "{a} {b}");
    }
}

const MAX: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
/// −2.
const MINUS_2: &str = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe";
/// −3.
const MINUS_3: &str = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd";
/// −7.
const MINUS_7: &str = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9";
/// −2^255.
const LEAST: &str = "8…";
/// 2^255 − 1.
const GREATEST: &str = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

/// Yellow Paper, G_verylow = 3; modulo 2^256.
#[test]
fn sums_and_differences() {
    check(u256_add, 3, &[("2", "3", "5"), (MAX, "1", "0"), (MAX, MAX, MINUS_2), ("ff", "1", "100")]);
    check(u256_sub, 3, &[("5", "3", "2"), ("0", "1", MAX), ("1", MAX, "2"), ("100", "1", "ff")]);
}

/// Yellow Paper, G_low = 5; 2^128 · 2^128 = 2^256; anything divided by 0 is 0.
#[test]
fn products_and_quotients() {
    let half = "100000000000000000000000000000000";
    check(u256_mul, 5, &[("6", "7", "2a"), (half, half, "0"), (MAX, MAX, "1"), (LEAST, "2", "0")]);
    check(u256_div, 5, &[("7", "2", "3"), ("7", "0", "0"), (MAX, "2", GREATEST), ("1", "2", "0")]);
    check(u256_mod, 5, &[("7", "4", "3"), ("7", "0", "0"), (MAX, LEAST, GREATEST), ("3", "7", "3")]);
}

/// Yellow Paper, SDIV and SMOD: in two's complement, rounded towards 0; −2^255 ÷ −1 is −2^255; the remainder has the dividend's sign.
#[test]
fn signed_quotients() {
    check(
        u256_sdiv,
        5,
        &[
            ("7", "2", "3"),
            (MINUS_7, "2", MINUS_3),
            ("7", MINUS_2, MINUS_3),
            (MINUS_7, MINUS_2, "3"),
            (LEAST, MAX, LEAST),
            (LEAST, "1", LEAST),
            (LEAST, LEAST, "1"),
            (GREATEST, LEAST, "0"),
            (MINUS_7, "0", "0"),
        ],
    );
    check(
        u256_smod,
        5,
        &[
            ("7", "4", "3"),
            (MINUS_7, "4", MINUS_3),
            ("7", "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc", "3"),
            (MINUS_7, MINUS_2, MAX),
            (LEAST, MAX, "0"),
            (MINUS_7, "0", "0"),
            (LEAST, GREATEST, MAX),
        ],
    );
}

/// Yellow Paper, G_mid = 8; ADDMOD and MULMOD do not wrap in between. (2^256 − 1)·2 = 2^257 − 2, modulo 10 (2^257 ends in 2,
/// since powers of two end in 2, 4, 8, 6 and 257 = 4·64 + 1): 0. (2^256 − 1)² modulo 12: 2^256 = 4 modulo 12, and 3² = 9.
#[test]
fn modular() {
    let all = |function: Modular, a, b, m| {
        compute(&[number(a), number(b), number(m)], |g| function(g, 1, 33, 65, 1))
    };
    for (a, b, modulus, expected) in [
        ("a", "a", "8", "4"),
        (MAX, MAX, "a", "0"),
        (MAX, MAX, "0", "0"),
        (MAX, "2", MAX, "2"),
        ("1", "1", "1", "0"),
    ] {
        assert_eq!(all(u256_addmod, a, b, modulus), (number(expected), 8), "{a} {b} {modulus}");
    }
    for (a, b, modulus, expected) in [
        ("a", "a", "8", "4"),
        (MAX, MAX, "c", "9"),
        (MAX, MAX, "0", "0"),
        (MAX, MAX, MAX, "0"),
        (MAX, MAX, LEAST, "1"),
    ] {
        assert_eq!(all(u256_mulmod, a, b, modulus), (number(expected), 8), "{a} {b} {modulus}");
    }
}

/// Yellow Paper, EXP: 10, and for each byte of the exponent 10, from EIP-160 on 50. 0^0 = 1.
#[test]
fn powers() {
    for (base, exponent, expected, bytes) in [
        ("2", "8", "100", 1),
        ("0", "0", "1", 0),
        ("0", "1", "0", 1),
        ("7", "0", "1", 0),
        ("2", "ff", LEAST, 1),
        ("2", "100", "0", 2),
        ("3", "2", "9", 1),
        (MAX, MAX, MAX, 32),
        (MAX, MINUS_2, "1", 32),
        ("1", "10000", "1", 3),
    ] {
        let found = compute(&[number(base), number(exponent)], |g| u256_exp(g, 1, 33, 1));
        assert_eq!(found, (number(expected), 10 + 50 * bytes), "{base} {exponent}");
    }
    for revision in Revision::ALL {
        let mut run = Run::at(*revision);
        run.put(32, &[0, 1]);
        assert_eq!(run.call(|g| u256_exp(g, 0, 32, 64)), Ok(()));
        let each = if *revision < Revision::SpuriousDragon { 10 } else { 50 };
        assert_eq!(run.used(), 10 + 2 * each, "{revision}");
    }
}

/// Yellow Paper, SIGNEXTEND (G_low) and BYTE (G_verylow).
#[test]
fn bytes() {
    check(
        u256_sign_extend,
        5,
        &[
            ("0", "7f", "7f"),
            ("0", "ff", MAX),
            ("0", "17f", "7f"),
            ("1", "ff", "ff"),
            ("1", "8000", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8000"),
            ("1e", "0080…", "ff80…"),
            ("1e", "ff7f…", "007f…"),
            ("1f", LEAST, LEAST),
            ("20", "ff", "ff"),
            (LEAST, "ff", "ff"),
        ],
    );
    check(
        u256_byte,
        3,
        &[("0", "ab…", "ab"), ("1f", "cd", "cd"), ("1e", "cdef", "cd"), ("20", MAX, "0"), (MAX, MAX, "0")],
    );
}

/// The test cases of EIP-145, G_verylow = 3.
#[test]
fn shifts() {
    check(
        u256_shl,
        3,
        &[
            ("0", "1", "1"),
            ("1", "1", "2"),
            ("ff", "1", LEAST),
            ("100", "1", "0"),
            ("101", "1", "0"),
            ("0", MAX, MAX),
            ("1", MAX, MINUS_2),
            ("ff", MAX, LEAST),
            ("100", MAX, "0"),
            ("1", "0", "0"),
            ("1", GREATEST, MINUS_2),
            (MAX, MAX, "0"),
        ],
    );
    check(
        u256_shr,
        3,
        &[
            ("0", "1", "1"),
            ("1", "1", "0"),
            ("1", LEAST, "4…"),
            ("ff", LEAST, "1"),
            ("100", LEAST, "0"),
            ("101", LEAST, "0"),
            ("0", MAX, MAX),
            ("1", MAX, GREATEST),
            ("ff", MAX, "1"),
            ("100", MAX, "0"),
            ("1", "0", "0"),
            (MAX, MAX, "0"),
        ],
    );
    check(
        u256_sar,
        3,
        &[
            ("0", "1", "1"),
            ("1", "1", "0"),
            ("1", LEAST, "c…"),
            ("ff", LEAST, MAX),
            ("100", LEAST, MAX),
            ("101", LEAST, MAX),
            ("0", MAX, MAX),
            ("1", MAX, MAX),
            ("ff", MAX, MAX),
            ("100", MAX, MAX),
            ("1", "0", "0"),
            ("fe", "4…", "1"),
            ("f8", GREATEST, "7f"),
            ("fe", GREATEST, "1"),
            ("ff", GREATEST, "0"),
            ("100", GREATEST, "0"),
            (MAX, LEAST, MAX),
        ],
    );
}

/// Yellow Paper, LT and SLT: G_verylow. The test cases of EIP-7939, and its 5 gas.
#[test]
fn comparisons_and_zeros() {
    for (a, b, less, signed) in [
        ("1", "2", 1, 1),
        ("2", "1", 0, 0),
        ("1", "1", 0, 0),
        ("0", MAX, 1, 0),
        (MAX, "0", 0, 1),
        (MINUS_2, MAX, 1, 1),
        (LEAST, GREATEST, 0, 1),
    ] {
        let mut run = Run::new();
        run.put(0, &number(a).to_little_endian());
        run.put(32, &number(b).to_little_endian());
        assert_eq!(run.call(|g| u256_lt(g, 0, 32)), Ok(less), "{a} {b}");
        assert_eq!(run.call(|g| u256_slt(g, 0, 32)), Ok(signed), "{a} {b}");
        assert_eq!(run.used(), 6);
    }
    for (a, zeros) in [("0", 256), (LEAST, 0), (MAX, 0), ("4…", 1), (GREATEST, 1), ("1", 255)] {
        let mut run = Run::at(Revision::Osaka);
        run.put(0, &number(a).to_little_endian());
        assert_eq!(run.call(|g| u256_clz(g, 0)), Ok(zeros), "{a}");
        assert_eq!(run.used(), 5);
    }
}

/// Charged first, then operands, then the result's place; what lies outside memory ends the contract.
#[test]
fn pointers_are_checked_after_the_charge() {
    let out =
        |offset: i32| Halt::MemoryOutOfBounds { offset: offset as u32, length: 32, size: MEMORY as u64 };
    for (a, b, result, outside) in [(-1, 0, 0, -1), (0, MEMORY - 31, 0, MEMORY - 31), (0, 0, MEMORY, MEMORY)]
    {
        let mut run = Run::new();
        assert_eq!(run.call(|g| u256_mul(g, a, b, result)), Err(out(outside).into()));
        assert_eq!(run.used(), 5);
        assert_eq!(run.call(|g| u256_mulmod(g, a, b, 0, result)), Err(out(outside).into()));
        assert_eq!(run.call(|g| u256_exp(g, a, b, result)), Err(out(outside).into()));
    }
    let mut run = Run::new();
    run.frame.gas = hebe_host_ei::GasCounter::new(4);
    assert_eq!(run.call(|g| u256_mul(g, -1, -1, -1)), Err(Halt::OutOfGas { charge: 5, left: 4 }.into()));
    assert_eq!(run.call(|g| u256_add(g, MEMORY - 32, MEMORY - 32, MEMORY - 32)), Ok(()));
}
