"""Programs as layers of PyTorch's networks."""

from __future__ import annotations

from collections.abc import Sequence
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
    float64 as its input is. With PyTorch 2.4 and newer it is an operator ``ropewalk::run_layer`` of its own, which
    ``torch.compile`` and ``torch.export`` keep as it is.

    Parameters
    ----------
    program : Program or Machine
        A program is compiled with noise of magnitude ``gamma``; at 0 the layer computes what the program computes.
    steps : int or None
        Steps of the machine; None: the program's own.
    trainable : bool
        Whether the weights are a Parameter or a buffer.
    n_jobs : int or None
        Threads, -1 for all. Results are the same at any number of them.
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
        # Words and numbers, which a compiler of networks can carry in its graph.
        self._sizes, self._registers, self._instructions, self._switches = _core.plain_configuration(machine)
        self._cells, self._base = machine.cells, machine.base
        weights = torch.from_numpy(machine.weights)
        if trainable:
            self.weights = torch.nn.Parameter(weights)
        else:
            self.register_buffer("weights", weights)

    def forward(self, memory: torch.Tensor) -> torch.Tensor:
        """Distributions [..., cells, base] from distributions [..., cells, base] or from whole numbers [..., cells]."""
        if not memory.is_floating_point():
            memory = torch.nn.functional.one_hot(memory.long(), self._base).to(self.weights.dtype)
        if memory.device.type != "cpu" or self.weights.device.type != "cpu":
            raise input_error("memory", f"a tensor on {memory.device}", "one on the processor; copy it with .cpu()")
        if memory.dtype not in (torch.float32, torch.float64):
            raise input_error("memory", f"numbers of type {memory.dtype}", "float32 or float64")
        cells, base = self._cells, self._base
        if memory.dim() < 2 or tuple(memory.shape[-2:]) != (cells, base):
            raise input_error("memory", f"shape {list(memory.shape)}", f"[..., {cells}, {base}]")
        result: torch.Tensor = _run_layer(
            memory.reshape(-1, cells, base),
            self.weights.to(memory.dtype),
            self._sizes,
            self._registers,
            self._instructions,
            self._switches,
            self.steps,
            self.threads,
        )
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


def _forward(
    memory: torch.Tensor,
    weights: torch.Tensor,
    sizes: Sequence[int],
    registers: Sequence[int],
    instructions: str,
    switches: str,
    steps: int,
    threads: int,
) -> torch.Tensor:
    run: Any = _core.run_layer_float64 if memory.dtype == torch.float64 else _core.run_layer_float32
    configuration = (list(sizes), list(registers), instructions, switches)
    return torch.from_numpy(run(configuration, _plain(weights), _plain(memory), steps, threads))


def _adjoint(
    result_adjoint: torch.Tensor,
    memory: torch.Tensor,
    weights: torch.Tensor,
    by_weights: bool,
    sizes: Sequence[int],
    registers: Sequence[int],
    instructions: str,
    switches: str,
    steps: int,
    threads: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Derivatives by the memory and by the weights, the latter 0 where they are not wanted."""
    double = memory.dtype == torch.float64
    run: Any = _core.run_layer_adjoint_float64 if double else _core.run_layer_adjoint_float32
    configuration = (list(sizes), list(registers), instructions, switches)
    weight_adjoint, memory_adjoint = run(
        configuration, _plain(weights), _plain(memory), _plain(result_adjoint), steps, threads, by_weights
    )
    of_weights = torch.from_numpy(weight_adjoint) if by_weights else torch.zeros_like(weights)
    return torch.from_numpy(memory_adjoint), of_weights


def _plain(tensor: torch.Tensor) -> Any:
    """A tensor's numbers as an array that shares its memory where they lie one after the other."""
    return tensor.detach().contiguous().numpy()


class _Run(torch.autograd.Function):
    """The operator where PyTorch does not take new ones from Python."""

    @staticmethod
    def forward(ctx: Any, memory: Any, weights: Any, *machine: Any) -> Any:
        ctx.save_for_backward(memory, weights)
        ctx.machine = machine
        return _forward(memory, weights, *machine)

    @staticmethod
    def backward(ctx: Any, adjoint: Any) -> Any:  # type: ignore[override]
        memory, weights = ctx.saved_tensors
        by_memory, by_weights = _adjoint(adjoint, memory, weights, ctx.needs_input_grad[1], *ctx.machine)
        return (by_memory, by_weights, *[None] * len(ctx.machine))


def _as_operators() -> Any:
    """Registers ``ropewalk::run_layer`` and its adjoint, and returns the former."""
    run = torch.library.custom_op("ropewalk::run_layer", _forward, mutates_args=(), device_types="cpu")
    adjoint = torch.library.custom_op("ropewalk::run_layer_adjoint", _adjoint, mutates_args=(), device_types="cpu")
    run.register_fake(lambda memory, *others: torch.empty(memory.shape, dtype=memory.dtype, device=memory.device))

    adjoint.register_fake(
        lambda result_adjoint, memory, weights, *others: tuple(
            torch.empty(each.shape, dtype=each.dtype, device=each.device) for each in (memory, weights)
        )
    )

    def keep(ctx: Any, inputs: Any, output: Any) -> None:
        memory, weights, *ctx.machine = inputs
        ctx.save_for_backward(memory, weights)

    def backward(ctx: Any, result_adjoint: Any) -> Any:
        memory, weights = ctx.saved_tensors
        by_memory, by_weights = adjoint(result_adjoint, memory, weights, ctx.needs_input_grad[1], *ctx.machine)
        return (by_memory, by_weights, *[None] * len(ctx.machine))

    run.register_autograd(backward, setup_context=keep)
    return run


_run_layer: Any = _as_operators() if hasattr(torch.library, "custom_op") else _Run.apply
