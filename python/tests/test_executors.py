"""Work given to an executor comes to what one process comes to, whatever dies on the way."""

import hashlib
import multiprocessing
import os
import pickle
import signal
import sys
import time
import warnings
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from conftest import PROGRAMS, interrupted_after

import ropewalk as rw
from ropewalk import _core, _executors, _units

SPAWN = multiprocessing.get_context("spawn")


class Here(Executor):
    """Runs each unit at once; keeps what it was given. With `dying`, units from that one on find their worker lost."""

    def __init__(self, dying=None):
        self.units, self.dying = [], dying

    def submit(self, function, /, *unit):
        future = Future()
        self.units.append(unit)
        if self.dying is not None and len(self.units) > self.dying:
            future.set_exception(BrokenExecutor("lost"))
        else:
            future.set_result(function(*pickle.loads(pickle.dumps(unit))))
        return future


def digest(*texts):
    return hashlib.sha256("\0".join(map(str, texts)).encode()).hexdigest()


def map_inc():
    return rw.Program.load(str(PROGRAMS / "map_inc.asm"))


def tuned(executor=None, **options):
    result = rw.tune(
        "map-dec", init=map_inc(), **{"restarts": 70, "iterations": 80, "random_state": 3, **options}, executor=executor
    )
    return digest(result.program, result.certificate.json(), result.soft, result.hard, result.certified, result.machine.to_safetensors())


@pytest.fixture(scope="module")
def tuned_alone():
    return tuned()


def formulas(executor=None, **options):
    pytest.importorskip("sklearn")
    random = np.random.default_rng(1)
    X = random.uniform(1, 2, (30, 3))
    model = rw.FormulaRegressor(
        **{"operators": ("add", "mul"), "constants": False, "max_operators": 6, "memory": 1 << 20, "timeout": None, **options}
    )
    model.fit(X, random.uniform(1, 2, 30), executor=executor)
    return digest(*map(repr, model.front_), model.candidates_, model.stop_reason_, model.completed_operators_)


def induced(executor=None, name="fibonacci"):
    found = rw.induce(rw.task(name), timeout=None, max_programs=2_500_000, tune=False, executor=executor)
    return digest(found.source, found.stop_reason, found.candidates, found.certificate and found.certificate.json())


def test_tune_is_the_same_on_workers(tuned_alone):
    executor = Here()
    assert tuned(executor) == tuned_alone
    assert len(executor.units) == 5


def test_tune_survives_workers_that_are_lost(tuned_alone):
    for dying in (0, 1, 3):
        with pytest.warns(rw.LostWorkers, match="run here instead"):
            assert tuned(Here(dying)) == tuned_alone


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_tune_is_the_same_on_processes(tuned_alone, workers):
    with ProcessPoolExecutor(workers, mp_context=SPAWN) as pool:
        assert tuned(pool) == tuned_alone


def _killed_at(count, function, *unit):
    """Runs the unit; the count-th that says it has begun is killed in the middle of it."""
    with _begun.get_lock():
        _begun.value += 1
        mine = _begun.value
    if mine == count:
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*unit)


def _share(begun):
    global _begun
    _begun = begun


class Killing(ProcessPoolExecutor):
    """A pool of which one process is killed while it has its k-th unit."""

    def __init__(self, workers, at):
        super().__init__(workers, mp_context=SPAWN, initializer=_share, initargs=(SPAWN.Value("i", 0),))
        self._at = at

    def submit(self, function, /, *unit):
        return super().submit(_killed_at, self._at, function, *unit)


@pytest.mark.parametrize("at", [1, 2, 4])
def test_tune_is_the_same_when_a_process_is_killed(tuned_alone, at):
    with Killing(2, at) as pool, pytest.warns(rw.LostWorkers):
        assert tuned(pool) == tuned_alone


def test_verify_is_the_same_on_workers():
    for init in (map_inc(), rw.Program.load(str(PROGRAMS / "map_dec.asm"))):
        for options in ({}, {"random_inputs": 300_000, "random_state": 4}):
            executor = Here()
            task = "map-dec"
            assert rw.verify(init, task, **options, executor=executor).json() == rw.verify(init, task, **options).json()
            assert executor.units


def test_formulas_are_the_same_on_workers(monkeypatch):
    pytest.importorskip("sklearn")
    monkeypatch.setattr("ropewalk.sklearn._SCORES_OF_UNIT", 1 << 12)
    alone = formulas()
    executor = Here()
    assert formulas(executor) == alone
    slices = [unit for unit in executor.units if unit[1] is _units.pairs]
    assert len(slices) > 1
    with pytest.warns(rw.LostWorkers):
        assert formulas(Here(1)) == alone
    with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        assert formulas(pool) == alone


def test_induction_is_the_same_on_workers():
    alone = induced()
    executor = Here()
    assert induced(executor) == alone
    assert len(executor.units) > 1
    with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        assert induced(pool) == alone


def test_a_program_over_lists_is_found_by_one_worker():
    examples = [([3, 1, 2], [1, 2, 3]), ([2, 2, 1], [1, 2, 2]), ([9, 8, 7, 1], [1, 7, 8, 9])]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rw.UndecidedExamples)
        executor = Here()
        assert rw.induce(examples, executor=executor) == rw.induce(examples)
    assert len(executor.units) == 1


