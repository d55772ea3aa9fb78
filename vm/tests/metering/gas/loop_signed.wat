;;; do i += 2 while (i < 5), signed, from -4: -2, 0, 2, 4, 6 are five turns; unsigned it would be one.
;; schedule: unit
;; instructions: 2 + 1 + 5 * 7
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i64)
    (local.set $i (i64.const -4))
    (loop $next
      (br_if $next
        (i64.lt_s (local.tee $i (i64.add (local.get $i) (i64.const 2))) (i64.const 5))))))
