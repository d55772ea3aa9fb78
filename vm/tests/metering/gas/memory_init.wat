;;; Three inits of 4, 0 and 1 bytes, a drop of the segment, and an init of nothing. The passive segment is no start cost.
;; schedule: unit
;; instructions: 3 * 4 + 1 + 4 + 3
;; lines: 1 + 0 + 1 + 0
;; start: 1 pages
;; status: SUCCESS
;; output: 6177617364
(module (import "ethereum" "finish" (func $finish (param i32 i32)))
  (memory (export "memory") 1) (data $d "wasd")
  (func (export "main")
    (memory.init $d (i32.const 1) (i32.const 0) (i32.const 4))
    (memory.init $d (i32.const 1) (i32.const 1) (i32.const 0))
    (memory.init $d (i32.const 0) (i32.const 1) (i32.const 1))
    (data.drop $d)
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0))
    (call $finish (i32.const 0) (i32.const 5))))
