;;; An if with two parameters and two results: two constants, condition, if; then arm add and a constant, else arm
;;; sub, nop and a constant; two drops.
;; schedule: unit
;; instructions: (4 + 2 + 2) + (4 + 3 + 2)
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main")
    (i32.const 1) (i32.const 2)
    (if (param i32 i32) (result i32 i64) (i32.const 1)
      (then (i32.add) (i64.const 1)) (else (i32.sub) nop (i64.const 2)))
    (drop) (drop)
    (i32.const 1) (i32.const 2)
    (if (param i32 i32) (result i32 i64) (i32.const 0)
      (then (i32.add) (i64.const 1)) (else (i32.sub) nop (i64.const 2)))
    (drop) (drop)))
