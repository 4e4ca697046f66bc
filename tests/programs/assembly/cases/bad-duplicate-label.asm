a: inc 1 1
b:
a: halt
  a: a: nop
