; walk bst: M[0] becomes the value at the end of a path through a binary search tree.
; Input: M[0] = address of the root; path from M[1] on, 1 for left and 2 for right, ended with 0; a node at
; address a has its value in M[a] and the addresses of its children in M[a+1] and M[a+2] (0: none).
; Output: M[0]. 6 steps a link and 7 more: halts by step 19 (2 links).
.base 13
.cells 13
.steps 19

    read r1 r2      ; r2 = node, r1 = 0
loop:
    inc r1 r1
    read r1 r3
    jump r3 done
    add r2 r3 r2
    read r2 r2      ; the child on that side
    jump r4 loop    ; r4 stays 0
done:
    read r2 r2
    write r4 r2
    halt
