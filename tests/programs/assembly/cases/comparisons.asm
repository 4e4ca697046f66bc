; The rest of the instructions on one pair of values.
; registers: 3 4 0 0 0 0 0 0
; steps: 8
; expect registers: 3 4 3 4 0 1 3 0
; expect halted: yes
.registers 8
.cells 1
min r1 r2 r3
max r1 r2 r4
eq r1 r2 r5
lt r1 r2 r6
mov r1 r7
mod r1 r2 r8
zero r8
halt
