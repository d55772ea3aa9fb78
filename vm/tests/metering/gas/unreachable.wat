;; schedule: unit
;; start: 1 pages
;; status: WASM_UNREACHABLE_INSTRUCTION
(module (memory (export "memory") 1) (func (export "main") (block nop unreachable)))
