;;; Free: nop, block, loop, if, constants. An arm that is entered 90, whichever; an if without else has no second arm.
;; schedule: haswell
;;; arms of three ifs: then, else, and none
;;; br 90, br_if 135 taken and 135 not, br_table 90, return 90, call 90, call_indirect 180
;; particles: 90 + 90 + 0 + 90 + 2 * 135 + 90 + 90 + 90 + 180
;; start: 1 pages, 1 elements
;; status: SUCCESS
(module (memory (export "memory") 1) (table 1 funcref) (elem (i32.const 0) func $empty)
  (func $empty nop)
  (func (export "main")
    (if (i32.const 1) (then nop) (else nop))
    (if (i32.const 0) (then nop) (else nop))
    (if (i32.const 0) (then nop))
    (block (br 0))
    (block (br_if 0 (i32.const 1)))
    (block (br_if 0 (i32.const 0)))
    (block (br_table 0 0 (i32.const 5)))
    (loop)
    (call $empty)
    (call_indirect (i32.const 0))
    (return)))
