"""FormulaRegressor keeps scikit-learn's contract and finds formulas."""

import pickle
import threading
import time

import numpy as np
import pytest

pytest.importorskip("sklearn")

from conftest import SOON, interrupted_after
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

from ropewalk import Formula, FormulaRegressor, InputError, InterruptedSearch, NotFound

random = np.random.default_rng(0)
X = random.uniform(1, 2, (60, 3))
NOISY = random.normal(size=60)


def quick(**options):
    return FormulaRegressor(**{"max_operators": 3, "constants": False, "timeout": 20, **options})


def long():
    """One that would search for long: nothing explains noise, and arithmetic alone looks for no laws, which notice it."""
    return FormulaRegressor(operators=("add", "sub", "mul", "div"), max_operators=9, timeout=120, n_jobs=1)


@parametrize_with_checks([FormulaRegressor(operators=("add", "mul"), max_operators=1, timeout=None)])
def test_scikit_learn(estimator, check):
    check(estimator)


TRUE = ["x0*x1 - x2", "x0/(x1 + x2)", "x0*x0 + x1", "(x0 - x1)*x2", "x1/x0/x2"]


@pytest.mark.parametrize("text", TRUE)
def test_the_formula_of_the_table_is_found(text):
    true = Formula.parse(text, ["x0", "x1", "x2"])
    model = quick().fit(X, true.predict(X))
    assert model.formula_.exact
    fresh = random.uniform(1, 2, (10, 3))
    np.testing.assert_allclose(model.predict(fresh), true.predict(fresh), rtol=1e-9)
    assert model.stop_reason_ == "exact"


def test_numbers_are_fitted():
    model = FormulaRegressor(max_operators=4).fit(X, 3.5 * X[:, 0] / X[:, 1] + 1.25)
    np.testing.assert_allclose(model.predict(X), 3.5 * X[:, 0] / X[:, 1] + 1.25, rtol=1e-6)


@pytest.mark.parametrize("loss", ["huber", "absolute"])
def test_rows_that_are_far_off_do_not_decide_by_other_losses(loss):
    y = X[:, 0] * X[:, 1] + 1e-3 * NOISY
    y[::12] += 50
    assert str(FormulaRegressor(max_operators=4, loss=loss, timeout=20).fit(X, y).formula_) == "x0*x1"


def test_functions_are_used_where_asked_for():
    y = np.sqrt(X[:, 0]) * X[:, 1]
    assert quick(functions=("sqrt",)).fit(X, y).formula_.exact
    assert not quick(max_operators=2).fit(X, y).formula_.exact


def test_names_of_frames_become_names_of_formulas():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["mass", "net speed", "z"])
    model = quick().fit(frame, pandas.Series(X[:, 0] * X[:, 1], name="momentum"))
    assert model.formula_.names == ("mass", "net speed", "z")
    assert model.formula_.target == "momentum"
    assert str(model.formula_) == "mass*`net speed`"
    assert list(model.feature_names_in_) == ["mass", "net speed", "z"]
    np.testing.assert_allclose(model.predict(frame), X[:, 0] * X[:, 1])
    assert list(model.front_table()["chosen"]) == [each is model.formula_ for each in model.front_]


def test_units_leave_formulas_out():
    y = X[:, 0] * X[:, 1]
    units = {"x0": "kg", "x1": "m/s", "x2": "m"}
    assert str(quick().fit(X, y, units=units, target_unit="kg*m/s").formula_) == "x0*x1"
    with pytest.raises(InputError, match="candela, which no product of powers of kg, m, m.s.-1 has"):
        quick().fit(X, y, units=units, target_unit="candela")
    with pytest.raises(InputError, match="both, or neither"):
        quick().fit(X, y, units=units)
    with pytest.raises(InputError, match="one for each of x0, x1, x2"):
        quick().fit(X, y, units={"x0": "kg"}, target_unit="kg")


def test_where_no_formula_of_the_units_has_values_none_is_found():
    inputs = np.column_stack([X[:, 0], np.zeros(len(X))])
    with pytest.raises(NotFound):
        quick().fit(inputs, X[:, 1], units={"x0": "kg", "x1": "m"}, target_unit="kg/m")


def test_rows_count_by_their_weights():
    """Half of the rows follow one formula and half another; weights decide which is found."""
    first, second = X[:, 0] * X[:, 1], X[:, 0] + X[:, 2]
    half = np.arange(60) < 30
    y = np.where(half, first, second)
    for weights in [half.astype(float), np.where(half, 1.0, 0.0) * 0.37]:
        assert str(quick().fit(X, y, sample_weight=weights).formula_) == "x0*x1"
    assert str(quick().fit(X, y, sample_weight=~half).formula_) == "x0 + x2"


def test_a_weight_of_two_is_two_rows():
    times = np.arange(60) % 3
    repeated = quick().fit(np.repeat(X, times, axis=0), np.repeat(NOISY, times))
    weighted = quick().fit(X, NOISY, sample_weight=times)
    assert [str(each) for each in weighted.front_] == [str(each) for each in repeated.front_]


