;;; What comes after an if is reached by one arm alone, the other leaves. $f(0) returns in its first arm: get, eqz, if, return.
;;; $f(1) falls out of its second: get, eqz, if, nop; then nop nop. $g(0) falls out of its first: get, eqz, if, nop, and
;;; nop nop; $g(1) branches out of the function in its second: get, eqz, if, br. main: const, call, four times.
;; schedule: unit
;; instructions: 4 * 2 + 4 + (4 + 2) + (4 + 2) + 4
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func $f (param i32) (if (i32.eqz (local.get 0)) (then (return)) (else nop)) nop nop)
  (func $g (param i32) (if (i32.eqz (local.get 0)) (then nop) (else (br 1))) nop nop)
  (func (export "main")
    (call $f (i32.const 0)) (call $f (i32.const 1)) (call $g (i32.const 0)) (call $g (i32.const 1))))
