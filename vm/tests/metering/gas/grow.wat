;;; const, memory.grow, drop three times: 0 pages, 2 pages and again 1; then memory.size, drop.
;; schedule: unit
;; instructions: 3 * 3 + 2
;; grown: 0 + 2 + 1
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main")
    (drop (memory.grow (i32.const 0)))
    (drop (memory.grow (i32.const 2)))
    (drop (memory.grow (i32.const 1)))
    (drop (memory.size))))
