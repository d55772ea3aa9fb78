;;; while (i < n) with n = 0: block, loop, get, get, ge_s, br_if, and it is left before its first turn.
;; schedule: unit
;; instructions: 6
;; start: 1 pages, 2 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32) (local $n i32)
    (block $out
      (loop $next
        (br_if $out (i32.ge_s (local.get $i) (local.get $n)))
        nop nop nop
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))
