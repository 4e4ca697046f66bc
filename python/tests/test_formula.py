"""Formulas are values that compute, print and travel."""

import copy
import math
import pickle

import numpy as np
import pytest

from ropewalk import Formula, InputError

TEXTS = ["a*b + 1", "sqrt(a)/b - 2.5", "max(a, b)*exp(-a)", "1/a", "a^3 - b^2", "log(a + b)", "sin(a)*cos(b)", "7", "tanh(a) + atan(b)", "abs(a - b)", "mod(a, b)", "pow(a, b)"]
ROWS = np.random.default_rng(1).uniform(0.5, 2, (20, 2))


def test_names_come_from_the_text_in_order():
    assert Formula.parse("b*a + sqrt(c) - b").names == ("b", "a", "c")
    assert Formula.parse("1e-5*x + 2E3*`net mass`").names == ("x", "net mass")
    assert Formula.parse("t = a + b; t*t").names == ("a", "b")


def test_names_may_be_given():
    formula = Formula.parse("b", ["a", "b"])
    assert formula(1, 5) == 5


def test_calls_take_numbers_arrays_and_names():
    formula = Formula.parse("a*b + 1")
    assert formula(2, 3) == 7.0
    assert isinstance(formula(2, 3), float)
    assert formula(b=3, a=2) == 7.0
    np.testing.assert_array_equal(formula(np.arange(3), 2), [1, 3, 5])
    np.testing.assert_array_equal(formula(np.ones((2, 3)), np.arange(3)), [[1, 2, 3], [1, 2, 3]])
    assert Formula.parse("7")() == 7.0


@pytest.mark.parametrize("arguments, named", [((1,), {}), ((1, 2, 3), {}), ((1, 2), {"a": 1}), ((1,), {"c": 1})])
def test_wrong_arguments_are_a_type_error(arguments, named):
    with pytest.raises(TypeError, match="a, b"):
        Formula.parse("a*b")(*arguments, **named)


def test_what_has_no_value_is_not_a_number_or_infinite():
    assert math.isnan(Formula.parse("log(a)")(-1))
    assert Formula.parse("1/a")(0) == math.inf


def test_predict_takes_every_layout():
    formula = Formula.parse("a - b")
    expected = ROWS[:, 0] - ROWS[:, 1]
    for rows in [ROWS, np.asfortranarray(ROWS), ROWS.tolist(), np.repeat(ROWS, 2, axis=0)[::2]]:
        np.testing.assert_array_equal(formula.predict(rows), expected)
    np.testing.assert_array_equal(formula.predict(np.array([[5, 3]], dtype=np.int8)), [2])
    assert formula.predict(np.empty((0, 2))).shape == (0,)


def test_predict_takes_frames_by_name():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"b": [1.0, 2.0], "other": ["x", "y"], "a": [5, 6]})
    np.testing.assert_array_equal(Formula.parse("a - b").predict(frame), [4, 4])
    np.testing.assert_array_equal(Formula.parse("a - b").predict({"a": [5], "b": [1]}), [4])
    with pytest.raises(InputError, match="'b', 'other', 'a'.*expected 'a', 'z'"):
        Formula.parse("a - z").predict(frame)


def test_data_frames_without_names_are_arrays():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([[5, 1], [6, 2]])
    np.testing.assert_array_equal(Formula.parse("a - b").predict(frame), [4, 4])
    with pytest.raises(InputError, match=r"shape \(2, 2\).*expected \[rows, 3\]"):
        Formula.parse("a - b*c").predict(frame)


@pytest.mark.parametrize("rows", [np.ones(3), np.ones((2, 3)), [["x", "y"]], np.ones((1, 2), dtype=complex)])
def test_what_is_no_table_of_numbers_is_refused(rows):
    with pytest.raises(InputError, match="expected"):
        Formula.parse("a - b").predict(rows)


