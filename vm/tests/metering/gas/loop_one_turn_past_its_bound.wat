;;; do i += 1 while (i < 10) that starts at 100: one turn, for the bound is looked at after it. const, set, loop.
;; schedule: unit
;; instructions: 2 + 1 + 7
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32)
    (local.set $i (i32.const 100))
    (loop $next
      (br_if $next
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))))
