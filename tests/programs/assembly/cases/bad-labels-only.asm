a:
b:
