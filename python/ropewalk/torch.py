"""Programs as layers of PyTorch's networks."""

from __future__ import annotations

from typing import Any

try:
    import torch
except ImportError as error:
    raise ImportError("ropewalk.torch needs PyTorch: pip install torch") from error

from . import _core
from ._options import threads_of, whole
from .errors import input_error
from .programs import Certificate, Decompiled, Machine, MemoryExample, Program, Task, verify

__all__ = ["ProgramLayer"]


class ProgramLayer(torch.nn.Module):
    """A program as a layer: a distribution per memory cell in, a distribution per memory cell out.

    Gradients flow to the input and, where ``trainable``, to the weights. The layer runs on the processor, in float32 or
    float64 as its input is.

    Parameters
    ----------
    program : Program or Machine
        A program is compiled with noise of magnitude ``gamma``; at 0 the layer computes what the program computes.
    steps : int or None
        Steps of the machine; None: the program's own.
    trainable : bool
        Whether the weights are a Parameter or a buffer.
    """

    weights: torch.Tensor

    def __init__(
        self,
        program: Program | Machine,
        *,
        steps: int | None = None,
        gamma: float = 0.0,
        trainable: bool = True,
        n_jobs: int | None = None,
        random_state: int = 0,
    ) -> None:
        super().__init__()
        machine = program if isinstance(program, Machine) else program.compile(gamma=gamma, random_state=random_state)
        if steps is None and machine.steps is None:
            raise input_error("steps", "None, and the program states none", "how many steps the machine is to run")
        self.machine = machine
        self.steps = whole(machine.steps if steps is None else steps, "steps", 0, 1_000_000)
        self.threads = threads_of(n_jobs)
        weights = torch.from_numpy(machine.weights)
        if trainable:
            self.weights = torch.nn.Parameter(weights)
        else:
            self.register_buffer("weights", weights)

    def forward(self, memory: torch.Tensor) -> torch.Tensor:
        """Distributions [..., cells, base] from distributions [..., cells, base] or from whole numbers [..., cells]."""
        if not memory.is_floating_point():
            memory = torch.nn.functional.one_hot(memory.long(), self.machine.base).to(self.weights.dtype)
        if memory.device.type != "cpu" or self.weights.device.type != "cpu":
            raise input_error("memory", f"a tensor on {memory.device}", "one on the processor; copy it with .cpu()")
        if memory.dtype not in (torch.float32, torch.float64):
            raise input_error("memory", f"numbers of type {memory.dtype}", "float32 or float64")
        cells, base = self.machine.cells, self.machine.base
        if memory.dim() < 2 or tuple(memory.shape[-2:]) != (cells, base):
            raise input_error("memory", f"shape {list(memory.shape)}", f"[..., {cells}, {base}]")
        rows = memory.reshape(-1, cells, base)
        result: torch.Tensor = _Run.apply(rows, self.weights.to(memory.dtype), self.machine, self.steps, self.threads)
        return result.reshape(memory.shape)

    def harden(self) -> Program:
        """The most probable program of the weights."""
        return self.decompile().program

    def decompile(self) -> Decompiled:
        """The same with the confidence of every line."""
        return self.trained_machine().decompile()

    def trained_machine(self) -> Machine:
        """The machine with the layer's weights, to be saved or run."""
        return _core.with_weights(self.machine, self.weights.detach().to(torch.float32).contiguous().numpy())

    def verify(self, examples: str | Task | list[MemoryExample], **options: Any) -> Certificate:
        """A certificate of the hardened program."""
        return verify(self.harden(), examples, **options)

    def extra_repr(self) -> str:
        machine = self.machine
        return (
            f"{machine.lines} lines, {machine.registers} registers, base {machine.base}, {machine.cells} cells, "
            f"{self.steps} steps, {self.weights.numel()} weights"
        )


class _Run(torch.autograd.Function):
    """The soft run and its adjoint, in C++."""

    @staticmethod
    def forward(ctx: Any, memory: Any, weights: Any, machine: Machine, steps: int, threads: int) -> Any:
        ctx.save_for_backward(memory, weights)
        ctx.machine, ctx.steps, ctx.threads = machine, steps, threads
        run = _core.run_layer_float64 if memory.dtype == torch.float64 else _core.run_layer_float32
        return torch.from_numpy(run(machine, _plain(weights), _plain(memory), steps, threads))

    @staticmethod
    def backward(ctx: Any, adjoint: Any) -> Any:  # type: ignore[override]
        memory, weights = ctx.saved_tensors
        double = memory.dtype == torch.float64
        run = _core.run_layer_adjoint_float64 if double else _core.run_layer_adjoint_float32
        by_weights, by_memory = run(
            ctx.machine, _plain(weights), _plain(memory), _plain(adjoint), ctx.steps, ctx.threads
        )
        return torch.from_numpy(by_memory), torch.from_numpy(by_weights), None, None, None


def _plain(tensor: Any) -> Any:
    """A tensor's numbers as an array that shares its memory where they lie one after the other."""
    return tensor.detach().contiguous().numpy()
