;; schedule: unit
;; start: 1 pages
;; status: STACK_OVERFLOW
(module (memory (export "memory") 1) (func $f (call $f)) (func (export "main") (call $f)))
