"""What the peers of the differentiable machine know of its instructions."""

PAPER13 = "halt nop inc dec add sub mul div min max read write jump".split()
VALUES = {
    "zero": lambda x, y: 0,
    "mov": lambda x, y: x,
    "inc": lambda x, y: x + 1,
    "dec": lambda x, y: x - 1,
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x // y if y else 0,
    "mod": lambda x, y: x % y if y else 0,
    "min": min,
    "max": max,
    "eq": lambda x, y: int(x == y),
    "lt": lambda x, y: int(x < y),
}
