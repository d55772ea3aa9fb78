;;; A look at each of three turns. A turn: call, set; address, get, get, sub, store; get, set; get, const, sub, tee, br_if:
;;; 2 + 5 + 2 + 5 = 14. From one look to the next a turn and the 2 of the call are used: 16 = 0x10, at every turn.
;;; Before the loop const, set and loop; after it finish with two constants.
;; schedule: unit
;; instructions: 2 + 1 + 3 * 14 + 3
;; host: 3 * 2
;; start: 1 pages, 3 locals
;; status: SUCCESS
;; output: 1000000000000000
(module (import "ethereum" "getGasLeft" (func $left (result i64)))
  (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
  (func (export "main") (local $i i32) (local $now i64) (local $before i64)
    (local.set $i (i32.const 3))
    (loop $next
      (local.set $now (call $left))
      (i64.store (i32.const 0) (i64.sub (local.get $before) (local.get $now)))
      (local.set $before (local.get $now))
      (br_if $next (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
    (call $finish (i32.const 0) (i32.const 8))))
