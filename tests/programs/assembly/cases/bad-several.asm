.base 300
	inc r1
  jmp 1 end
add r1 r2 r9 r4
jump r7 nowhere
