;;; Active segments of 3 and 1 elements; the passive one of 2 and the table's own size cost nothing at the start.
;; schedule: unit
;; instructions: 0
;; start: 1 pages, 3 + 1 elements
;; status: SUCCESS
(module (memory (export "memory") 1) (table 100 funcref) (func $f)
  (elem (i32.const 7) func $f $f $f) (elem (i32.const 99) func $f) (elem func $f $f)
  (func (export "main")))
