;;; The bytes of the module, section by section: magic and version 8; types 2 + 4 (one type: 1 + 3);
;;; functions 2 + 2; memory 2 + 3; exports 2 + (1 + 7 + 9); code 2 + (1 + 1 + 3): its body has 3 bytes, no locals, nop, end.
;; schedule: unit
;; instructions: 1
;; start: 1 pages, 8 + (2 + 4) + (2 + 2) + (2 + 3) + (2 + 1 + 9 + 7) + (2 + 5) code
;; status: SUCCESS
(module (memory (export "memory") 1) (func (export "main") nop))
