add r1,,r2,,,r7
,inc r8,
