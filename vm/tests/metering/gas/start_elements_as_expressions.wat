;;; Elements written as expressions, which the start would have to count too, belong to reference types, which no profile has.
;; schedule: unit
;; start: 1 pages
;; status: CONTRACT_VALIDATION_FAILURE
(module (memory (export "memory") 1) (table 100 funcref) (func $f)
  (elem (i32.const 7) funcref (ref.func $f) (ref.func $f))
  (func (export "main")))
