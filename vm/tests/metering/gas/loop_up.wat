;;; i = 0; do i += 1 while (i < 10): ten turns of get, const, add, tee, const, lt_u, br_if; and the loop.
;; schedule: unit
;; instructions: 1 + 10 * 7
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32)
    (loop $next
      (br_if $next
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))))
