;;; select: three constants, select, drop. memory.size: it and drop.
;; schedule: unit
;; instructions: 5 + 2
;; start: 2 pages
;; status: SUCCESS
(module (memory (export "memory") 2)
  (func (export "main")
    (drop (select (i64.const 1) (i64.const 2) (i32.const 0)))
    (drop (memory.size))))
