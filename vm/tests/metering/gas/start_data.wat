;;; Active segments are written at the start: 5 + 0 + 3 bytes. The passive one is not.
;; schedule: unit
;; instructions: 0
;; start: 1 pages, 5 + 0 + 3 data
;; status: SUCCESS
(module (memory (export "memory") 1)
  (data (i32.const 0) "hello") (data (i32.const 65536) "") (data (i32.const 9) "abc") (data "passive")
  (func (export "main")))
