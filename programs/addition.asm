; addition: M[0] + M[1] as a number of two digits, the low digit in M[2] and the carry in M[3].
; Input: M[0] and M[1]. Output: M[2] and M[3]. Halts at step 12.
.base 8
.cells 4
.steps 12

    read r1 r2      ; r1 = 0
    inc r1 r1
    read r1 r3
    add r2 r3 r3    ; the low digit
    min r2 r3 r4
    sub r2 r4 r4    ; not 0 exactly when the sum passed the base: then it is less than M[0]
    min r4 r1 r4    ; r1 = 1, so r4 is the carry, 0 or 1
    inc r1 r1
    write r1 r3
    inc r1 r1
    write r1 r4
    halt
