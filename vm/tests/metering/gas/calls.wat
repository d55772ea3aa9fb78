;;; main: const, const, call $add, drop, call $nothing. $add: get, get, add. $nothing has no instruction.
;; schedule: unit
;; instructions: 5 + 3 + 0
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func $nothing)
  (func (export "main") (drop (call $add (i32.const 1) (i32.const 2))) (call $nothing)))
