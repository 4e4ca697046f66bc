halt 1
inc r1 r2 r3
	read r1, r2, r3
