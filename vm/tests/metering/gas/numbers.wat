;;; One instruction of each class. Pairs of constants and their operation, a drop after each.
;; schedule: unit
;; instructions: 6 * (2 + 1 + 1) + 3 * (1 + 1 + 1) + 2 * (1 + 1 + 1)
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main")
    ;; six that take two
    (drop (i32.add (i32.const 1) (i32.const 2)))
    (drop (i64.lt_s (i64.const 1) (i64.const 2)))
    (drop (i32.mul (i32.const 3) (i32.const 4)))
    (drop (i64.rem_u (i64.const 9) (i64.const 4)))
    (drop (i32.shr_s (i32.const -9) (i32.const 4)))
    (drop (i64.rotl (i64.const 9) (i64.const 4)))
    ;; three that count bits
    (drop (i32.clz (i32.const 1)))
    (drop (i64.ctz (i64.const 1)))
    (drop (i64.popcnt (i64.const 1)))
    ;; two that convert
    (drop (i64.extend_i32_u (i32.const 1)))
    (drop (i32.extend8_s (i32.const 1)))))
