;;; Counting down from 0 by 2^29: 2^32 / 2^29 = 8 turns until it is 0 again. loop; get, const, sub, tee, br_if.
;; schedule: unit
;; instructions: 1 + 8 * 5
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32)
    (loop $next
      (br_if $next (local.tee $i (i32.sub (local.get $i) (i32.const 0x20000000)))))))
