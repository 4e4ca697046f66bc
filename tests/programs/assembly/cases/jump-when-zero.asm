; A jump is taken on 0 and on nothing else.
; steps: 20
; expect registers: 0 1 2 0
; expect halted: yes
.cells 1
.let r2 1
    jump r2 wrong
    jump r1 right
wrong:
    inc r3 r3
    halt
right:
    inc r3 r3
    inc r3 r3
    halt
