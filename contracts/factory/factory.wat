;; Creates a contract and calls it once.
;;
;; The call data is the child's init code; the value sent goes to the child.
;; Returns the child's address, padded in front to 32 bytes, and after it what
;; the child returned when called without data. When the creation or the call
;; fails, all of it is reverted, with what the child returned.
(module
  (import "ethereum" "getCallDataSize" (func $getCallDataSize (result i32)))
  (import "ethereum" "callDataCopy" (func $callDataCopy (param i32 i32 i32)))
  (import "ethereum" "getCallValue" (func $getCallValue (param i32)))
  (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
  (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
  (import "ethereum" "getReturnDataSize" (func $getReturnDataSize (result i32)))
  (import "ethereum" "returnDataCopy" (func $returnDataCopy (param i32 i32 i32)))
  (import "ethereum" "finish" (func $finish (param i32 i32)))
  (import "ethereum" "revert" (func $revert (param i32 i32)))

  ;;  0..16  the value for the child, little-endian
  ;; 16..32  the value of the call after it: zero
  ;; 32..64  the child's address, its 20 bytes at 44
  ;; 64..    the init code, later what the child returned
  (memory (export "memory") 1)

  (func (export "main")
    (call $reserve (call $getCallDataSize))
    (call $callDataCopy (i32.const 64) (i32.const 0) (call $getCallDataSize))
    (call $getCallValue (i32.const 0))

    (if (call $create (i32.const 0) (i32.const 64) (call $getCallDataSize) (i32.const 44))
      (then (call $revert (i32.const 64) (call $fetchReturnData))))

    ;; Asking for more gas than there is gives as much as a call may have.
    (if (call $call (i64.const 0x7fffffffffffffff) (i32.const 44) (i32.const 16)
          (i32.const 0) (i32.const 0))
      (then (call $revert (i32.const 64) (call $fetchReturnData))))

    (call $finish (i32.const 32) (i32.add (i32.const 32) (call $fetchReturnData))))

  ;; Copies what the child returned to 64 and returns its length.
  (func $fetchReturnData (result i32)
    (call $reserve (call $getReturnDataSize))
    (call $returnDataCopy (i32.const 64) (i32.const 0) (call $getReturnDataSize))
    (call $getReturnDataSize))

  ;; Makes room for so many bytes at 64. If the memory cannot grow, the copy
  ;; that follows is out of bounds and ends the contract.
  (func $reserve (param $size i32) (local $missing i32)
    (local.set $missing
      (i32.sub
        (i32.add (i32.shr_u (i32.add (local.get $size) (i32.const 63)) (i32.const 16)) (i32.const 1))
        (memory.size)))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then (drop (memory.grow (local.get $missing)))))))
