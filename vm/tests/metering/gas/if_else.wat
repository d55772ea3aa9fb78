;;; Condition, if, and the arm that runs. An if without else, an empty one, and one whose second arm is empty.
;; schedule: unit
;; instructions: (2 + 2) + (2 + 1) + (2 + 1) + 2 + 2 + 2 + 2
;; start: 1 pages
;; status: SUCCESS
(module (memory (export "memory") 1)
  (func (export "main")
    (if (i32.const 1) (then nop nop) (else nop))
    (if (i32.const 0) (then nop nop) (else nop))
    (if (i32.const 1) (then nop))
    (if (i32.const 0) (then nop))
    (if (i32.const 1) (then))
    (if (i32.const 0) (then))
    (if (i32.const 0) (then nop) (else))))
