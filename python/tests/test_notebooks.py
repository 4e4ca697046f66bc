"""The notebooks of the examples run from their first cell to their last."""

import importlib.util
import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "notebooks"
NOTEBOOKS = sorted(each.stem for each in FOLDER.glob("*.ipynb"))


def notebook(name):
    return json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))


def is_there(module):
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def test_there_is_one_for_each_kind_of_answer():
    assert NOTEBOOKS == ["formula", "images", "layer", "list"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_kept_without_what_it_says(name):
    cells = notebook(name)["cells"]
    assert cells[0]["cell_type"] == "markdown" and cells[0]["source"][0].startswith("# ")
    assert all(each["outputs"] == [] and each["execution_count"] is None for each in cells if each["cell_type"] == "code")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs(name):
    pytest.importorskip("nbconvert", reason="notebooks are run by nbconvert")
    pytest.importorskip("ipykernel", reason="notebooks need a kernel")
    import nbformat
    from nbconvert.preprocessors import ExecutePreprocessor

    missing = [module for module in notebook(name)["metadata"]["ropewalk"]["needs"] if not is_there(module)]
    if missing:
        pytest.skip(f"the notebook needs {', '.join(missing)}")
    ran = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    ExecutePreprocessor(timeout=None, kernel_name="python3").preprocess(ran, {"metadata": {"path": str(FOLDER)}})
    told = [output for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs]
    assert told and not [each for each in told if each.output_type == "error"]
