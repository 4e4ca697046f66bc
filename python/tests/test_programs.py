"""Assembly programs run, compile, are verified and tuned."""

import hashlib
import json
import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest
from conftest import SOON, interrupted_after

import ropewalk as rw

COUNT = """
.base 2
.cells 2
again:
    jump 1 again
"""


@pytest.fixture
def program(map_inc):
    return rw.Program.parse(map_inc)


def test_a_program_is_a_value(program, map_inc):
    assert (program.base, program.cells, program.registers, program.steps, len(program)) == (8, 4, 4, 20, 5)
    assert program.lines[1] == "inc r2 r2"
    assert rw.Program.parse(str(program)) == program
    assert program != rw.Program.parse(map_inc, base=9)
    assert program != "text"
    for other in [pickle.loads(pickle.dumps(program)), rw.Program.parse(map_inc)]:
        assert other == program
        assert hash(other) == hash(program)


def test_a_program_runs(program):
    assert program([3, 1, 4, 7]) == [4, 2, 5, 0]
    assert program([3]) == [4, 1, 1, 1]
    state = program.run([3, 1, 4, 7], steps=5)
    assert (state.memory, state.steps, state.halted) == ([4, 1, 4, 7], 5, False)
    assert len(program.trace([0], steps=3)) == 4


def test_a_broken_program_says_every_mistake():
    with pytest.raises(rw.InputError) as error:
        rw.Program.parse("raed r1 r2\ninc r9 r1\n")
    assert [each.line for each in error.value.diagnostics] == [1, 2]
    assert "read" in str(error.value)


@pytest.mark.parametrize("memory", [[8], [-1], [1, 2, 3, 4, 5]])
def test_memory_that_does_not_fit_is_refused(program, memory):
    with pytest.raises(rw.InputError, match="memory"):
        program(memory)


def test_memory_of_other_types_is_refused(program):
    with pytest.raises(TypeError):
        program(["x"])
    assert program(np.array([3, 1, 4, 1]).tolist()) == [4, 2, 5, 2]


def test_a_file_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(rw.InputError, match="nothing.asm"):
        rw.Program.load(str(tmp_path / "nothing.asm"))


def test_compiled_programs_compute_the_same_and_come_back(program, tmp_path):
    machine = program.compile()
    assert machine.weights.shape == (5, 13 + 3 * 4 + 5)
    assert machine.weights.dtype == np.float32
    assert machine.run([3, 1, 4, 7]).memory == [4, 2, 5, 0]
    assert machine.decompile().program == program
    machine.save(str(tmp_path / "m.safetensors"))
    with pytest.raises(rw.InputError, match="exists"):
        machine.save(str(tmp_path / "m.safetensors"))
    machine.save(str(tmp_path / "m.safetensors"), overwrite=True)
    for other in [rw.Machine.load(str(tmp_path / "m.safetensors")), pickle.loads(pickle.dumps(machine))]:
        np.testing.assert_array_equal(other.weights, machine.weights)


