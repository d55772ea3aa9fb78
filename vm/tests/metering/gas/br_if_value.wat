;;; block, value, condition, br_if; not taken: drop, another value. After the block a drop.
;; schedule: unit
;; instructions: (4 + 1) + (4 + 2 + 1)
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main")
    (drop (block (result i64) (br_if 0 (i64.const 1) (i32.const 1)) (drop) (i64.const 2)))
    (drop (block (result i64) (br_if 0 (i64.const 1) (i32.const 0)) (drop) (i64.const 2)))))