def test_a_callback_hears_of_a_worker_that_looks_for_a_program_and_leaves_it():
    hard = [([3, 1, 4, 1, 5], 90210), ([9, 2, 6], 31337), ([5, 3, 5, 8], 271828)]
    events = []

    def third(event):
        events.append(event)
        return len(events) == 3

    with ThreadPoolExecutor(1) as pool, pytest.raises(rw.NotFound, match="callback"):
        rw.induce(hard, timeout=2, executor=pool, callback=third)
    assert [each.total for each in events] == [200] * 3
    assert events[0].done <= events[1].done <= events[2].done


def test_induction_of_a_task_has_options_of_its_own():
    found = rw.induce(rw.task([([1, 2], [2, 3]), ([0, 1], [1, 2])]), timeout=20)
    assert found and found.certificate.holds and found.source
    with pytest.raises(rw.InputError, match="max_programs"):
        rw.induce([(1, 2)], max_programs=5)
    nothing = rw.induce(rw.task("sort"), max_programs=10, tune=False, timeout=None)
    assert not nothing and nothing.stop_reason == "work"
    with pytest.raises(rw.NotFound):
        nothing.program


def test_tasks_pickle():
    for task in (rw.task("map-inc"), rw.task([([1, 2], [2, None])], base=5, registers=6)):
        other = pickle.loads(pickle.dumps(task))
        assert (other.name, other.base, other.registers, other.domain_size) == (
            task.name,
            task.base,
            task.registers,
            task.domain_size,
        )
        assert other.example(0) == task.example(0)


def test_a_worker_of_another_version_is_refused():
    class Other(Here):
        def submit(self, function, /, expected, *unit):
            return super().submit(function, "0.0.1, kernels for abacus", *unit)

    with pytest.raises(rw.WorkerMismatch, match=r"expected 0\.0\.1, kernels for abacus"):
        tuned(Other())


def test_a_failure_of_a_unit_is_raised_and_the_rest_cancelled():
    with ThreadPoolExecutor(1) as pool:
        ran = []

        def unit(number):
            ran.append(number)
            time.sleep(0.002)
            if number == 1:
                raise ValueError("bad unit")

        with pytest.raises(ValueError, match="bad unit"):
            _executors.in_order(pool, unit, [(number,) for number in range(500)])
    assert len(ran) < 500


def test_a_callback_cancels_what_has_not_begun():
    executor = ThreadPoolExecutor(1)
    seen = []

    def enough(event):
        seen.append(event)
        return event.done >= 2

    result = rw.tune("map-dec", init=map_inc(), restarts=1600, iterations=40, callback=enough, executor=executor)
    executor.shutdown()
    assert result.hard.total < 1600
    assert seen[0].total == 100
    assert not result.interrupted


def test_a_timeout_cancels_what_has_not_begun():
    with ThreadPoolExecutor(1) as pool:
        begin = time.monotonic()
        result = rw.tune("sort", restarts=16_000, iterations=100_000, repair=False, timeout=1, executor=pool)
        assert result.hard.total < 16_000
    assert time.monotonic() - begin < 20


def test_ctrl_c_cancels_what_has_not_begun():
    with ThreadPoolExecutor(1) as pool, interrupted_after(1), pytest.warns(rw.InterruptedSearch):
        result = rw.tune("sort", restarts=3200, iterations=30, repair=False, executor=pool)
    assert result.interrupted
    assert result.hard.total < 3200


def test_answers_come_in_the_order_of_units():
    with ThreadPoolExecutor(4) as pool:

        def late(number):
            time.sleep(0.02 * (5 - number))
            return number

        assert _executors.in_order(pool, late, [(number,) for number in range(5)]) == list(range(5))


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"levels": 1}', '{"levels": 99, "smaller": 0, "larger": 5, "affine": 1}'])
def test_units_that_are_none_are_refused(text):
    for worker in (_core.ScanWorker, _core.UnitWorker):
        with pytest.raises(rw.InputError):
            worker(text)
    problem = '{"variables":1,"constants":[],"operators":["add"],"units":[],"target_unit":null,"leaves":[[1.0]],"target":[2.0]}'
    with pytest.raises(rw.InputError):
        _core.ScanWorker(problem).run(text, threads=1)
    with pytest.raises(rw.InputError):
        _core.UnitWorker('{"base":8,"cells":2,"bar":0,"examples":[[[1,2],[2,3]]]}').run(text, threads=1)
    with pytest.raises(rw.InputError):
        _core.TuneProblem(rw.task("inc"), None, pad=0, restarts=2, iterations=1, gamma=0.3, lines=0, steps=0, repair=False,
                          seed=0).join([(0, 2, text)], threads=1)


def _killed_once(flag, function, *unit):
    """Runs the unit; the first time that the one of restart 16 begins, its worker is killed in the middle of it."""
    if unit[5] == 16 and not os.path.exists(flag):
        with open(flag, "w"):
            pass
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*unit)


class KillingDask:
    def __init__(self, client, flag):
        self._executor, self._flag = client.get_executor(), flag

    def submit(self, function, /, *unit):
        return self._executor.submit(_killed_once, self._flag, function, *unit)


def test_dask_workers_come_to_the_same_when_one_is_killed(tuned_alone, tmp_path):
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
    import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert tuned(client.get_executor()) == tuned_alone
        # Dask gives the block to another worker, and nobody is told.
        assert tuned(KillingDask(client, str(tmp_path / "killed"))) == tuned_alone
        assert (tmp_path / "killed").exists()
