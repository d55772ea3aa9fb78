;;; do { if (i == 4) break; i += 1 } while (i < 10): turns with i = 0 to 3 run whole, the one with 4 leaves.
;;; block, loop; get, const, eq, br_if is 4; the rest is 7.
;; schedule: unit
;; instructions: 2 + 4 * (4 + 7) + 4
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32)
    (block $out
      (loop $next
        (br_if $out (i32.eq (local.get $i) (i32.const 4)))
        (br_if $next
          (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10)))))))
