;;; Factorial of 5: for 5, 4, 3, 2, 1: get, eqz, if, else arm get, get, const, sub, call, mul; for 0: get, eqz, if, const.
;;; main: address, const, call, store; finish with two constants. 5! = 120 = 0x78.
;; schedule: unit
;; instructions: 4 + 5 * (3 + 6) + 4 + 3
;; start: 1 pages
;; status: SUCCESS
;; output: 78000000
(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
  (func $factorial (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 1))
      (else (i32.mul (local.get 0) (call $factorial (i32.sub (local.get 0) (i32.const 1)))))))
  (func (export "main")
    (i32.store (i32.const 0) (call $factorial (i32.const 5)))
    (call $finish (i32.const 0) (i32.const 4))))
