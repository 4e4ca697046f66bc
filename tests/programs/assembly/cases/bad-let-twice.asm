.let r1 2
.let 1 3
halt
