; Addresses are taken modulo the cells.
; memory: 5 6 7
; registers: 4 9 0 0
; steps: 3
; expect memory: 0 6 7
; expect registers: 4 9 6 0
.cells 3
read r1 r3      ; 4 mod 3 is 1
write r2 r4     ; 9 mod 3 is 0
halt
