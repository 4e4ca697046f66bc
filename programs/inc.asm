; inc: M[0] becomes M[0] + 1, modulo the base; the other cells stay.
; Input and output: M[0]. Halts at step 4.
.base 8
.cells 4
.steps 8

    read r1 r2      ; r1 = 0
    inc r2 r2
    write r1 r2
    halt
