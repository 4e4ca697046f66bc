; fibonacci (Listing 1): memory becomes 1, 2, 3, 5, 8, ... modulo the base, whatever it held.
; Output: M[0..7]. 1 step to begin, 6 a cell; the last write is step 47.
; It never halts: r4 stays 0, so the jump is always taken, and the numbers run on over the first cells.
.base 10
.cells 8
.steps 48

    inc 2 2
fib_loop:
    write 3 2   ; M[r3] carries r2 over to r1
    add 1 2 2   ; the next number
    read 3 1    ; r1 = the number before it
    write 3 2   ; M[r3] = the next number
    inc 3 3
    jump 4 fib_loop
