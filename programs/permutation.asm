; permutation: for an array A and a permutation P of 0..3, P[i] becomes A[P[i]].
; Input: M[0] = address of A, P in M[1..4], A in four cells from M[0]'s address on. Output: M[1..4], in place.
; 7 steps an element and 2 more: halts at step 30.
.base 10
.cells 10
.steps 30
.let r4 4           ; the last cell of P

    read r1 r2      ; r2 = address of A, r1 = 0
loop:
    inc r1 r1
    read r1 r3
    add r2 r3 r3
    read r3 r3      ; A[P[i]]
    write r1 r3
    div r1 r4 r3    ; 0 while r1 < 4
    jump r3 loop
    halt
