//! Nothing of a run is there in the next, of the same contract or of another: not in memory, not in globals, not in tables or segments,
//! however the run ended.

use hebe_host_ei::StatusCode;

use crate::support::{GAS, each_vm, returns, run, wat};

/// A contract of `pages` pages, with data at 70 and, in the second page, at its end, that looks at all of its memory and of its globals, and
/// then writes everywhere. Its output is the number of bytes, each weighed by its place, and the globals.
/// The first byte of the call data says how it ends: 0 returns output, 1 traps, 2 reverts, 3 runs out of gas, 4 divides by zero.
fn dirty(pages: u32) -> Vec<u8> {
    wat(&format!(
        r#"(module
        (import "ethereum" "finish" (func $finish (param i32 i32)))
        (import "ethereum" "revert" (func $revert (param i32 i32)))
        (import "ethereum" "callDataCopy" (func $copy (param i32 i32 i32)))
        (import "ethereum" "useGas" (func $gas (param i64)))
        (memory (export "memory") {pages})
        (global $a (mut i32) (i32.const 7)) (global $b (mut i64) (i64.const -9)) (global $c i32 (i32.const 3))
        (data (i32.const 70) "abc") (data (i32.const {last}) "z")
        (func $sum (result i64) (local $at i32) (local $sum i64)
            (loop $next
                (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.load (local.get $at))))
                (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const {bytes}))))
            (local.get $sum))
        (func $fill (local $at i32)
            (loop $next
                (i32.store8 (local.get $at) (i32.const 0xab))
                (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 61))) (i32.const {bytes})))))
        (func (export "main") (local $sum i64)
            (local.set $sum (call $sum))
            (call $copy (i32.const 8000) (i32.const 0) (i32.const 1))
            (call $fill)
            (i64.store (i32.const 16) (local.get $sum))
            (i32.store (i32.const 24) (global.get $a))
            (i64.store (i32.const 28) (global.get $b))
            (global.set $a (i32.add (global.get $a) (i32.const 1)))
            (global.set $b (i64.const 77))
            (call $copy (i32.const 8000) (i32.const 0) (i32.const 1))
            (if (i32.eq (i32.load8_u (i32.const 8000)) (i32.const 1)) (then unreachable))
            (if (i32.eq (i32.load8_u (i32.const 8000)) (i32.const 2)) (then (call $revert (i32.const 16) (i32.const 20))))
            (if (i32.eq (i32.load8_u (i32.const 8000)) (i32.const 3)) (then (call $gas (i64.const 0x7fffffffffffffff))))
            (if (i32.eq (i32.load8_u (i32.const 8000)) (i32.const 4)) (then
                (drop (i32.div_u (i32.const 1) (i32.sub (global.get $a) (i32.const 8))))))
            (call $finish (i32.const 16) (i32.const 20))))"#,
        last = pages * 65_536 - 1,
        bytes = pages * 65_536,
    ))
}

/// What `$sum` makes of the first memory: as written above, in Rust.
fn first_sum(pages: usize) -> i64 {
    let mut memory = vec![0_u8; pages * 65_536];
    memory[70..73].copy_from_slice(b"abc");
    *memory.last_mut().expect("some") = b'z';
    let words = memory.chunks(8).map(|word| i64::from_le_bytes(word.try_into().expect("8")));
    words.fold(0, |sum: i64, word| sum.wrapping_mul(31).wrapping_add(word))
}

#[test]
fn nothing_is_left_for_the_next_run() {
    for pages in [1, 3] {
        let code = dirty(pages);
        let output =
            [&first_sum(pages as usize).to_le_bytes()[..], &7_i32.to_le_bytes(), &(-9_i64).to_le_bytes()]
                .concat();
        let ends = [
            StatusCode::Success,
            StatusCode::WasmUnreachableInstruction,
            StatusCode::Revert,
            StatusCode::OutOfGas,
            StatusCode::WasmTrap,
        ];
        each_vm(|vm, name| {
            for round in 0..3 {
                for (how, status) in (0..).zip(ends) {
                    let when = format!("{name}, round {round}, after {status:?}");
                    assert_eq!(run(vm, &code, GAS, &[how]).status, status, "{when}");
                    returns(&run(vm, &code, GAS, &[0]), &output, &when);
                }
            }
        });
    }
}

