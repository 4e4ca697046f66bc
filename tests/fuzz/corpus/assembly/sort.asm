; sort: sorts memory from small to large.
; Input and output: M[0..3], in place. Halts at step 66.
; Each pass carries the largest value seen so far up to cell r5, which moves down from 3 to 1.
.base 8
.cells 4
.registers 5
.steps 66
.let r5 3

pass:
    read r1 r2      ; r2 = the largest value seen so far, r1 = 0
pair:
    inc r1 r1
    read r1 r3
    min r2 r3 r4
    max r2 r3 r2
    dec r1 r3
    write r3 r4     ; the smaller of the pair goes one cell down
    div r1 r5 r4    ; 0 while r1 < r5
    jump r4 pair
    write r1 r2
    sub r1 r1 r1
    dec r5 r5
    jump r5 end
    jump r1 pass    ; r1 = 0
end:
    halt
