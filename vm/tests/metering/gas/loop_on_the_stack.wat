;;; A loop whose counter is its parameter: const, loop; five turns of const, sub, tee, get, br_if; the result is dropped.
;; schedule: unit
;; instructions: 2 + 5 * 5 + 1
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32)
    (i32.const 5)
    (loop $next (param i32) (result i32)
      (local.tee $i (i32.sub (i32.const 1)))
      (br_if $next (local.get $i)))
    (drop)))
