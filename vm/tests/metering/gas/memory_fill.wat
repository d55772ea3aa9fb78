;;; Lengths 0, 1, 64, 65, 128, 1000, 6400 and 9990: three constants and the fill each.
;; schedule: unit
;; instructions: 8 * 4
;; lines: 0 + 1 + 1 + 2 + 2 + 16 + 100 + 157
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main")
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 0))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 1))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 64))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 65))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 128))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 1000))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 6400))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 9990))))
