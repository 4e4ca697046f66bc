.base 256
.cells 3
.registers 64
.steps 9
.let r64 255
a: b_: zero r1 ; two labels
mov r1, r2 # a comma
dec 1 1
mul r64 r64 r3
div r3 r1 r4
mod r3 r1 r5
eq r1 r2 r6
lt r1 r2 r7
jump r1 a
nop
halt
