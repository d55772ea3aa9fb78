;;; The same with less gas than the bytes cost.
;; schedule: unit
;; gas: 1000000
;; start: 1 pages
;; status: OUT_OF_GAS
(module (memory (export "memory") 1)
  (func (export "main") (memory.fill (i32.const 0) (i32.const 1) (i32.const -1))))
