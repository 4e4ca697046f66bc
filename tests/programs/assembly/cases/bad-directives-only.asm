.base 8
