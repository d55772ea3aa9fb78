;;; Locals, globals, loads, stores, drop, select, memory.size: 135 each. memory.grow 90, and 2 pages.
;;; local.set local.get local.tee drop: 4. global.get global.set: 2. load, store: 2. select and drop: 2.
;;; memory.size and drop: 2. A drop after memory.grow: 1.
;; schedule: haswell
;; particles: (4 + 2 + 2 + 2 + 2 + 1) * 135 + 90
;; grown: 2
;; start: 1 pages, 1 locals
;; status: SUCCESS
(module (memory (export "memory") 1) (global $g (mut i64) (i64.const 7))
  (func (export "main") (local i32)
    (local.set 0 (i32.const 1))
    (drop (local.tee 0 (local.get 0)))
    (global.set $g (global.get $g))
    (i32.store (i32.const 0) (i32.load8_s (i32.const 9)))
    (drop (select (i32.const 1) (i32.const 2) (i32.const 3)))
    (drop (memory.size))
    (drop (memory.grow (i32.const 2)))))
