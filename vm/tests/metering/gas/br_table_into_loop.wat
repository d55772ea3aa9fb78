;;; A br_table whose first target is the loop's header and whose default leaves it. Four turns, i from 0: loop once; each
;;; turn get, const, add, set, and for the index get, const, ge_u, br_table. A block around it all.
;; schedule: unit
;; instructions: 1 + 1 + 4 * 8
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main") (local $i i32)
    (block $out
      (loop $again
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_table $again $out (i32.ge_u (local.get $i) (i32.const 4)))))))
