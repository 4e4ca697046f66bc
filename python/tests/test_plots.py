"""Formulas as pictures."""

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib", reason="pictures need matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot

from ropewalk import Formula, InputError

X = np.random.default_rng(0).uniform(1, 2, (40, 2))


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def test_the_curve_of_one_column_goes_through_the_points():
    law = Formula.parse("2*x^2", target="height")
    ax = law.plot(X[:, :1], law.predict(X[:, :1]))
    points, curve = ax.lines
    np.testing.assert_allclose(points.get_ydata(), 2 * X[:, 0] ** 2)
    np.testing.assert_allclose(curve.get_ydata(), 2 * curve.get_xdata() ** 2)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "height")


def test_of_several_columns_values_are_drawn_against_values():
    law = Formula.parse("a*b")
    figure, ax = pyplot.subplots()
    assert law.plot(X, law.predict(X) + 1, ax) is ax
    np.testing.assert_allclose(ax.lines[1].get_ydata(), ax.lines[1].get_xdata() - 1)
    with pytest.raises(InputError, match="as many as X"):
        law.plot(X, [1.0])


def test_a_front_marks_the_formula_that_predicts():
    pytest.importorskip("sklearn")
    from ropewalk import FormulaRegressor

    y = X[:, 0] * X[:, 1] - X[:, 0]
    model = FormulaRegressor(max_operators=3, constants=False).fit(X, y)
    ax = model.plot()
    sizes, star = ax.lines[0].get_xdata(), ax.lines[1]
    assert list(sizes) == [each.operators for each in model.front_]
    assert star.get_xdata()[0] == model.formula_.operators and star.get_label() == str(model.formula_)
    assert ax.get_yscale() == "log" and min(ax.lines[0].get_ydata()) > 0
    assert len(model.plot_fit(X, y).lines) == 2
