"""A program is a function of JAX."""

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="programs as functions of JAX need JAX")

import jax.numpy as jnp
from jax.test_util import check_grads

import ropewalk as rw
from ropewalk.jax import program_layer


@pytest.fixture
def small(map_inc):
    return rw.Program.parse(map_inc, base=3, cells=2)


def test_a_compiled_program_computes_what_the_program_computes(map_inc):
    program = rw.Program.parse(map_inc)
    layer, weights = program_layer(program)
    inputs = np.array([[3, 1, 4, 7], [0, 0, 5, 6]])
    result = jax.jit(layer)(weights, inputs)
    assert result.shape == (2, 4, 8) and result.dtype == jnp.float32
    assert np.asarray(result).argmax(-1).tolist() == [program(row.tolist()) for row in inputs]


@pytest.fixture
def double_precision():
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


def test_gradients_are_right_in_double_precision(small, double_precision):
    layer, weights = program_layer(small, steps=6, gamma=0.4)
    memory = jax.nn.softmax(jax.random.normal(jax.random.key(0), (2, 2, 3), jnp.float64))
    assert layer(weights, memory).dtype == jnp.float64
    check_grads(layer, (jnp.asarray(np.asarray(weights, np.float64)), memory), order=1, modes=["rev"])


def test_gradients_go_through_jit_and_vmap(small):
    layer, weights = program_layer(small, steps=6, gamma=0.4)
    memory = jax.nn.softmax(jax.random.normal(jax.random.key(1), (4, 2, 3)))
    loss = lambda weights, memory: (layer(weights, memory) ** 2).sum()
    together = jax.jit(jax.grad(loss, argnums=(0, 1)))(weights, memory)
    apart = jax.vmap(jax.grad(loss, argnums=1), in_axes=(None, 0))(weights, memory)
    np.testing.assert_allclose(together[1], apart, atol=1e-6)
    assert together[0].shape == weights.shape and float(jnp.abs(together[0]).max()) > 0


@pytest.mark.parametrize("memory", [np.ones((4, 7)), np.ones(3), np.ones((2, 3), np.float16)])
def test_what_does_not_fit_is_refused(small, memory):
    layer, weights = program_layer(small, steps=6)
    with pytest.raises(rw.InputError, match="expected"):
        layer(weights, memory)


def test_a_program_without_steps_needs_them():
    with pytest.raises(rw.InputError, match="how many steps"):
        program_layer(rw.Program.parse("halt"))
