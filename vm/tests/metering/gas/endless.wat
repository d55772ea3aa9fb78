;; schedule: unit
;; start: 1 pages
;; status: OUT_OF_GAS
(module (memory (export "memory") 1) (func (export "main") (loop (br 0))))