/// What one contract wrote another does not find, where an engine gives its memory to the next.
#[test]
fn nothing_is_left_for_another_contract() {
    let code = dirty(1);
    each_vm(|vm, name| {
        for number in 0..4 {
            for _ in 0..3 {
                run(vm, &code, GAS, &[0]);
            }
            // Another contract each time: it has no data, so the sum of its memory is 0.
            let reader = wat(&format!(
                r#"(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
                    (func (export "main") (local $at i32) (local $or i64)
                        (loop $next
                            (local.set $or (i64.or (local.get $or) (i64.load (local.get $at))))
                            (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const 65536))))
                        (drop (i32.const {number}))
                        (i64.store (i32.const 0) (local.get $or))
                        (call $finish (i32.const 0) (i32.const 8))))"#
            ));
            for _ in 0..3 {
                returns(&run(vm, &reader, GAS, &[]), &[0; 8], name);
            }
        }
    });
}

/// Without a store of its own, what host functions write is put back all the same. 3 bytes of call data, then none.
#[test]
fn what_host_functions_write_does_not_stay() {
    let code = wat(r#"(module (import "ethereum" "callDataCopy" (func $copy (param i32 i32 i32)))
            (import "ethereum" "getCallDataSize" (func $size (result i32)))
            (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
            (func (export "main")
                (call $copy (i32.const 5) (i32.const 0) (call $size))
                (call $finish (i32.const 4) (i32.const 5))))"#);
    each_vm(|vm, name| {
        for _ in 0..4 {
            returns(&run(vm, &code, GAS, b"xyz"), b"\0xyz\0", name);
            returns(&run(vm, &code, GAS, &[]), &[0; 5], name);
        }
    });
}

/// Memory that grew is not there the next time: 1 page before, 3 after, each time.
#[test]
fn memory_starts_with_its_first_size() {
    let code = wat(
        r#"(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1 3)
            (func (export "main")
                (i32.store8 (i32.const 0) (memory.size))
                (i32.store8 (i32.const 1) (memory.grow (i32.const 2)))
                (i32.store8 (i32.const 2) (memory.size))
                (i32.store8 (i32.const 3) (memory.grow (i32.const 1)))
                (i64.store (i32.const 0x2fff8) (i64.const -1))
                (call $finish (i32.const 0) (i32.const 4))))"#,
    );
    each_vm(|vm, name| {
        for _ in 0..4 {
            returns(&run(vm, &code, GAS, &[]), &[1, 1, 3, 0xff], name);
        }
    });
}

/// Tables and dropped segments start anew, too: the first call finds `$one`, then `$two` is written over it and the segments are dropped.
#[test]
fn tables_and_segments_start_anew() {
    let code = wat(
        r#"(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
            (type $f (func (result i32))) (table 2 funcref) (elem (i32.const 0) $one $two)
            (elem $passive func $two) (data $data "q")
            (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2))
            (func (export "main")
                (memory.init $data (i32.const 1) (i32.const 0) (i32.const 1))
                (i32.store8 (i32.const 0) (call_indirect (type $f) (i32.const 0)))
                (table.init $passive (i32.const 0) (i32.const 0) (i32.const 1))
                (i32.store8 (i32.const 2) (call_indirect (type $f) (i32.const 0)))
                (elem.drop $passive) (data.drop $data)
                (call $finish (i32.const 0) (i32.const 3))))"#,
    );
    each_vm(|vm, name| {
        for _ in 0..4 {
            returns(&run(vm, &code, GAS, &[]), &[1, b'q', 2], name);
        }
    });
}
