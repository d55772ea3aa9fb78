;;; $arm runs for 0, 1, 2 and 3: three blocks, local.get, br_table; arm 0 then runs nop nop return, arm 1 nop return,
;;; the default nothing. Index 2 and every larger one is the default. In main: const, call each.
;; schedule: unit
;; instructions: 4 * 2 + 4 * 5 + 3 + 2 + 0 + 0
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func $arm (param i32)
    (block $default
      (block $one
        (block $zero (br_table $zero $one $default (local.get 0)))
        nop nop (return))
      nop (return)))
  (func (export "main")
    (call $arm (i32.const 0)) (call $arm (i32.const 1)) (call $arm (i32.const 2)) (call $arm (i32.const -1))))
