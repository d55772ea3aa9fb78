;;; From a block in an if in a loop: loop, block, get, eqz, if, const, return. Back in main: const, call, drop; after it
;;; a return, and nothing after that.
;; schedule: unit
;; instructions: 3 + 7 + 1
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func $f (param i32) (result i64)
    (loop
      (block
        (if (i32.eqz (local.get 0)) (then (return (i64.const 5)) nop nop))
        nop)
      nop)
    (i64.const 6))
  (func (export "main") (drop (call $f (i32.const 0))) (return) nop nop))
