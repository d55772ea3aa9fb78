//! Precompiles: when each is there, what it costs, and one answer of each.

use hebe_evm::Precompile;
use hebe_host_ei::{Address, Fault, Gas, Revision, StatusCode};

use crate::bytes;

fn at(number: u16) -> Address {
    let mut address = [0; 20];
    address[18..].copy_from_slice(&number.to_be_bytes());
    Address(address)
}

/// Price and output, and that one gas less is too little.
fn answer(number: u16, revision: Revision, input: &[u8]) -> (Gas, String) {
    let precompile = Precompile::at(&at(number), revision, false).expect("there");
    let outcome = precompile.run(input, 1_000_000).expect("no fault");
    assert_eq!(outcome.status, StatusCode::Success, "{number:#x} at {revision}");
    let price = 1_000_000 - outcome.gas_left;
    assert_eq!(precompile.run(input, price).expect("no fault").gas_left, 0);
    assert_eq!(precompile.run(input, price - 1).expect("no fault").status, StatusCode::OutOfGas);
    (price, hex::encode(outcome.output))
}

/// Source: EIP-196, 197, 198 (Byzantium), 152 (Istanbul), 4844 (Cancun), 2537 (Prague), 7951 (Osaka).
#[test]
fn each_is_there_from_its_revision_on() {
    for revision in Revision::ALL.iter().copied() {
        let last = match revision {
            Revision::Osaka | Revision::Experimental | Revision::Prague => 0x11,
            Revision::Cancun => 0x0a,
            _ if revision >= Revision::Istanbul => 0x09,
            _ if revision >= Revision::Byzantium => 0x08,
            _ => 0x04,
        };
        for number in 0..=0x200 {
            let expected = (1..=last).contains(&number) || number == 0x100 && revision >= Revision::Osaka;
            assert_eq!(
                Precompile::at(&at(number), revision, false).is_some(),
                expected,
                "{number:#x} at {revision}"
            );
            let ewasm = expected || number == 9 && revision < Revision::Istanbul;
            assert_eq!(
                Precompile::at(&at(number), revision, true).is_some(),
                ewasm,
                "{number:#x} at {revision}"
            );
        }
        assert!(Precompile::at(&Address([1; 20]), revision, true).is_none());
    }
}

/// Source: Yellow Paper, appendix E, for the prices; FIPS 180-4 and RIPEMD-160's own digests of 0xff.
#[test]
fn the_first_four() {
    let recover = bytes(
        "456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3
         000000000000000000000000000000000000000000000000000000000000001c
         9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608
         4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada"
            .replace(['\n', ' '], "")
            .as_str(),
    );
    let signer = format!("{:0>64}", "7156526fbd7a3c72969b54f64e42c10fbb768c8a");
    assert_eq!(answer(1, Revision::Frontier, &recover), (3_000, signer));
    assert_eq!(answer(1, Revision::Frontier, &[]), (3_000, String::new()));
    let sha = "a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89";
    assert_eq!(answer(2, Revision::Frontier, &[0xff]), (60 + 12, sha.to_owned()));
    let ripemd = format!("{:0>64}", "2c0c45d3ecab80fe060e5f1d7057cd2f8de5e557");
    assert_eq!(answer(3, Revision::Frontier, &[0xff]), (600 + 120, ripemd));
    assert_eq!(answer(4, Revision::Frontier, &[7; 33]), (15 + 2 * 3, hex::encode([7; 33])));
}

/// Source: EIP-198's first example, whose price the EIP gives as 13056; by EIP-2565 it is 16 · 255 ÷ 3, by EIP-7883 16 · 255.
#[test]
fn modular_exponentiation() {
    let word = |text: &str| format!("{text:0>64}");
    let input = [
        &word("1"),
        &word("20"),
        &word("20"),
        "03",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
    ];
    let input = bytes(&input.concat());
    for (revision, price) in
        [(Revision::Byzantium, 13_056), (Revision::Berlin, 1_360), (Revision::Osaka, 4_080)]
    {
        assert_eq!(answer(5, revision, &input), (price, word("1")));
    }
    // EIP-7823: at most 1024 bytes.
    let long = bytes(&[word("401"), word("0"), word("1")].concat());
    let at = |revision| {
        Precompile::at(&at(5), revision, false).expect("there").run(&long, 1_000_000).expect("no fault")
    };
    assert_eq!(at(Revision::Prague).status, StatusCode::Success);
    assert_eq!(at(Revision::Osaka).status, StatusCode::PrecompileFailure);
}