def test_fitted_numbers_and_errors_follow_weights():
    noise = np.where(np.arange(60) % 2 == 0, 1e-4, 1.0) * NOISY
    y = 3.5 * X[:, 0] / X[:, 1] + 1.25 + noise
    weights = np.where(np.arange(60) % 2 == 0, 1e8, 1.0) / 3
    model = FormulaRegressor(max_operators=4).fit(X, y, sample_weight=weights)
    quiet = X[::2]
    np.testing.assert_allclose(model.predict(quiet), 3.5 * quiet[:, 0] / quiet[:, 1] + 1.25, rtol=1e-3)
    assert model.formula_.rmse < 1e-3


@pytest.mark.parametrize("weights", [np.full(60, -1.0), np.zeros(60), np.ones(59)])
def test_weights_that_cannot_be_used_are_refused(weights):
    with pytest.raises(ValueError):
        quick().fit(X, NOISY, sample_weight=weights)


def test_the_front_ascends_in_size_and_descends_in_error():
    front = quick().fit(X, NOISY).front_
    assert len(front) > 1
    for smaller, larger in zip(front, front[1:]):
        assert smaller.operators < larger.operators
        assert smaller.rmse > larger.rmse


def test_selection_chooses_from_the_front():
    accurate = quick(selection="accuracy").fit(X, NOISY)
    assert accurate.formula_.rmse == min(each.rmse for each in accurate.front_)
    assert quick(selection=1).fit(X, NOISY).formula_.operators <= 1


def test_a_constant_column_has_a_constant_formula():
    model = quick().fit(X, np.full(60, 2.5))
    assert str(model.formula_) == "2.5"
    np.testing.assert_array_equal(model.predict(X[:4]), [2.5] * 4)


def test_pickles_predict_the_same():
    model = quick().fit(X, NOISY)
    other = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(other.predict(X), model.predict(X))
    assert other.formula_ == model.formula_


def test_clone_pipeline_grid_search_and_cross_validation():
    y = X[:, 0] * X[:, 1]
    assert clone(quick(selection=2)).selection == 2
    assert make_pipeline(FunctionTransformer(np.square), quick(functions=["sqrt"])).fit(X, y).score(X, y) > 0.99
    search = GridSearchCV(quick(), {"max_operators": [0, 1]}, cv=3).fit(X, y)
    assert search.best_params_ == {"max_operators": 1}
    assert np.all(cross_val_score(quick(), X, y, cv=3) > 0.999)


def test_the_answer_does_not_depend_on_threads_or_layout():
    one = FormulaRegressor(operators=("add", "mul"), max_operators=2, timeout=None, n_jobs=1).fit(X, NOISY)
    two = FormulaRegressor(operators=("add", "mul"), max_operators=2, timeout=None, n_jobs=2).fit(np.asfortranarray(X), NOISY)
    assert one.front_ == two.front_


@pytest.mark.parametrize(
    "options, message",
    [
        ({"operators": ["add", "sbu"]}, "sub"),
        ({"operators": "add"}, "list of names"),
        ({"operators": []}, "no operator"),
        ({"max_operators": -1}, "0 to 30"),
        ({"max_operators": 2.5}, "whole number"),
        ({"timeout": 0}, "positive"),
        ({"timeout": float("nan")}, "positive"),
        ({"n_jobs": 0}, "number of threads"),
        ({"random_state": "x"}, "an integer"),
        ({"selection": "nicest"}, "whole number"),
        ({"loss": "hubber"}, "squared, huber or absolute"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        quick(**options).fit(X, X[:, 0])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_finite_number_is_refused(bad):
    broken = X.copy()
    broken[3, 1] = bad
    with pytest.raises(ValueError, match="NaN|infinity"):
        quick().fit(broken, X[:, 0])
    with pytest.raises(ValueError, match="NaN|infinity"):
        quick().fit(X, broken[:, 1])


def test_a_callback_hears_of_progress_and_may_end_the_search():
    events = []

    def stop_at_third(event):
        events.append((event, threading.current_thread() is threading.main_thread()))
        return len(events) == 3

    model = long().set_params(callback=stop_at_third).fit(X, NOISY)
    assert len(events) == 3
    assert all(in_main_thread for _, in_main_thread in events)
    assert model.stop_reason_ == "callback"
    assert model.front_


def test_an_exception_of_a_callback_comes_out_as_itself():
    def complain(event):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        long().set_params(callback=complain).fit(X, NOISY)


def test_interrupt_returns_the_best_so_far():
    with interrupted_after(0.7) as since, pytest.warns(InterruptedSearch):
        model = long().fit(X, NOISY)
        waited = since()
    assert waited < SOON
    assert model.stop_reason_ == "interrupted"
    assert np.all(np.isfinite(model.predict(X)))


def test_interrupt_ends_a_grid_search():
    with interrupted_after(0.7), pytest.raises(KeyboardInterrupt):
        GridSearchCV(long(), {"max_operators": [8, 9]}, cv=2).fit(X, NOISY)


def test_other_threads_go_on_meanwhile():
    ticks = []
    done = threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(None)
            time.sleep(0.01)

    thread = threading.Thread(target=tick)
    thread.start()
    long().set_params(timeout=1).fit(X, NOISY)
    done.set()
    thread.join()
    assert len(ticks) > 20
