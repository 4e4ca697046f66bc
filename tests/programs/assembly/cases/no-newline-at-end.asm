; The last line has no newline.
; steps: 1
; expect registers: 1 0 0 0
.cells 1
inc 1 1