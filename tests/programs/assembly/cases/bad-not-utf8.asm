inc r1 rÿ
Ã©Ã©: inc 1 â‚¬2
in›c 1 1
