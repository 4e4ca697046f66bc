; Lines end as on Windows.
; memory: 7
; steps: 10
; expect memory: 8
; expect halted: yes
.cells 1

read r1 r2
inc r2 r2
write r1 r2
halt
