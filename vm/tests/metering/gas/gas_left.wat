;;; What is used between two looks at the gas: address for the store; call, set; nop nop nop; get, call, sub, store.
;;; From the first answer to the second: set, nop nop nop, address, get, call and its 2: 7 + 2 = 9.
;; schedule: unit
;; instructions: 2 + 3 + 5 + 3
;; host: 2 + 2
;; start: 1 pages, 1 locals
;; status: SUCCESS
;; output: 0900000000000000
(module (import "ethereum" "getGasLeft" (func $left (result i64)))
  (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
  (func (export "main") (local i64)
    (local.set 0 (call $left))
    nop nop nop
    (i64.store (i32.const 0) (i64.sub (local.get 0) (call $left)))
    (call $finish (i32.const 0) (i32.const 8))))
