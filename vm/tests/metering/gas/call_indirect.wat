;;; For each of 0, 1, 2: value, index, call_indirect, drop. $same: get. $twice: get, get, add. $same again.
;; schedule: unit
;; instructions: 3 * 4 + 1 + 3 + 1
;; start: 1 pages, 3 elements
;; status: SUCCESS
(module (memory (export "memory") 1) (type $f (func (param i64) (result i64)))
  (table 3 funcref) (elem (i32.const 0) func $same $twice $same)
  (func $same (type $f) (local.get 0))
  (func $twice (type $f) (i64.add (local.get 0) (local.get 0)))
  (func (export "main")
    (drop (call_indirect (type $f) (i64.const 1) (i32.const 0)))
    (drop (call_indirect (type $f) (i64.const 1) (i32.const 1)))
    (drop (call_indirect (type $f) (i64.const 1) (i32.const 2)))))
