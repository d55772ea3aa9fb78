;;; Nothing runs: what is left to pay is the start.
;; schedule: unit
;; instructions: 0
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1) (func (export "main")))
