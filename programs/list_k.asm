; list k: M[0] becomes the value of element number k of a linked list, counted from 0.
; Input: M[0] = address of the first node, M[1] = k; a node at address a has the address of the next node in
; M[a] (0: none) and its value in M[a+1]. Output: M[0]. 4 steps a link and 8 more: halts by step 16 (k = 2).
.base 8
.cells 8
.steps 16

    read r1 r2      ; r2 = node, r1 stays 0
    inc r1 r3
    read r3 r3      ; r3 = links to follow
loop:
    jump r3 done
    read r2 r2
    dec r3 r3
    jump r1 loop
done:
    inc r2 r2
    read r2 r2
    write r1 r2
    halt
