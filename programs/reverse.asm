; reverse: copies an array that ends with 0, last element first, to the address in M[0].
; Input: M[0] = destination p, array from M[1] on. Output: from M[p] on.
; 10 steps an element and 7 more: halts by step 47 (4 elements).
.base 10
.cells 10
.steps 47

    read r1 r2      ; r2 = destination, r1 = 0
find_end:
    inc r1 r1
    read r1 r3
    jump r3 back    ; r1 = address of the 0 behind the array
    jump r4 find_end ; r4 stays 0
back:
    dec r1 r1
    jump r1 end     ; M[0] is in front of the array
    read r1 r3
    write r2 r3
    inc r2 r2
    jump r4 back
end:
    halt
