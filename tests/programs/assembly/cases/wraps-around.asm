; Behind the last line comes the first one.
; steps: 7
; expect registers: 4 0 0 0
; expect halted: no
.cells 1
inc r1 r1
nop
