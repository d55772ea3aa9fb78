;;; i = 0; do i += 3 while (i < 10): 3, 6, 9, 12 are four turns, not 10 / 3.
;; schedule: unit
;; instructions: 1 + 4 * 7
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32)
    (loop $next
      (br_if $next
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 3))) (i32.const 10))))))
