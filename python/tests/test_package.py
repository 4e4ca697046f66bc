"""The package as a whole: light to import, typed, with a command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import ropewalk


def python(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env={**os.environ, **environment}, timeout=100
    )


def test_import_needs_numpy_only():
    code = "import sys, ropewalk; print([m for m in ('sklearn', 'scipy', 'pandas', 'sympy', 'torch') if m in sys.modules])"
    done = python("-c", code)
    assert done.stdout.strip() == "[]", done.stderr


def test_every_public_name_is_there_and_documented():
    for name in ropewalk.__all__:
        if name == "FormulaRegressor":
            pytest.importorskip("sklearn")
        value = getattr(ropewalk, name)
        assert isinstance(value, str) or value.__doc__, name


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="nothing"):
        ropewalk.nothing


def test_the_package_is_typed():
    folder = Path(ropewalk.__file__).parent
    assert (folder / "py.typed").exists()
    if not (folder / "_core.pyi").exists():
        pytest.skip("the stubs are not built")
    assert "class StraightLine" in (folder / "_core.pyi").read_text()


def test_types_are_sound(tmp_path):
    pytest.importorskip("mypy")
    folder = Path(ropewalk.__file__).parent
    if not (folder / "_core.pyi").exists():
        pytest.skip("the stubs are not built")
    user = tmp_path / "user.py"
    user.write_text(
        "import ropewalk as rw\n"
        "text: str = str(rw.Formula.parse('a*b'))\n"
        "cells: list[int] = rw.Program.parse('halt')([1])\n"
        "wrong: str = rw.Program.parse('halt').base\n"
        "rw.induce([([1], [1])], timeout='5')\n"
    )
    configuration = Path(__file__).parents[2] / "pyproject.toml"
    options = ["--strict", "--config-file", str(configuration), "--cache-dir", str(tmp_path / "cache")]
    # An installed package is found without being told where it is, and mypy refuses to be told.
    place = {} if folder.parent.name == "site-packages" else {"MYPYPATH": str(folder.parent)}
    done = python("-m", "mypy", *options, "-p", "ropewalk", **place)
    assert done.returncode == 0, done.stdout
    done = python("-m", "mypy", *options, str(user), **place)
    assert [line.split(":")[1] for line in done.stdout.splitlines() if ": error:" in line] == ["4", "5"], done.stdout


def test_without_the_command_python_m_says_what_to_do():
    done = python("-m", "ropewalk", PATH="/nonexistent", ROPEWALK_COMMAND="")
    assert done.returncode == 127
    assert "./run install" in done.stderr


def test_python_m_runs_the_command():
    command = os.environ.get("ROPEWALK_COMMAND")
    if not command or not os.access(command, os.X_OK):
        pytest.skip("the command is not built")
    assert "ropewalk" in python("-m", "ropewalk", "--help").stdout


def test_examples_in_docstrings_hold():
    import doctest

    from ropewalk import formula, lists

    modules = [formula, lists]
    if pytest.importorskip("sklearn"):
        from ropewalk import sklearn

        modules.append(sklearn)
    for module in modules:
        result = doctest.testmod(module)
        assert result.attempted > 0
        assert result.failed == 0


def test_the_examples_of_the_readme_hold():
    import doctest

    pytest.importorskip("sklearn")
    readme = Path(__file__).parents[1] / "README.md"
    result = doctest.testfile(str(readme), module_relative=False)
    assert result.attempted > 5
    assert result.failed == 0


def test_the_tutorial_of_layers_holds():
    import doctest

    pytest.importorskip("torch")
    tutorial = Path(__file__).parents[2] / "docs" / "tutorials" / "layer.md"
    result = doctest.testfile(str(tutorial), module_relative=False)
    assert result.attempted > 15
    assert result.failed == 0


def test_a_forked_child_searches():
    code = """
import os, numpy as np
from ropewalk import FormulaRegressor
X = np.random.default_rng(0).uniform(1, 2, (50, 2))
fit = lambda: str(FormulaRegressor(max_operators=2, constants=False, n_jobs=2).fit(X, X[:, 0] * X[:, 1]).formula_)
fit()
child = os.fork()
if child == 0:
    os._exit(0 if fit() == "x0*x1" else 1)
assert os.waitpid(child, 0)[1] == 0
"""
    pytest.importorskip("sklearn")
    done = python("-c", code)
    assert done.returncode == 0, done.stderr
