; A loop over memory, both spellings of registers, commas and both kinds of comment mixed.
; memory: 3 1 4
; steps: 15
; expect memory: 4 2 5
; expect registers: 3 5 0 0
.base 10
.cells 3

loop:
    read r1, r2     # the value
    inc 2 2
    write 1, r2 ; back
    inc r1,1
    jump r3 loop
