;;; Every function's declared locals, called or not; parameters are none.
;; schedule: unit
;; instructions: 0
;; start: 1 pages, 3 + 2 + 0 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (param i32 i64) (local i32 i64 i32))
  (func (param i32))
  (func (export "main") (local i64 i64)))
