;;; A slot from zero to something: address, const, store8; const, const, call storageStore 5000 + 15000; then loaded
;;; behind it: const, const, call storageLoad 200; finish 3.
;; schedule: unit
;; instructions: 3 + 3 + 3 + 3
;; host: 5000 + 15000 + 200
;; start: 1 pages
;; status: SUCCESS
;; output: 2a00000000000000000000000000000000000000000000000000000000000000
(module (import "ethereum" "storageStore" (func $store (param i32 i32)))
  (import "ethereum" "storageLoad" (func $load (param i32 i32)))
  (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
  (func (export "main")
    (i32.store8 (i32.const 32) (i32.const 42))
    (call $store (i32.const 0) (i32.const 32))
    (call $load (i32.const 0) (i32.const 64))
    (call $finish (i32.const 64) (i32.const 32))))
