;; A counter in storage slot 0.
;;
;; Without call data: adds one and returns the new value. With any call data:
;; returns the value and changes nothing. The value is 32 bytes, big-endian,
;; in storage and in the output alike; after 2^256 - 1 comes 0.
(module
  (import "ethereum" "getCallDataSize" (func $getCallDataSize (result i32)))
  (import "ethereum" "storageLoad" (func $storageLoad (param i32 i32)))
  (import "ethereum" "storageStore" (func $storageStore (param i32 i32)))
  (import "ethereum" "finish" (func $finish (param i32 i32)))

  ;;  0..32  the storage key, all zeros
  ;; 32..64  the value
  (memory (export "memory") 1)

  (func (export "main")
    (call $storageLoad (i32.const 0) (i32.const 32))
    (if (i32.eqz (call $getCallDataSize))
      (then
        (call $increment)
        (call $storageStore (i32.const 0) (i32.const 32))))
    (call $finish (i32.const 32) (i32.const 32)))

  ;; Adds one to the last byte, and to the one before it as long as a byte
  ;; turns 0.
  (func $increment (local $at i32)
    (local.set $at (i32.const 64))
    (loop $carry
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at)
        (i32.add (i32.load8_u (local.get $at)) (i32.const 1)))
      (br_if $carry
        (i32.and
          (i32.eqz (i32.load8_u (local.get $at)))
          (i32.gt_u (local.get $at) (i32.const 32)))))))
