;;; Twelve divisions, each with its drop: 44,820 particles. They and the start are rounded up once, as a whole.
;; schedule: haswell
;; particles: 12 * (3600 + 135)
;; start: 1 pages, 3 data, 7 locals
;; status: SUCCESS
(module (memory (export "memory") 1) (data (i32.const 0) "odd")
  (func (export "main") (local i32 i32 i32 i32 i32 i32 i32)
    (drop (i32.div_u (i32.const 7) (i32.const 2))) (drop (i32.div_u (i32.const 7) (i32.const 2)))
    (drop (i32.div_u (i32.const 7) (i32.const 2))) (drop (i32.div_u (i32.const 7) (i32.const 2)))
    (drop (i32.div_u (i32.const 7) (i32.const 2))) (drop (i32.div_u (i32.const 7) (i32.const 2)))
    (drop (i32.div_u (i32.const 7) (i32.const 2))) (drop (i32.div_u (i32.const 7) (i32.const 2)))
    (drop (i32.div_u (i32.const 7) (i32.const 2))) (drop (i32.div_u (i32.const 7) (i32.const 2)))
    (drop (i32.div_u (i32.const 7) (i32.const 2))) (drop (i32.div_u (i32.const 7) (i32.const 2)))))
