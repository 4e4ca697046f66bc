#include "ropewalk/programs/exports/machine_code.hpp"

namespace ropewalk::exports {

const char* const machine_python_functions = R"(
#: What instructions make of x and y. `read` takes its value from memory, others make none.
OPERATIONS = {
    "zero": lambda x, y: x * 0,
    "mov": lambda x, y: x,
    "inc": lambda x, y: (x + 1) % BASE,
    "dec": lambda x, y: (x - 1) % BASE,
    "add": lambda x, y: (x + y) % BASE,
    "sub": lambda x, y: (x - y) % BASE,
    "mul": lambda x, y: x * y % BASE,
    "div": lambda x, y: np.where(y == 0, 0, x // np.maximum(y, 1)),
    "mod": lambda x, y: np.where(y == 0, 0, x % np.maximum(y, 1)),
    "min": np.minimum,
    "max": np.maximum,
    "eq": lambda x, y: (x == y).astype(int),
    "lt": lambda x, y: (x < y).astype(int),
}

_x, _y = (each.ravel() for each in np.mgrid[:BASE, :BASE])
_makes_value = np.array([name == "read" or name in OPERATIONS for name in INSTRUCTIONS])


def _tensors(path):
    """The tensors of a safetensors file."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    tensors = {}
    for name, tensor in header.items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            values = np.frombuffer(content[8 + length + begin : 8 + length + end], "<f4")
            tensors[name] = values.reshape(tensor["shape"]).astype(float)
    return tensors


#: Weights [LINES, choices] by what the controller chooses: instruction, first, second, destination, target.
weights = _tensors(Path(__file__).parent / "machine.safetensors")


class State(NamedTuple):
    """Where n runs stand: distributions over lines, and over values for every cell and register."""

    line: np.ndarray  #: [n, LINES]
    memory: np.ndarray  #: [n, CELLS, BASE]
    registers: np.ndarray  #: [n, REGISTERS, BASE]
    halted: np.ndarray  #: [n], probability of having halted


def _softmax(values):
    powers = np.exp(values - values.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def _choice(line, name):
    return line @ _softmax(weights[name]) if SWITCHES["mix"] == "probabilities" else _softmax(line @ weights[name])


def _folded(values, size):
    """Entry x is added to entry x mod size."""
    folded = np.zeros((len(values), size))
    for x in range(values.shape[1]):
        folded[:, x % size] += values[:, x]
    return folded


def _output(instruction, value1, value2, address, memory):
    """What instructions make of two values and of memory."""
    output = np.zeros_like(value1)
    pairs = (value1[:, :, None] * value2[:, None, :]).reshape(len(value1), -1)
    for k, name in enumerate(INSTRUCTIONS):
        if name == "read":
            output += instruction[:, k, None] * np.einsum("na,nab->nb", address, memory)
        elif name in OPERATIONS:
            np.add.at(output.T, OPERATIONS[name](_x, _y), (instruction[:, k, None] * pairs).T)
    return output


def _target(line, second, value2):
    """Where a jump goes."""
    if SWITCHES["target"] == "line":
        return _choice(line, "target")
    return _folded(value2 if SWITCHES["target"] == "register" else second, LINES)


def step(state):
    """The state after one step."""
    line, memory, registers, halted = state
    instruction = _choice(line, "instruction")
    first, second, destination = (_choice(line, name) for name in ("first", "second", "destination"))
    value1, value2 = (np.einsum("nr,nrb->nb", each, registers) for each in (first, second))
    address = _folded(value1, CELLS)
    output = _output(instruction, value1, value2, address, memory)
    share = instruction[:, _makes_value].sum(1)

    def probability_of(name):
        return instruction[:, INSTRUCTIONS.index(name)] if name in INSTRUCTIONS else np.zeros(len(line))

    halt = probability_of("halt")
    halted = halted + (1 - halted) * halt if SWITCHES["halting"] == "absorb" else np.maximum(halted, halt)
    keep = 1 - halted if SWITCHES["freeze"] == "on" else np.ones(len(line))
    if SWITCHES["mass"] == "zero":
        output[:, 0] += 1 - share
    if SWITCHES["mass"] != "conserve":
        share = np.ones(len(line))
    moved = output[:, None, :] - share[:, None, None] * registers
    registers = registers + (keep[:, None] * destination)[:, :, None] * moved
    write = (keep * probability_of("write"))[:, None] * address
    memory = memory + write[:, :, None] * (value2[:, None, :] - memory)
    jump = (probability_of("jump") * value1[:, 0])[:, None]
    advanced = np.roll(line, 1, axis=1)
    line = line + keep[:, None] * (advanced + jump * (_target(line, second, value2) - advanced) - line)
    return State(line, memory, registers, halted)


def run(memory, steps=STEPS):
    """The state after the steps, from memory as distributions [n, CELLS, BASE] or as whole numbers [n, CELLS]."""
    memory = np.asarray(memory)
    if memory.dtype.kind in "iu":
        memory = (memory[..., None] == np.arange(BASE)).astype(float)
    if memory.ndim != 3 or memory.shape[1:] != (CELLS, BASE):
        raise ValueError(f"found memory of shape {memory.shape}; expected [n, {CELLS}, {BASE}] or whole numbers [n, {CELLS}]")
    count = len(memory)
    registers = np.eye(BASE)[np.tile(INITIAL_REGISTERS, (count, 1))]
    state = State(np.eye(LINES)[np.zeros(count, int)], memory.astype(float), registers, np.zeros(count))
    for _ in range(steps):
        state = step(state)
    return state


def values(state):
    """The most probable value of every cell [n, CELLS]."""
    return state.memory.argmax(-1)


def self_test():
    """The largest difference from the test vectors, which are what Ropewalk computes."""
    vectors = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
    memory, result, registers, halted = (
        np.array([each[name] for each in vectors], float) for name in ("memory", "result", "registers", "halted")
    )
    state = run(memory, VECTOR_STEPS)
    found = ((state.memory, result), (state.registers, registers), (state.halted, halted))
    return max(np.abs(ours - theirs).max() for ours, theirs in found)


if __name__ == "__main__":
    difference = self_test()
    print(f"largest difference {difference:.3g}")
    sys.exit(0 if difference <= 1e-5 else 1)
)";

} // namespace ropewalk::exports
