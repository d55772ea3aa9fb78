;;; The counter is also changed in the body, when it is odd: do { if (i & 1) i += 2; i += 1 } while (i <= 12).
;;; Turn by turn, with i before it: 1 (odd), 4, 5 (odd), 8, 9 (odd), 12: six turns, three of them odd. The bound is 12.
;;; Each turn: get, const, and, if; odd: get, const, add, set; get, const, add, tee, const, le_u, br_if. const, set, loop.
;; schedule: unit
;; instructions: 2 + 1 + 6 * (4 + 7) + 3 * 4
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32)
    (local.set $i (i32.const 1))
    (loop $next
      (if (i32.and (local.get $i) (i32.const 1))
        (then (local.set $i (i32.add (local.get $i) (i32.const 2)))))
      (br_if $next
        (i32.le_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 12))))))
