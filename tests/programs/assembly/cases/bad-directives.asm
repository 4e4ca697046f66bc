.base 1
.cells
.registers 65
.steps 0
.steps 5
.steps 6
.origin 5
.base 10 11
here: .base 10
.: halt
.steps 99999999999999999999
.LET r1 2
halt
