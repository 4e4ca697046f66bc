; Arithmetic is modulo the base; division by 0 gives 0.
; registers: 6 5 0 0 0 0 0 0
; steps: 9
; expect registers: 6 5 4 1 2 0 6 1
; expect halted: yes
.base 7
.cells 1
.registers 8
add r1 r2 r3
sub r1 r2 r4
mul r1 r2 r5
div r1 r6 r6
dec r6 r7
div r1 r2 r8
mod r7 r6 r6
lt r1 r2 r6
halt
