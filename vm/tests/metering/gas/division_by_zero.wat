;; schedule: unit
;; start: 1 pages
;; status: WASM_TRAP
(module (memory (export "memory") 1)
  (func $f (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
  (func (export "main") (drop (call $f (i32.const 0)))))
