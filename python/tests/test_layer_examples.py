"""Readers learn through programs: what examples/layers does, on images that are easy to read."""

import argparse
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "layers"))

import learn
from data import Digits, in_file_order, shuffled
from tasks import addition, parity, sorting

random = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def digits_of(count):
    """A bright bar whose length is the digit, under noise."""
    labels = random.integers(10, size=count)
    images = random.integers(60, size=(count, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels):
        image[12:16, 3 : 5 + 2 * label] = 250
    return Digits(images, labels.astype(np.int64))


@pytest.mark.parametrize("digits", [1, 2, 4])
def test_the_program_adds_numbers_of_digits(digits):
    symbols = random.integers(10, size=(50, 2 * digits))
    powers = 10 ** np.arange(digits)[::-1]
    sums = symbols[:, :digits] @ powers + symbols[:, digits:] @ powers
    assert (addition(digits).answers(symbols) @ 10 ** np.arange(digits + 1)[::-1] == sums).all()


@pytest.mark.parametrize("length", [2, 3, 5])
def test_the_programs_sort_digits_and_tell_parity(length):
    symbols = random.integers(10, size=(50, length))
    np.testing.assert_array_equal(sorting(length).answers(symbols), np.sort(symbols, -1))
    np.testing.assert_array_equal(parity(length).answers(symbols % 2)[:, 0], symbols.sum(-1) % 2)


def test_rows_have_every_image_once():
    digits = digits_of(23)
    assert in_file_order(digits, 4).tolist() == np.arange(20).reshape(5, 4).tolist()
    rows = shuffled(digits, 2, seed=1, shown=(0, 1, 2, 3))
    assert len(np.unique(rows)) == rows.size and digits.labels[rows].max() <= 3


def options_of(**others):
    plain = {"seed": 0, "epochs": 6, "batch": 32, "rate": 3e-3, "threads": 1, "blank": None, "opcode_only": True}
    return argparse.Namespace(**plain, program_rate=0.1, verbose=False, **others)


def test_a_reader_learns_from_sums_alone():
    task, train, test = addition(1), digits_of(1500), digits_of(200)
    learner = learn.learn(task, train, task.rows_of(train, 0), options_of())
    assert learn.judge(learner, task, test, 0)["digits"] > 0.9


def test_a_forgotten_instruction_alone_has_a_gradient_and_is_no_longer_certified():
    task, options = addition(1), options_of()
    right = learn.Learner(task, options)
    assert learn.judge_program(right.layer, task, 3)["certified"]
    options.blank = 3
    learner = learn.Learner(task, options)
    assert not learn.judge_program(learner.layer, task, 3)["certified"]
    learner(torch.rand(4, 2, 1, 28, 28)).square().sum().backward()
    changed = learner.layer.weights.grad.abs() > 0
    columns = len(task.instructions.split(","))
    assert changed[3, :columns].any()
    changed[3, :columns] = False
    assert not changed.any()
