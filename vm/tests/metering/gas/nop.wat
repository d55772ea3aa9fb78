;; schedule: unit
;; instructions: 3
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1) (func (export "main") nop nop nop))
