;;; As LLVM counts down: do i -= 1 while (i): const, set; loop; seven turns of nop, get, const, add, tee, br_if.
;; schedule: unit
;; instructions: 2 + 1 + 7 * 6
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32)
    (local.set $i (i32.const 7))
    (loop $next
      nop
      (br_if $next (local.tee $i (i32.add (local.get $i) (i32.const -1)))))))
