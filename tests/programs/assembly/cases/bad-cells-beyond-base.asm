.base 4
.cells 5
halt
