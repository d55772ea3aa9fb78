;;; table.init of 2, table.copy of 3 and of 0, elem.drop, and a call of what was copied: index, call_indirect, nop.
;; schedule: unit
;; instructions: 4 + 4 + 4 + 1 + 2 + 1
;; entries: 2 + 3 + 0
;; start: 1 pages, 1 elements
;; status: SUCCESS
(module (memory (export "memory") 1) (table 9 funcref) (elem (i32.const 2) func $f) (elem $e func $f $f)
  (func $f nop)
  (func (export "main")
    (table.init $e (i32.const 0) (i32.const 0) (i32.const 2))
    (table.copy (i32.const 5) (i32.const 0) (i32.const 3))
    (table.copy (i32.const 9) (i32.const 9) (i32.const 0))
    (elem.drop $e)
    (call_indirect (i32.const 7))))
