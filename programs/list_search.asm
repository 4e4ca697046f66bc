; list search: M[0] becomes the address of the first node of a linked list with the value M[1].
; Input: M[0] = address of the first node, M[1] = a value that occurs in the list; a node at address a has the
; address of the next node in M[a] (0: none) and its value in M[a+1]. Output: M[0].
; 6 steps a link and 9 more: halts by step 21 (third node).
.base 8
.cells 8
.steps 21

    read r1 r2      ; r2 = node, r1 stays 0
    inc r1 r3
    read r3 r3      ; r3 = the value to find
loop:
    inc r2 r4
    read r4 r4
    sub r4 r3 r4
    jump r4 done
    read r2 r2
    jump r1 loop
done:
    write r1 r2
    halt
