inc r1 r1
  inc r1 r9
