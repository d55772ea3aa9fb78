;;; A length counts, not where the bytes lie: 65 bytes are two lines at any address. A whole page is 1024.
;; schedule: unit
;; instructions: 4 * 4
;; lines: 1 + 2 + 2 + 1024
;; start: 2 pages
;; status: SUCCESS
(module (memory (export "memory") 2)
  (func (export "main")
    (memory.copy (i32.const 1) (i32.const 63) (i32.const 63))
    (memory.copy (i32.const 0) (i32.const 64) (i32.const 65))
    (memory.copy (i32.const 63) (i32.const 1) (i32.const 65))
    (memory.copy (i32.const 65536) (i32.const 0) (i32.const 65536))))
