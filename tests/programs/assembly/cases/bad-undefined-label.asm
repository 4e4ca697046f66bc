loop: inc 1 1
jump 1 lop
jump 1 elsewhere
jump 1 loop:
