//! What runs: contracts of the tree on data, and small loops.

use hebe_benches::support::{contract, message, noise, token_host, transfer_message, wat};
use hebe_host_ei::{Message, mock::MockHost};

/// A contract and a call of it that succeeds.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) code: Vec<u8>,
    pub(crate) message: Message,
    pub(crate) host: MockHost,
}

/// Contracts of the tree, each on some kilobytes; the token does one transfer.
pub(crate) fn kernels() -> Vec<Program> {
    let kernel = |name: &'static str, input| Program {
        name,
        code: contract(&format!("{name}/{name}")),
        message: message(input),
        host: MockHost::default(),
    };
    let token = kernel("token", Vec::new());
    vec![
        kernel("keccak256", noise(10_000)),
        kernel("sha256", noise(10_000)),
        kernel("blake2b", noise(10_000)),
        kernel("multiply", noise(64 * 200)),
        kernel("sort", noise(4 * 1_000)),
        Program { message: transfer_message(), host: token_host(), ..token },
        kernel("rlp", transactions(100)),
    ]
}

/// Bodies that are mostly jumps and calls: what metering costs at worst.
pub(crate) fn micro_loops() -> Vec<Program> {
    MICRO_LOOPS.iter().map(|(name, functions, body)| micro_loop(name, functions, body)).collect()
}

/// `body` in a function with `$i`, `$j` and `$sum`, which is returned with a page of the memory.
fn micro_loop(name: &'static str, functions: &str, body: &str) -> Program {
    let text = format!(
        r#"(module
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (import "ethereum" "getCallDataSize" (func $size (result i32)))
            (memory (export "memory") 1)
            {functions}
            (func (export "main") (local $i i32) (local $j i32) (local $sum i32)
                {body}
                (i32.store (i32.const 0) (local.get $sum))
                (call $finish (i32.const 0) (i32.const 65536))))"#
    );
    Program { name, code: wat(&text), message: message(vec![1; 32]), host: MockHost::default() }
}

const MICRO_LOOPS: [(&str, &str, &str); 8] = [
    (
        "counted loop, one add",
        "",
        "(local.set $i (i32.const 100000))
         (loop $turn
             (local.set $sum (i32.add (local.get $sum) (i32.const 3)))
             (br_if $turn (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))",
    ),
    (
        "nested loops",
        "",
        "(local.set $i (i32.const 10000))
         (loop $outer
             (local.set $j (i32.const 8))
             (loop $inner
                 (local.set $sum (i32.xor (local.get $sum) (i32.mul (local.get $i) (local.get $j))))
                 (br_if $inner (local.tee $j (i32.sub (local.get $j) (i32.const 1)))))
             (br_if $outer (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))",
    ),
    (
        "loop with if and else",
        "",
        "(local.set $i (i32.const 50000))
         (loop $turn
             (if (i32.and (local.get $i) (i32.const 5))
                 (then (local.set $sum (i32.add (local.get $sum) (local.get $i))))
                 (else (local.set $sum (i32.rotl (local.get $sum) (i32.const 7)))))
             (br_if $turn (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))",
    ),
    (
        "loop with br_table",
        "",
        "(local.set $i (i32.const 50000))
         (loop $turn
             (block $joined
                 (block $two
                     (block $one
                         (block $zero
                             (br_table $zero $one $two $joined (i32.and (local.get $i) (i32.const 3))))
                         (local.set $sum (i32.add (local.get $sum) (i32.const 1)))
                         (br $joined))
                     (local.set $sum (i32.xor (local.get $sum) (local.get $i)))
                     (br $joined))
                 (local.set $sum (i32.shl (local.get $sum) (i32.const 1))))
             (br_if $turn (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))",
    ),
    (
        "fibonacci, recursive",
        "(func $fibonacci (param $n i32) (result i32)
             (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
                 (then (local.get $n))
                 (else (i32.add
                     (call $fibonacci (i32.sub (local.get $n) (i32.const 1)))
                     (call $fibonacci (i32.sub (local.get $n) (i32.const 2)))))))",
        "(local.set $sum (call $fibonacci (i32.const 20)))",
    ),
    (
        "loop calling a leaf",
        "(func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 3)))",
        "(local.set $i (i32.const 50000))
         (loop $turn
             (local.set $sum (call $leaf (local.get $sum)))
             (br_if $turn (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))",
    ),
    (
        "memory filled by stores",
        "",
        "(loop $pass
             (local.set $i (i32.const 65536))
             (loop $turn
                 (i32.store (local.tee $i (i32.sub (local.get $i) (i32.const 4))) (local.get $j))
                 (br_if $turn (local.get $i)))
             (br_if $pass (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const 5))))",
    ),
    (
        "loop calling the host",
        "",
        "(local.set $i (i32.const 20000))
         (loop $turn
             (local.set $sum (i32.add (local.get $sum) (call $size)))
             (br_if $turn (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))",
    ),
];

/// A list in RLP of lists with the fields of a transaction of EIP-155.
fn transactions(count: usize) -> Vec<u8> {
    let data = noise(32 * count);
    let transaction = |seed: &[u8]| {
        let (price, gas) = ([0x12, 0xa0, 0x5f, 0x20], [0x52, 0x08]);
        let fields: [&[u8]; 9] =
            [&seed[..2], &price, &gas, &seed[..20], &seed[2..9], &seed[..4], &[0x25], seed, seed];
        list(&fields.into_iter().flat_map(string).collect::<Vec<u8>>())
    };
    list(&data.chunks(32).flat_map(transaction).collect::<Vec<u8>>())
}

/// RLP of a string of at most 55 bytes.
fn string(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [byte] if *byte < 0x80 => bytes.to_vec(),
        _ => [&[0x80 + bytes.len() as u8], bytes].concat(),
    }
}

/// RLP of a list of 56 to 65,535 bytes.
fn list(payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u16).to_be_bytes();
    match length {
        [0, short] => [&[0xf8, short], payload].concat(),
        [high, low] => [&[0xf9, high, low], payload].concat(),
    }
}
