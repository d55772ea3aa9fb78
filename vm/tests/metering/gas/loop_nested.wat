;;; Three outer turns; in each, const, set, loop, four inner turns of get, const, sub, tee, br_if; then 7 for itself.
;; schedule: unit
;; instructions: 1 + 3 * (2 + 1 + 4 * 5 + 7)
;; start: 1 pages, 2 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32) (local $j i32)
    (loop $outer
      (local.set $j (i32.const 4))
      (loop $inner (br_if $inner (local.tee $j (i32.sub (local.get $j) (i32.const 1)))))
      (br_if $outer
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3))))))
