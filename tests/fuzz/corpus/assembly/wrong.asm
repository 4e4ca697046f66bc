.base 10
.cells 11
.let r9 10
.let r1
.steps x
1a: add r1 r2
jump r1 nowhere
late:
