//! `contracts/lib/modular.c`, and the contracts on it.

const LIMBS: usize = 8;
const REST_LIMBS: usize = 2 * LIMBS + 1;

/// Little-endian.
type Number = [u32; LIMBS];

/// `contracts/mulmod`: a · b^n modulo m of a, b, m, n, 32 bytes each.
pub fn mulmod(input: &[u8]) -> Vec<u8> {
    let [mut a, b, modulus, times] = [0, 32, 64, 96].map(|at| read(&input[at..at + 32]));
    for _ in 0..times[0] {
        a = multiply_modulo(&a, &b, &modulus);
    }
    write(&a)
}

/// `contracts/modexp`: a power of base, exponent and modulus, 32 bytes each.
pub fn modexp(input: &[u8]) -> Vec<u8> {
    let [base, exponent, modulus] = [0, 32, 64].map(|at| read(&input[at..at + 32]));
    let one = [1, 0, 0, 0, 0, 0, 0, 0];
    let mut power = multiply_modulo(&one, &one, &modulus);
    for bit in (0..32 * LIMBS).rev() {
        power = multiply_modulo(&power, &power, &modulus);
        if exponent[bit / 32] >> (bit % 32) & 1 == 1 {
            power = multiply_modulo(&power, &base, &modulus);
        }
    }
    write(&power)
}

fn read(bytes: &[u8]) -> Number {
    let mut number = [0; LIMBS];
    for (limb, bytes) in number.iter_mut().rev().zip(bytes.chunks_exact(4)) {
        *limb = u32::from_be_bytes(bytes.try_into().expect("4 bytes"));
    }
    number
}

fn write(number: &Number) -> Vec<u8> {
    number.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect()
}

fn multiply(a: &Number, b: &Number) -> [u32; REST_LIMBS] {
    let mut product = [0; REST_LIMBS];
    for i in 0..LIMBS {
        let mut carry = 0;
        for j in 0..LIMBS {
            carry += u64::from(a[i]) * u64::from(b[j]) + u64::from(product[i + j]);
            product[i + j] = carry as u32;
            carry >>= 32;
        }
        product[i + LIMBS] = carry as u32;
    }
    product
}

fn shift_left(limbs: &mut [u32], by: u32) {
    let mut carry = 0;
    for limb in limbs {
        carry |= u64::from(*limb) << by;
        *limb = carry as u32;
        carry >>= 32;
    }
}

fn guess(rest: &[u32], divisor: &[u32]) -> u64 {
    let used = divisor.len();
    let highest = u64::from(divisor[used - 1]);
    let top = u64::from(rest[used]) << 32 | u64::from(rest[used - 1]);
    let (mut digit, mut left) = (top / highest, top % highest);
    while digit >> 32 != 0
        || used > 1 && digit * u64::from(divisor[used - 2]) > (left << 32 | u64::from(rest[used - 2]))
    {
        digit -= 1;
        left += highest;
        if left >> 32 != 0 {
            break;
        }
    }
    digit
}

fn subtract_product(rest: &mut [u32], divisor: &[u32], digit: u64) -> bool {
    let (mut carry, mut difference) = (0_u64, 0_i64);
    for (limb, divisor) in rest.iter_mut().zip(divisor) {
        carry += digit * u64::from(*divisor);
        difference += i64::from(*limb) - i64::from(carry as u32);
        *limb = difference as u32;
        difference >>= 32;
        carry >>= 32;
    }
    let highest = &mut rest[divisor.len()];
    difference += i64::from(*highest) - carry as i64;
    *highest = difference as u32;
    difference < 0
}

fn add_back(rest: &mut [u32], divisor: &[u32]) {
    let mut carry = 0;
    for (limb, divisor) in rest.iter_mut().zip(divisor) {
        carry += u64::from(*limb) + u64::from(*divisor);
        *limb = carry as u32;
        carry >>= 32;
    }
    let highest = &mut rest[divisor.len()];
    *highest = highest.wrapping_add(carry as u32);
}

fn multiply_modulo(a: &Number, b: &Number, modulus: &Number) -> Number {
    let mut rest = multiply(a, b);
    let mut remainder = [0; LIMBS];
    let Some(highest) = modulus.iter().rposition(|limb| *limb != 0) else {
        return remainder;
    };
    let (used, shift) = (highest + 1, modulus[highest].leading_zeros());
    let mut divisor = *modulus;
    shift_left(&mut divisor[..used], shift);
    shift_left(&mut rest, shift);
    for at in (0..REST_LIMBS - used).rev() {
        let rest = &mut rest[at..];
        let digit = guess(rest, &divisor[..used]);
        if subtract_product(rest, &divisor[..used], digit) {
            add_back(rest, &divisor[..used]);
        }
    }
    for (i, limb) in remainder[..used].iter_mut().enumerate() {
        *limb = ((u64::from(rest[i + 1]) << 32 | u64::from(rest[i])) >> shift) as u32;
    }
    remainder
}

#[cfg(test)]
mod tests {
    use primitive_types::{U256, U512};

    use super::*;
    use crate::support::noise;

    /// Oracle: the crate `primitive-types`, on numbers of all sizes, zero and such as make a digit's guess too high.
    #[test]
    fn products_by_a_modulus() {
        let mut numbers: Vec<U256> = (0..=8)
            .map(|limbs| U256::from_big_endian(&noise(64)[limbs..limbs + 32]) >> (32 * (8 - limbs) % 256))
            .collect();
        let high = U256::one() << 255;
        let edges = [U256::zero(), U256::one(), U256::MAX, high, high - 1, U256::MAX << 128];
        numbers.extend(edges);
        let pairs = numbers.iter().flat_map(|a| numbers.iter().map(move |b| (a, b)));
        for ((a, b), m) in pairs.flat_map(|pair| numbers.iter().map(move |m| (pair, *m))) {
            let (a, b) = (*a, *b);
            let [x, y, z] = [a, b, m].map(|number| read(&number.to_big_endian()));
            let expected = if m.is_zero() { U512::zero() } else { a.full_mul(b) % U512::from(m) };
            let found = U256::from_big_endian(&write(&multiply_modulo(&x, &y, &z)));
            assert_eq!(U512::from(found), expected, "{a} · {b} mod {m}");
        }
    }

    /// By hand: 3 · 5² = 75 = 5 mod 7; 3^4 = 81 = 1 mod 10; Fermat: 2^(p − 1) = 1 mod p = 2^255 − 19.
    #[test]
    fn powers() {
        let words = |words: &[U256]| words.iter().flat_map(U256::to_big_endian).collect::<Vec<u8>>();
        let small = |numbers: &[u64]| words(&numbers.iter().map(|n| U256::from(*n)).collect::<Vec<_>>());
        assert_eq!(mulmod(&small(&[3, 5, 7, 2])), small(&[5]));
        assert_eq!(modexp(&small(&[3, 4, 10])), small(&[1]));
        assert_eq!(modexp(&small(&[3, 0, 1])), small(&[0]));
        let p = (U256::one() << 255) - 19;
        assert_eq!(modexp(&words(&[2.into(), p - 1, p])), small(&[1]));
    }
}
