;;; Taken: block, const, br_if. Not taken: the same and two nops.
;; schedule: unit
;; instructions: 3 + (3 + 2)
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main")
    (block (br_if 0 (i32.const 1)) nop nop)
    (block (br_if 0 (i32.const 0)) nop nop)))
