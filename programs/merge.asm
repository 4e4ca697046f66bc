; merge: merges two arrays, each sorted from large to small and ended with 0, into a third one.
; Input: up to three elements and a 0 each in M[0..3] and M[4..7]; M[8..13] hold 0. Output: M[8..13].
; The 0 behind an array is smaller than every element, so the rest of the other array follows by itself.
; 10 steps an element and 5 more: halts by step 65 (6 elements).
.base 14
.cells 14
.registers 6
.steps 65
.let r2 4           ; the second array; the first begins at r1 = 0
.let r3 8           ; the output

loop:
    read r1 r4
    read r2 r5
    max r4 r5 r5
    jump r5 end     ; both arrays are used up
    write r3 r5
    inc r3 r3
    sub r5 r4 r4
    jump r4 first   ; 0 when the element came from the first array
    inc r2 r2
    jump r6 loop    ; r6 stays 0
first:
    inc r1 r1
    jump r6 loop
end:
    halt
