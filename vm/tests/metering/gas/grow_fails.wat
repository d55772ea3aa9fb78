;;; Growth beyond the declared maximum and beyond the profile's 256 pages gives -1 and is paid. Stores: address, const,
;;; grow, store. finish 3.
;; schedule: unit
;; instructions: 2 * 4 + 3
;; grown: 3 + 256
;; start: 1 pages
;; status: SUCCESS
;; output: ffffffffffffffff
(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1 3)
  (func (export "main")
    (i32.store (i32.const 0) (memory.grow (i32.const 3)))
    (i32.store (i32.const 4) (memory.grow (i32.const 256)))
    (call $finish (i32.const 0) (i32.const 8))))
