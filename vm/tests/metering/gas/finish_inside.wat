;;; finish in a callee's loop ends it all: main const, call; callee loop, get, if, const, const, call.
;; schedule: unit
;; instructions: 2 + 6
;; start: 1 pages
;; status: SUCCESS
;; output: 0000
(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
  (func $f (param i32)
    (loop (if (local.get 0) (then (call $finish (i32.const 8) (i32.const 2)))) (br 0)))
  (func (export "main") (call $f (i32.const 1)) nop nop))