@pytest.mark.parametrize("profile", ["default", "paper", "anc"])
def test_an_exported_machine_computes_the_same_without_us(program, profile, tmp_path):
    machine = program.compile(gamma=0.3, profile=profile, instruction_set="all")
    machine.export(str(tmp_path / "map"))
    for command in [[sys.executable, "machine.py"], *_compiled(tmp_path / "map")]:
        done = subprocess.run(command, cwd=tmp_path / "map", capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert float(done.stdout.split()[-1]) < 1e-12
    assert rw.Machine.load(str(tmp_path / "map" / "machine.safetensors")).decompile().complete == machine.decompile().complete


def _compiled(folder):
    """The command of the C self-test, where there is a C compiler."""
    if shutil.which("cc") is None:
        return []
    options = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-DROPE_SELF_TEST"]
    subprocess.run(["cc", *options, "machine.c", "-lm", "-o", "machine"], cwd=folder, check=True)
    return [["./machine"]]


def test_an_exported_machine_takes_whole_numbers(program, tmp_path):
    program.compile().export(str(tmp_path))
    code = "from machine import run, values; print(values(run([[3, 1, 4, 7], [0, 0, 0, 0]])).tolist())"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "[[4, 2, 5, 0], [1, 1, 1, 1]]", done.stderr


def test_an_export_replaces_nothing_unasked_and_needs_steps(program, tmp_path):
    program.compile().export(str(tmp_path))
    with pytest.raises(rw.InputError, match="machine.safetensors"):
        program.compile().export(str(tmp_path))
    program.compile().export(str(tmp_path), overwrite=True)
    with pytest.raises(rw.InputError, match="how many steps"):
        rw.Program.parse("halt").compile().export(str(tmp_path / "other"))
    assert not (tmp_path / "other").exists()
    rw.Program.parse("halt").compile().export(str(tmp_path / "other"), steps=3)


def test_noise_depends_on_the_seed_alone(program):
    weights = [program.compile(gamma=0.3, random_state=seed).weights for seed in (0, 0, 1)]
    np.testing.assert_array_equal(weights[0], weights[1])
    assert np.any(weights[0] != weights[2])


def test_the_catalogue_has_tasks():
    names = [each.name for each in rw.tasks()]
    assert "map-inc" in names
    with pytest.raises(rw.InputError, match="map-inc"):
        rw.task("map-inx")


def test_a_right_program_has_a_certificate(program):
    certificate = rw.verify(program, "map-inc")
    assert certificate
    assert certificate.exhaustive
    assert certificate.inputs_checked == certificate.domain_size == 8**4
    assert certificate.counterexample is None
    assert "4096" in str(certificate)
    assert certificate.check()
    assert rw.Certificate.from_json(certificate.json()) == certificate
    assert pickle.loads(pickle.dumps(certificate)) == certificate


def test_a_wrong_program_has_a_counterexample(program):
    certificate = rw.verify(program, "map-dec")
    assert not certificate
    wrong = certificate.counterexample
    assert program(wrong.memory) == wrong.found_memory != wrong.expected_memory


def test_a_forged_certificate_does_not_check(program):
    claims = json.loads(rw.verify(program, "map-dec").json())
    claims["holds"] = True
    with pytest.raises(rw.InputError):
        rw.Certificate.from_json(json.dumps(claims))


def test_a_certificate_that_the_program_does_not_keep_does_not_check(program):
    text = rw.verify(program, "map-inc").json()
    assert rw.Certificate.from_json(text).check()
    claims = json.loads(text)
    claims["program"] = claims["program"].replace("inc r2 r2", "dec r2 r2")
    with pytest.raises(rw.InputError, match="another program"):
        rw.Certificate.from_json(json.dumps(claims))
    claims["program_sha256"] = hashlib.sha256(claims["program"].encode()).hexdigest()
    assert not rw.Certificate.from_json(json.dumps(claims)).check()


def test_examples_are_a_task(program):
    examples = [([1, 2, 3, 4], [2, 3, 4, 5]), (np.array([7, 0, 0, 0]), [0, None, 1, 1])]
    certificate = rw.verify(program, rw.task(examples, base=8))
    assert certificate and certificate.inputs_checked == 2
    with pytest.raises(rw.InputError, match="example 0"):
        rw.task([3])
    with pytest.raises(rw.InputError):
        rw.task([([1], ["x"])])


def test_tuning_turns_one_program_into_another(program):
    found = rw.tune("map-dec", init=program, restarts=16, iterations=800, n_jobs=1)
    assert found
    assert found.program([3, 1, 4, 0]) == [2, 0, 3, 7]
    assert found.certificate.holds
    assert found.certified.count <= found.certified.total == 16
    assert found.machine.run([3, 1, 4, 0]).memory == [2, 0, 3, 7]


def test_tuning_that_finds_nothing_says_so(program):
    found = rw.tune("sort", restarts=1, iterations=1, repair=False)
    assert not found
    with pytest.raises(rw.NotFound, match="more restarts"):
        found.program


def test_interrupt_returns_what_tuning_has(program):
    with interrupted_after(0.7) as since, pytest.warns(rw.InterruptedSearch):
        found = rw.tune("sort", restarts=64, iterations=1_000_000, timeout=60, n_jobs=1)
        waited = since()
    assert found.interrupted
    assert waited < SOON


def test_interrupt_ends_a_long_run():
    with interrupted_after(0.5) as since, pytest.raises(KeyboardInterrupt):
        try:
            rw.Program.parse(COUNT).run(steps=1_000_000_000)
        finally:
            waited = since()
    assert waited < SOON


def test_interrupt_ends_a_long_verification():
    slow = rw.Program.parse(".base 8\n.cells 4\n.steps 1000000\nagain:\njump 3 again\n")
    with interrupted_after(0.5) as since, pytest.raises(KeyboardInterrupt):
        try:
            rw.verify(slow, rw.task([([0], [0])] * 2000, base=8, cells=4))
        finally:
            waited = since()
    assert waited < SOON


def test_calls_in_other_threads_answer():
    import threading

    answers = []
    thread = threading.Thread(target=lambda: answers.append(rw.Program.parse(COUNT).run(steps=2_000_000).steps))
    thread.start()
    thread.join()
    assert answers == [2_000_000]
