add r1 r2
inc
jump r1   ; where?
zero
