inc r5 r1
inc r1 r0
inc rx r1
inc 1 0x2
inc 1 -1
inc r1 r99999999999999999999
mov R1 r2
