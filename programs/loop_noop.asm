; loop no-op: the template of Table 1, a loop that does nothing and has room for four instructions.
; It has the shape of map inc in Listing 1. Nothing writes r3, so it stays 0 and the jump is always taken.
.base 8
.cells 4
.steps 20

loop:
    nop
    nop
    nop
    nop
    jump 3 loop
