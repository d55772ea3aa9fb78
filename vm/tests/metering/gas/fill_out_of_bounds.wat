;;; 2^32 - 1 bytes are paid before they are not there: 67,108,864 lines of 64, a gas each.
;; schedule: unit
;; gas: 1000000000
;; start: 1 pages
;; status: WASM_TRAP
(module (memory (export "memory") 1)
  (func (export "main") (memory.fill (i32.const 0) (i32.const 1) (i32.const -1))))
