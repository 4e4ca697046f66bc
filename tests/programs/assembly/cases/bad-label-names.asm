1st: inc 1 1
a-b: inc 1 1
: halt
a$: halt
