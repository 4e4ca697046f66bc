inc 1 1
    ad 1 2 3
frobnicate 1
READ 1 2
