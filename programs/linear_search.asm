; linear search: M[0] becomes the address of the first cell of an array that holds the value M[0].
; Input: M[0] = a value that occurs in the array, array in M[1..5]. Output: M[0].
; 5 steps an element and 2 more: halts by step 27 (fifth element).
.base 8
.cells 6
.steps 27

    read r1 r2      ; r2 = the value to find, r1 = 0
loop:
    inc r1 r1
    read r1 r3
    sub r3 r2 r3
    jump r3 done
    jump r4 loop    ; r4 stays 0
done:
    write r4 r1
    halt
