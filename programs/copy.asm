; copy: copies an array that ends with 0 to the address in M[0]; the 0 is not copied.
; Input: M[0] = destination p, array from M[1] on. Output: from M[p] on.
; 6 steps an element and 5 more: halts by step 29 (4 elements).
.base 10
.cells 10
.steps 29

    read r1 r2      ; r2 = destination, r1 = 0
loop:
    inc r1 r1
    read r1 r3
    jump r3 end     ; the 0 behind the array
    write r2 r3
    inc r2 r2
    jump r4 loop    ; r4 stays 0
end:
    halt
