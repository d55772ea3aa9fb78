;;; block, br; what comes after it does not run; then a nop. Out of two blocks at once: block, block, br, nop.
;; schedule: unit
;; instructions: 2 + 1 + 4
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main")
    (block (br 0) nop nop) nop
    (block (block (br 1) nop) nop nop) nop))
