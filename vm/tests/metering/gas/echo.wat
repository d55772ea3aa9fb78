;;; const, const, call size, call copy; const, call size, call finish. Twice 2 for the size; 3 and 3 for each of two
;;; words, 33 bytes.
;; schedule: unit
;; input: 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20
;; instructions: 4 + 3
;; host: 2 + (3 + 3 * 2) + 2
;; start: 1 pages
;; status: SUCCESS
;; output: 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20
(module (import "ethereum" "getCallDataSize" (func $size (result i32)))
  (import "ethereum" "callDataCopy" (func $copy (param i32 i32 i32)))
  (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
  (func (export "main")
    (call $copy (i32.const 0) (i32.const 0) (call $size))
    (call $finish (i32.const 0) (call $size))))
