"""Programs over lists from examples."""

import pickle
import random
import subprocess
import sys
import warnings

import numpy as np
import pytest
from conftest import SOON, interrupted_after

import ropewalk as rw

LISTS = [[3, 1, 2], [5, 4, 4, 1], [], [9, 2, 7, 7, 8, 1]]


def learned(function, inputs, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rw.UndecidedExamples)
        return rw.induce([(each, function(*each) if isinstance(each, tuple) else function(each)) for each in inputs], **options)


@pytest.mark.parametrize(
    "function",
    [sorted, lambda x: [2 * e for e in x], len, lambda x: list(reversed(x)), sum, lambda x: [e for e in x if e % 2 == 0]],
)
def test_the_program_of_examples_is_right_elsewhere(function):
    found = learned(function, LISTS, timeout=30)
    draw = random.Random(1)
    for _ in range(20):
        fresh = [draw.randrange(0, 20) for _ in range(draw.randrange(8))]
        assert found(fresh) == function(fresh)


def test_arguments_may_be_several_and_have_names():
    found = learned(lambda x, k: x[:k], [([1, 2, 3, 4], 2), ([5, 6, 7], 1), ([8, 9, 1, 2, 3], 4), ([4, 4], 0)], timeout=30)
    assert found([7, 8, 9], 2) == [7, 8]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rw.UndecidedExamples)
        named = rw.induce([({"low": 1, "high": 4}, 5), ({"low": 2, "high": 9}, 11), ({"low": 30, "high": 7}, 37)], timeout=30)
    assert list(named.parameters) == ["low", "high"]
    assert named(20, 3) == 23
    with pytest.raises(TypeError, match="low: int"):
        named(1)


def test_texts_truth_values_and_arrays_are_values():
    assert learned(lambda text: text[::-1], ["abc", "hello", "xy z"], timeout=30)("rope") == "epor"
    assert learned(lambda x: len(x) > 2, [*LISTS, [1, 1], [0, 0, 0]], timeout=30)([4, 5, 6, 7]) is True
    assert rw.induce([(np.array([3, 1]), np.int64(4)), ([5, 4, 2], 11), ([7], 7), ([1, 1, 1, 1, 9], 13)])([1, 2]) == 3


def test_a_function_is_asked_what_decides():
    asked = []

    def largest(x):
        asked.append(list(x))
        return max(x, default=0)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rw.UndecidedExamples)
        found = rw.induce(largest, inputs=[[1, 2, 3], [2, 5]], timeout=30)
    assert len(asked) > 2
    assert found([4, 9, 1]) == 9


def test_examples_that_do_not_decide_are_told():
    with pytest.warns(rw.UndecidedExamples):
        found = rw.induce([([1, 2, 3], 3), ([2, 5], 5)], timeout=10)
    assert not found.decided
    assert found.warning
    if found.rival is not None:
        assert found(*found.rival.arguments) == found.rival.value != found.rival.rival_value


@pytest.fixture(scope="module")
def doubling():
    return learned(lambda x: [2 * e for e in x], LISTS, timeout=30)


def test_a_source_is_a_value(doubling):
    assert rw.Source.parse(str(doubling)) == doubling
    other = pickle.loads(pickle.dumps(doubling))
    assert other == doubling and hash(other) == hash(doubling)
    assert (other.cost, other.decided, other.python()) == (doubling.cost, doubling.decided, doubling.python())
    assert doubling.parameters and doubling.result == "[int]"
    with pytest.raises(AttributeError):
        doubling.cost = 0


def test_python_code_runs_its_self_test(doubling, tmp_path):
    (tmp_path / "found.py").write_text(doubling.python())
    done = subprocess.run([sys.executable, tmp_path / "found.py"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    names: dict = {"__name__": "found"}
    exec(doubling.python(), names)
    assert names["solve"]([1, 5]) == [2, 10]


def test_c_code_compiles_and_runs_its_self_test(doubling, tmp_path):
    import shutil

    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    (tmp_path / "found.c").write_text(doubling.c())
    subprocess.run(
        ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-DROPE_SELF_TEST", tmp_path / "found.c", "-o", tmp_path / "found"],
        check=True,
    )
    assert subprocess.run([tmp_path / "found"]).returncode == 0


@pytest.mark.parametrize(
    "examples", [[], [3], [([1.5], 1)], [([1], "a"), ([2], 3)], [([1, "a"], 1)], [([None], 1)], [({"out": 1}, 2)], [([1], 2), ([1], 3)]]
)
def test_what_is_no_example_is_refused(examples):
    with pytest.raises(rw.InputError):
        rw.induce(examples, timeout=5)


def test_wrong_options_are_refused():
    with pytest.raises(rw.InputError, match="srot"):
        rw.induce([([1], [1])], without=["srot"])
    with pytest.raises(rw.InputError, match="positive"):
        rw.induce([([1], [1])], timeout=-1)
    with pytest.raises(rw.InputError, match="at least one input"):
        rw.induce(sorted)


HARD = [([3, 1, 4, 1, 5], 90210), ([9, 2, 6], 31337), ([5, 3, 5, 8], 271828), ([7], 16180), ([2, 2], 14142)]


def test_a_search_without_an_answer_is_not_found():
    with pytest.raises(rw.NotFound, match="more time"):
        rw.induce(HARD, timeout=0.5)


def test_interrupt_ends_a_search():
    with interrupted_after(0.7) as since, pytest.raises(KeyboardInterrupt):
        try:
            rw.induce(HARD, timeout=60)
        finally:
            waited = since()
    assert waited < SOON
