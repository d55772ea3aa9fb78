;;; A function with 16 results, the most there may be: call, 16 constants, 16 drops.
;; schedule: unit
;; instructions: 1 + 16 + 16
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func $many (result i32 i64 i32 i64 i32 i64 i32 i64 i32 i64 i32 i64 i32 i64 i32 i64)
    i32.const 1 i64.const 1 i32.const 1 i64.const 1 i32.const 1 i64.const 1 i32.const 1 i64.const 1
    i32.const 1 i64.const 1 i32.const 1 i64.const 1 i32.const 1 i64.const 1 i32.const 1 i64.const 1)
  (func (export "main") call $many
    drop drop drop drop drop drop drop drop drop drop drop drop drop drop drop drop))
