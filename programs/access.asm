; access: M[0] becomes the element of an array at index M[0].
; Input: M[0] = index 0..4, array in M[1..5]. Output: M[0]. Halts at step 5.
.base 8
.cells 6
.steps 5

    read r1 r2      ; r1 = 0
    inc r2 r2       ; the array begins in M[1]
    read r2 r2
    write r1 r2
    halt
