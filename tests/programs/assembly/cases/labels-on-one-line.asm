; Several labels stand before one instruction, with and without a space behind the colon.
; steps: 6
; expect registers: 2 1 0 0
; expect halted: yes
.cells 2
a: b:inc r1 r1
c:
d: jump r2 last.one
   halt
last.one:inc 1 1
   inc 2 2
   jump r1 a
   halt
