; map dec: every cell of memory becomes itself minus 1, modulo the base.
; Input and output: M[0..3], in place. 5 steps a cell, 20 in all.
; It has the shape of map inc in Listing 1 and, like it, never halts.
.base 8
.cells 4
.steps 20

map_loop:
    read 1 2    ; r2 = M[r1]
    dec 2 2
    write 1 2   ; M[r1] = r2
    inc 1 1     ; the next cell
    jump 3 map_loop
