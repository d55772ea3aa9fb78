;;; 2^32 - 1 pages are 9.6 * 10^11 gas; without it is out of gas, at the check that comes next.
;; schedule: unit
;; start: 1 pages
;; status: OUT_OF_GAS
(module (memory (export "memory") 1)
  (func (export "main") (drop (memory.grow (i32.const -1)))))
