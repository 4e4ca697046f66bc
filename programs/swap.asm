; swap: exchanges the two cells that M[0] and M[1] point to.
; Input: M[0] and M[1], addresses 2..5. Output: M[2..5], in place. Halts at step 8.
.base 8
.cells 6
.steps 8

    read r1 r3      ; r3 = p
    inc r1 r1
    read r1 r4      ; r4 = q
    read r3 r1      ; r1 = M[p]
    read r4 r2      ; r2 = M[q]
    write r3 r2
    write r4 r1
    halt