@pytest.mark.parametrize("text", TEXTS)
def test_pickles_and_copies_are_equal(text):
    formula = Formula.parse(text, ["a", "b"], target="speed")
    for other in [pickle.loads(pickle.dumps(formula)), copy.deepcopy(formula), copy.copy(formula)]:
        assert other == formula
        assert hash(other) == hash(formula)
        assert str(other) == str(formula)
        assert other.target == "speed"


def test_a_pickle_of_another_version_is_refused():
    restore, (_, *state) = Formula.parse("a").__reduce__()
    with pytest.raises(InputError, match="version 2"):
        restore(2, *state)


def test_lines_that_read_what_is_not_there_are_refused():
    restore, state = Formula.parse("a*b").__reduce__()
    broken = (state[0], (2, (("mul", 0, 99, 0.0),), 0), *state[2:])
    with pytest.raises(InputError):
        restore(*broken)


def test_formulas_do_not_change():
    with pytest.raises(AttributeError):
        Formula.parse("a").target = "b"


@pytest.mark.parametrize("text", TEXTS)
def test_python_code_computes_the_same(text):
    formula = Formula.parse(text, ["a", "b"], target="out")
    names: dict = {}
    exec(formula.python(), names)
    for row in ROWS:
        assert names["out"](*row) == formula(*row)


@pytest.mark.parametrize("text", TEXTS)
def test_sympy_computes_the_same(text):
    sympy = pytest.importorskip("sympy")
    formula = Formula.parse(text, ["a", "b"])
    expression = formula.sympy()
    for row in ROWS[:3]:
        found = expression.subs({sympy.Symbol("a", real=True): row[0], sympy.Symbol("b", real=True): row[1]})
        assert float(found) == pytest.approx(formula(*row), rel=1e-12)


@pytest.mark.parametrize("text", TEXTS)
def test_torch_code_computes_the_same_and_has_gradients(text):
    torch = pytest.importorskip("torch")
    formula = Formula.parse(text, ["a", "b"], target="out")
    names: dict = {}
    exec(formula.torch(), names)
    columns = [torch.tensor(column, requires_grad=True) for column in ROWS.T]
    values = names["out"](*columns)
    np.testing.assert_allclose(values.detach().numpy() + np.zeros(len(ROWS)), formula.predict(ROWS), rtol=1e-12)
    if text != "7":
        values.sum().backward()
        assert columns[0].grad is not None


def test_torch_code_is_python_whatever_the_names():
    formula = Formula.parse("`net mass`*t1 + `class`", target="a result")
    compile(formula.torch(), "formula", "exec")
    assert "t1 = " not in formula.torch().replace("t1 = t1", "")


def test_other_notations():
    formula = Formula.parse("a/(b + 1)", target="speed")
    assert str(formula) == "a/(b + 1)"
    assert repr(formula) == "Formula('a/(b + 1)')"
    assert "\\frac" in formula.latex()
    assert formula._repr_latex_() == f"${formula.latex()}$"
    assert "double speed(double a, double b)" in formula.c()
    with pytest.raises(InputError, match="fortran"):
        formula.code("fortran")


def test_mistakes_in_text_have_their_place():
    with pytest.raises(InputError) as error:
        Formula.parse("a + * b")
    assert error.value.diagnostics[0].column == 5
    assert "^" in str(error.value)
    assert isinstance(error.value, ValueError)
    assert pickle.loads(pickle.dumps(error.value)).diagnostics == error.value.diagnostics


def test_fit_and_score_of_any_rows():
    formula = Formula.parse("a*b")
    assert formula.rmse is None
    fit = formula.fit_on(ROWS, ROWS[:, 0] * ROWS[:, 1])
    assert fit.exact
    assert formula.score(ROWS, ROWS[:, 0] * ROWS[:, 1]) == 1
    assert formula.score(ROWS, ROWS[:, 0]) < 1
    with pytest.raises(InputError, match="20"):
        formula.score(ROWS, [1, 2])
    with pytest.raises(InputError, match="NaN in row 1"):
        formula.score(ROWS[:2], [1, np.nan])


def test_simplified_is_shorter_and_the_same():
    formula = Formula.parse("a*1 + (b - b)")
    assert str(formula.simplified()) == "a"
