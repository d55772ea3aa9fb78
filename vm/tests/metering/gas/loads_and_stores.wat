;;; A store: address, value, store. A load: address, load, drop. finish: two constants and the call.
;; schedule: unit
;; instructions: 7 * 3 + 12 * 3 + 3
;; start: 1 pages
;; status: SUCCESS
;; output: 0807060504030201
(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
  (func (export "main")
    (i32.store8 (i32.const 16) (i32.const -1))
    (i32.store16 (i32.const 16) (i32.const -1))
    (i32.store (i32.const 16) (i32.const -1))
    (i64.store8 (i32.const 16) (i64.const -1))
    (i64.store16 (i32.const 16) (i64.const -1))
    (i64.store32 (i32.const 16) (i64.const -1))
    (i64.store (i32.const 0) (i64.const 0x0102030405060708))
    (drop (i32.load8_s (i32.const 0))) (drop (i32.load8_u (i32.const 0)))
    (drop (i32.load16_s (i32.const 0))) (drop (i32.load16_u (i32.const 0)))
    (drop (i32.load (i32.const 0)))
    (drop (i64.load8_s (i32.const 0))) (drop (i64.load8_u (i32.const 0)))
    (drop (i64.load16_s (i32.const 0))) (drop (i64.load16_u (i32.const 0)))
    (drop (i64.load32_s (i32.const 0))) (drop (i64.load32_u (i32.const 0)))
    (drop (i64.load (i32.const 0)))
    (call $finish (i32.const 0) (i32.const 8))))
