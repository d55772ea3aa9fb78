;;; n = 10; do { n -= 1; i += 1 } while (i < n): (1,9) (2,8) (3,7) (4,6) (5,5) are five turns of 4 + 7. const, set, loop.
;; schedule: unit
;; instructions: 2 + 1 + 5 * (4 + 7)
;; start: 1 pages, 2 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32) (local $n i32)
    (local.set $n (i32.const 10))
    (loop $next
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $next
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))))
