.let r9 2
loop:
    raed r1 r2
    jump r3 lop
