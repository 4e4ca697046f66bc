.base 4
.let r1 4
.let r2 -1
.let r3 three
.let r9 1
.let r4
.let r4 1 2
.let
inc 1 1
