;;; const, call twice; the arguments are 1000 and 0.
;; schedule: unit
;; instructions: 4
;; host: 1000 + 0
;; start: 1 pages
;; status: SUCCESS
(module (import "ethereum" "useGas" (func $use (param i64))) (memory (export "memory") 1)
  (func (export "main") (call $use (i64.const 1000)) (call $use (i64.const 0))))
