;; schedule: unit
;; instructions: 0
;; start: 17 pages
;; status: SUCCESS
(module (memory (export "memory") 17 200) (func (export "main")))
