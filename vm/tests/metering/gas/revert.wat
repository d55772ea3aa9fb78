;;; A revert keeps the gas that is left: address, const, store; const, const, call.
;; schedule: unit
;; instructions: 3 + 3
;; start: 1 pages
;; status: REVERT
;; output: 0700
(module (import "ethereum" "revert" (func $revert (param i32 i32))) (memory (export "memory") 1)
  (func (export "main")
    (i32.store8 (i32.const 0) (i32.const 7))
    (call $revert (i32.const 0) (i32.const 2)) nop))
