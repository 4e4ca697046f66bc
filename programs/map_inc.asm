; map inc (Listing 1): every cell of memory becomes itself plus 1, modulo the base.
; Input and output: M[0..3], in place. 5 steps a cell, 20 in all.
; It never halts: r3 stays 0, so the jump is always taken, and a further round would add 1 again.
.base 8
.cells 4
.steps 20

map_loop:
    read 1 2    ; r2 = M[r1]
    inc 2 2
    write 1 2   ; M[r1] = r2
    inc 1 1     ; the next cell
    jump 3 map_loop
