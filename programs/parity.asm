; parity: M[3] becomes 1 when an odd number of the bits M[0..2] is 1, else 0.
; Input: M[0..2], each 0 or 1. Output: M[3]. Halts at step 18.
; The square of the sum is its parity: 0, 1, 4, 9 are 0, 1, 0, 1 modulo 4.
.base 4
.cells 4
.registers 5
.steps 21
.let r4 3           ; the number of bits

loop:
    read r3 r2
    add r1 r2 r1    ; r1 is the sum so far
    inc r3 r3
    div r3 r4 r5    ; 0 while r3 < 3
    jump r5 loop
    mul r1 r1 r1
    write r3 r1     ; r3 = 3
    halt
