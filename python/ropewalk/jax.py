"""Programs as functions of JAX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    raise ImportError("ropewalk.jax needs JAX: pip install jax") from error

import numpy as np

from . import _core
from ._options import threads_of, whole
from .errors import input_error
from .programs import Machine, Program

__all__ = ["program_layer"]


def program_layer(
    program: Program | Machine,
    *,
    steps: int | None = None,
    gamma: float = 0.0,
    n_jobs: int | None = None,
    random_state: int = 0,
) -> tuple[Callable[[Any, Any], Any], Any]:
    """A program as ``layer(weights, memory)`` and the weights to begin with, float32 [lines, columns].

    ``memory`` has a distribution per memory cell, [..., cells, base], and so has the result. Derivatives of reverse mode by
    both are exact, so ``jax.grad``, ``jax.jit`` and ``jax.vmap`` work; forward mode and second derivatives are not to be
    had. The machine runs on the processor, outside of XLA, in float32, or in float64 where ``jax_enable_x64`` is set and
    memory is. ``gamma`` and ``steps`` are as in ``ropewalk.torch.ProgramLayer``.
    """
    machine = program if isinstance(program, Machine) else program.compile(gamma=gamma, random_state=random_state)
    if steps is None and machine.steps is None:
        raise input_error("steps", "None, and the program states none", "how many steps the machine is to run")
    count = whole(machine.steps if steps is None else steps, "steps", 0, 1_000_000)
    threads = threads_of(n_jobs)
    configuration = _core.plain_configuration(machine)
    cells, base = machine.cells, machine.base

    def outside(weights: Any, memory: Any) -> Any:
        weights, rows = np.ascontiguousarray(weights), np.ascontiguousarray(memory)
        run: Any = _core.run_layer_float64 if rows.dtype == np.float64 else _core.run_layer_float32
        return run(configuration, weights, rows.reshape(-1, cells, base), count, threads).reshape(rows.shape)

    def outside_adjoint(weights: Any, memory: Any, adjoint: Any) -> Any:
        weights, rows, seeds = (np.ascontiguousarray(each) for each in (weights, memory, adjoint))
        run: Any = _core.run_layer_adjoint_float64 if rows.dtype == np.float64 else _core.run_layer_adjoint_float32
        by_weights, by_rows = run(
            configuration, weights, rows.reshape(-1, cells, base), seeds.reshape(-1, cells, base), count, threads, True
        )
        return by_weights, by_rows.reshape(rows.shape)

    def shape_of(array: Any) -> Any:
        return jax.ShapeDtypeStruct(array.shape, array.dtype)

    def through(weights: Any, memory: Any) -> Any:
        return jax.pure_callback(outside, shape_of(memory), weights, memory, vmap_method="sequential")

    run = jax.custom_vjp(through)

    def forward(weights: Any, memory: Any) -> Any:
        return run(weights, memory), (weights, memory)

    def backward(kept: Any, adjoint: Any) -> Any:
        shapes = shape_of(kept[0]), shape_of(kept[1])
        return jax.pure_callback(outside_adjoint, shapes, *kept, adjoint, vmap_method="sequential")

    run.defvjp(forward, backward)

    def layer(weights: Any, memory: Any) -> Any:
        memory = jnp.asarray(memory)
        if not jnp.issubdtype(memory.dtype, jnp.floating):
            memory = jax.nn.one_hot(memory, base)
        if memory.ndim < 2 or memory.shape[-2:] != (cells, base):
            raise input_error("memory", f"shape {list(memory.shape)}", f"[..., {cells}, {base}]")
        if memory.dtype not in (jnp.float32, jnp.float64):
            raise input_error("memory", f"numbers of type {memory.dtype}", "float32 or float64")
        return run(jnp.asarray(weights).astype(memory.dtype), memory)

    return layer, jnp.asarray(machine.weights)
