;;; The same as numbers.wat, by classes: constants are free, a drop is 135.
;;; simple 45 twice, mul 135, div 3600, shift 67, rotate 90, counts 4725 three times, convert 135, extend 134.
;; schedule: haswell
;; particles: 2 * 45 + 135 + 3600 + 67 + 90 + 3 * 4725 + 135 + 134 + 11 * 135
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main")
    (drop (i32.add (i32.const 1) (i32.const 2)))
    (drop (i64.lt_s (i64.const 1) (i64.const 2)))
    (drop (i32.mul (i32.const 3) (i32.const 4)))
    (drop (i64.rem_u (i64.const 9) (i64.const 4)))
    (drop (i32.shr_s (i32.const -9) (i32.const 4)))
    (drop (i64.rotl (i64.const 9) (i64.const 4)))
    (drop (i32.clz (i32.const 1)))
    (drop (i64.ctz (i64.const 1)))
    (drop (i64.popcnt (i64.const 1)))
    (drop (i64.extend_i32_u (i32.const 1)))
    (drop (i32.extend8_s (i32.const 1)))))
