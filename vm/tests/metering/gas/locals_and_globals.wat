;;; set: const, set. tee: const, tee, drop. get: get, drop. For each of two locals, and twice for globals without the tee.
;; schedule: unit
;; instructions: 2 * (2 + 3 + 2) + 2 * (2 + 2)
;; start: 1 pages, 2 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (global $a (mut i32) (i32.const 0)) (global $b (mut i64) (i64.const 0))
  (func (export "main") (local i32 i64)
    (local.set 0 (i32.const 1)) (drop (local.tee 0 (i32.const 2))) (drop (local.get 0))
    (local.set 1 (i64.const 1)) (drop (local.tee 1 (i64.const 2))) (drop (local.get 1))
    (global.set $a (i32.const 1)) (drop (global.get $a))
    (global.set $b (i64.const 1)) (drop (global.get $b))))