/// Lengths that no memory holds: whoever cannot pay is out of gas, whoever can learns that this node cannot.
#[test]
fn numbers_of_many_gigabytes() {
    let word = |number: u64| format!("{number:0>64x}");
    let modexp = |revision, lengths: [u64; 3], gas| {
        let input = bytes(&lengths.map(word).concat());
        Precompile::at(&at(5), revision, false).expect("there").run(&input, gas)
    };
    for lengths in [[1, 1 << 40, 1], [1 << 40, 1, 1], [u64::MAX, u64::MAX, u64::MAX], [0, 2 << 30, 1]] {
        for revision in [Revision::Byzantium, Revision::Berlin] {
            let poor = modexp(revision, lengths, 30_000_000).expect("no fault");
            assert_eq!(poor.status, StatusCode::OutOfGas);
            assert_eq!(modexp(revision, lengths, i64::MAX), Err(Fault::OutOfMemory));
        }
        let bounded = modexp(Revision::Osaka, lengths, i64::MAX).expect("no fault");
        assert_eq!(bounded.status, StatusCode::PrecompileFailure);
    }
    // Without base and modulus there is nothing to lay out, however long the exponent.
    assert_eq!(
        modexp(Revision::Byzantium, [0, 1 << 40, 0], 1).expect("no fault").status,
        StatusCode::Success
    );
}

/// Source: EIP-196 and 197, prices by EIP-1108 from Istanbul on. Twice the generator is the sum of two and the product with two.
#[test]
fn alt_bn128() {
    let generator = format!("{:0>64}{:0>64}", "1", "2");
    let double = "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3\
                  15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4";
    let (add, mul) = (bytes(&[&*generator, &generator].concat()), bytes(&format!("{generator}{:0>64}", "2")));
    for (revision, prices) in
        [(Revision::Byzantium, [500, 40_000, 100_000]), (Revision::Istanbul, [150, 6_000, 45_000])]
    {
        assert_eq!(answer(6, revision, &add), (prices[0], double.to_owned()));
        assert_eq!(answer(7, revision, &mul), (prices[1], double.to_owned()));
        assert_eq!(answer(8, revision, &[]), (prices[2], format!("{:0>64}", "1")));
    }
    let off_curve = Precompile::at(&at(6), Revision::Byzantium, false).expect("there").run(&[1; 64], 1_000);
    assert_eq!(off_curve.expect("no fault").status, StatusCode::PrecompileFailure);
}

/// Source: EIP-152, test vector 5: 12 rounds, which is BLAKE2b of "abc" (RFC 7693, appendix A).
#[test]
fn blake2f() {
    let state = "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5\
                 d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b";
    let block = format!("{:0<256}", "616263");
    let input = bytes(&format!("0000000c{state}{block}{:0<32}01", "03"));
    let digest = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1\
                  7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";
    assert_eq!(answer(9, Revision::Istanbul, &input), (12, digest.to_owned()));
    let short = Precompile::at(&at(9), Revision::Istanbul, false).expect("there").run(&input[1..], 1_000);
    assert_eq!(short.expect("no fault").status, StatusCode::PrecompileFailure);
}

/// Source: EIP-4844: the polynomial zero, whose commitment and proof are the point at infinity. The answer is 4096 and the modulus.
#[test]
fn point_evaluation() {
    let infinity = format!("{:0<96}", "c0");
    let hash = "010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014";
    let input = bytes(&format!("{hash}{:0>64}{:0>64}{infinity}{infinity}", "5", "0"));
    let answers = format!("{:0>64}73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", "1000");
    assert_eq!(answer(0x0a, Revision::Cancun, &input), (50_000, answers));
}

/// Source: EIP-2537, prices and the point at infinity, which is all zeros; EIP-7951: 6900, and no output for what is no signature.
#[test]
fn bls12_381_and_p256() {
    let zeros = |bytes: usize| "00".repeat(bytes);
    for (number, input, price, output) in [
        (0x0b, 256, 375, zeros(128)),
        (0x0c, 160, 12_000, zeros(128)),
        (0x0d, 512, 600, zeros(256)),
        (0x0e, 288, 22_500, zeros(256)),
        (0x0f, 384, 32_600 + 37_700, format!("{:0>64}", "1")),
    ] {
        assert_eq!(answer(number, Revision::Prague, &vec![0; input]), (price, output), "{number:#x}");
    }
    assert_eq!(answer(0x10, Revision::Prague, &[0; 64]).0, 5_500);
    assert_eq!(answer(0x11, Revision::Prague, &[0; 128]).0, 23_800);
    assert_eq!(answer(0x100, Revision::Osaka, &[0; 160]), (6_900, String::new()));
}

/// Source: Keccak-256 of nothing (Yellow Paper, section 2: KEC(())); 60 and 12 for each word as the ewasm project's own contract
/// for this address charges.
#[test]
fn ewasms_keccak256() {
    let precompile = |revision| Precompile::at(&at(9), revision, true).expect("there");
    let keccak = precompile(Revision::Byzantium);
    let outcome = keccak.run(&[], 60).expect("no fault");
    let nothing = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
    assert_eq!((outcome.gas_left, hex::encode(outcome.output)), (0, nothing.to_owned()));
    assert_eq!(keccak.run(&[0; 33], 100).expect("no fault").gas_left, 100 - 60 - 24);
    for gas in [83, 0, -1, i64::MIN] {
        assert_eq!(keccak.run(&[0; 33], gas).expect("no fault").status, StatusCode::OutOfGas);
    }
    let blake = precompile(Revision::Istanbul).run(&[], 60).expect("no fault");
    assert_eq!(blake.status, StatusCode::PrecompileFailure);
}
