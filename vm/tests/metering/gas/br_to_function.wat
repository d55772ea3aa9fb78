;;; A branch to the outermost label is a return: block, loop, two constants, br. In main: call and two drops.
;; schedule: unit
;; instructions: 3 + 5
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func $f (result i32 i64)
    (block (loop (br 2 (i32.const 1) (i64.const 2))) nop)
    (i32.const 3) (i64.const 4))
  (func (export "main") (call $f) (drop) (drop)))
