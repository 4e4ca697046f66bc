; sum reduce (Listing 1): M[3] becomes M[0] + M[1] + M[2], modulo the base.
; Input: M[0..2]. Output: M[3]. 2 steps to begin, 6 a cell, 1 to write: 21 in all.
; It never halts: after the write it wraps to its first line with its registers as they are.
.base 4
.cells 4
.registers 5
.steps 21

    inc 4 4
    inc 4 4     ; r4 = 2, the last cell to add
sum_loop:
    read 3 2    ; r2 = M[r3]
    add 1 2 1   ; r1 is the sum so far
    inc 3 3
    max 3 4 5
    sub 4 5 5   ; 0 while r3 <= r4
    jump 5 sum_loop
    write 3 1   ; r3 = 3
