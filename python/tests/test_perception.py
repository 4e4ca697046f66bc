"""Images are read, and formulas of numbers about them found."""

import csv
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("ropewalk._perception", reason="this build does not read images")

import ropewalk as rw
from ropewalk._pictures import pixels_of, png

SHOP = Path(__file__).parents[2] / "examples" / "data" / "shop"


@pytest.fixture(scope="module")
def table():
    with open(SHOP / "sums.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def images(table):
    return [[SHOP / row["left"], SHOP / row["right"]] for row in table]


@pytest.fixture(scope="module")
def totals(table):
    return np.array([float(row["total"]) for row in table])


@pytest.fixture(scope="module", params=["auto", "small"])
def run(request, images, totals):
    try:
        return rw.perceive(images, {"total": totals}, network=request.param, refine_steps=60, timeout=120)
    except rw.InputError as error:
        if "libtorch" in str(error):
            pytest.skip("no library of networks here")
        raise


def test_the_formula_is_found_and_images_are_read(run, images, totals):
    assert str(run.formulas[0]) == "s1 + s2" and run.formulas[0].target == "total"
    assert run.alphabet == [1, 2, 5, 10]
    symbols, certainties = run.read_with_certainty([row[0] for row in images[:20]])
    others = run.read([row[1] for row in images[:20]])
    np.testing.assert_allclose(symbols + others, totals[:20])
    assert ((certainties > 0) & (certainties <= 1)).all()
    np.testing.assert_allclose(run.predict(images[:20]), totals[:20])


def test_arrays_and_pictures_are_read_as_their_files_are(run, images):
    PIL = pytest.importorskip("PIL.Image", reason="pictures need Pillow")
    files = [str(row[0]) for row in images[:3]]
    pictures = [PIL.open(file) for file in files]
    expected = run.read(files)
    np.testing.assert_array_equal(run.read(pictures), expected)
    np.testing.assert_array_equal(run.read([pixels_of(each) for each in pictures]), expected)


def test_rows_name_images_by_their_places(run, images, totals):
    several = [each for row in images[:4] for each in row]
    places = np.arange(8).reshape(4, 2)
    np.testing.assert_allclose(run.predict(several, rows=places), totals[:4])


def test_outputs_need_no_names():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([[1, "odd"], [2, "even"]])
    columns, names = rw.perception._outputs_of(frame, 2)
    assert names == ["y1", "y2"]
    assert columns[0].dtype.kind == "i" and list(columns[1]) == ["odd", "even"]


def _changed(run, folder, **changes):
    """The run with other entries of its one output."""
    run.save(str(folder))
    programs = json.loads((folder / "programs.json").read_text())
    programs[0].update(changes)
    (folder / "programs.json").write_text(json.dumps(programs))
    return rw.Perceived.load(str(folder))


def test_an_exported_module_says_words_as_the_run_does(run, images, tmp_path):
    # Sums go beyond the list of words.
    several = _changed(run, tmp_path / "run", words=[f"number {number}" for number in range(12)])
    said = several.predict(images[:30])
    assert {"number 6", "15"} <= set(said) and not any(text.startswith("number") for text in said if text == "15")
    several.export_python(str(tmp_path / "export"))
    reader = _module_at(tmp_path / "export")
    rows = np.array([[_bytes_of(each) for each in row] for row in images[:30]])
    np.testing.assert_array_equal(reader.predict(rows)["total"], said)
    values = [-1, -1e-9, 0.4, 3, 2.9999999, 11, 12, 1e9, 2.5, 7.123456789123456]
    assert [reader._said(each, reader.words["total"]) for each in values] == several._reader.texts(0, values)


def test_exported_letters_are_those_of_the_run(run, images, tmp_path):
    run.save(str(tmp_path / "run"))
    file = tmp_path / "run" / "weights.safetensors"
    content = file.read_bytes()
    # A scale that floats of 32 bits do not divide by: letters are then 0.1 and the like.
    file.write_bytes(content.replace(b'\\"scale\\":1.0', b'\\"scale\\":0.7'))
    assert file.read_bytes() != content
    scaled = rw.Perceived.load(str(tmp_path / "run"))
    assert scaled.alphabet == [0.7, 1.4, 3.5, 7.0]
    scaled.export_python(str(tmp_path / "export"))
    assert _module_at(tmp_path / "export").letters.tolist() == scaled.alphabet


def test_runs_are_kept_and_opened_again(run, images, tmp_path):
    run.save(str(tmp_path / "run"))
    again = rw.Perceived.load(str(tmp_path / "run"))
    assert repr(again) == repr(run)
    np.testing.assert_array_equal(again.read(images[0]), run.read(images[0]))
    assert again.report["settings"]["images"] == "manifest"


@pytest.mark.parametrize(
    ("images", "outputs", "options", "message"),
    [
        ([], [], {}, "no rows"),
        ([[np.zeros((4, 4))], [np.zeros((4, 4))] * 2], [1, 2], {}, "different length"),
        ([[np.zeros((4, 4))]] * 60, [1.0] * 59, {}, "a value for every row"),
        ([[np.zeros((4, 4, 7))]] * 60, [1.0] * 60, {}, "shape"),
        ([[np.full((4, 4), 3.0)]] * 60, [1.0] * 60, {}, "from 0 to 1"),
        ([["missing.png"]] * 60, [1.0] * 60, {}, "no such file"),
        ([np.zeros((4, 4))], [1.0], {"rows": [[1]]}, "places"),
        ([[np.zeros((4, 4))]] * 60, [1.0] * 60, {"max_operators": 9}, "1 to 5"),
    ],
)
def test_what_cannot_be_used_is_refused(images, outputs, options, message):
    with pytest.raises(rw.InputError, match=message):
        rw.perceive(images, outputs, **options)


def test_png_files_hold_the_pixels_they_were_made_of():
    PIL = pytest.importorskip("PIL.Image", reason="pictures need Pillow")
    import io

    random = np.random.default_rng(0)
    for shape in [(5, 7), (5, 7, 3)]:
        pixels = random.integers(256, size=shape, dtype=np.uint8)
        np.testing.assert_array_equal(np.asarray(PIL.open(io.BytesIO(png(pixels)))), pixels)
    np.testing.assert_array_equal(pixels_of(np.ones((3, 5, 7))), np.full((5, 7, 3), 255))


def _module_at(folder):
    spec = importlib.util.spec_from_file_location("exported_reader", folder / "reader.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _bytes_of(path):
    return pixels_of(pytest.importorskip("PIL.Image", reason="pictures need Pillow").open(path))


def test_an_exported_module_reads_and_tells_outputs_as_the_run_does(run, images, tmp_path):
    run.export_python(str(tmp_path))
    reader = _module_at(tmp_path)
    rows = np.array([[_bytes_of(each) for each in row] for row in images[:20]])
    shares = reader.probabilities_of(rows[:, 0])
    symbols, certainties = run.read_with_certainty([row[0] for row in images[:20]])
    np.testing.assert_allclose(shares.max(1), certainties, atol=1e-5)
    np.testing.assert_array_equal(reader.read(rows[:, 0])[0], np.round(symbols, 3))
    np.testing.assert_array_equal(reader.predict(rows)["total"], run.predict(images[:20]))
    with pytest.raises(ValueError, match="expected uint8"):
        reader.read(rows[:, 0] / 255)


def test_an_exported_network_gives_the_same_probabilities(run, images, tmp_path):
    pytest.importorskip("onnx", reason="the ONNX format needs the package onnx")
    runtime = pytest.importorskip("onnxruntime", reason="needs onnxruntime")
    run.export_onnx(str(tmp_path / "reader.onnx"))
    session = runtime.InferenceSession(str(tmp_path / "reader.onnx"))
    pixels = np.array([_bytes_of(row[0]) for row in images[:20]])
    shares = session.run(None, {"images": pixels[:, None].astype(np.float32) / 255})[0]
    _, certainties = run.read_with_certainty([row[0] for row in images[:20]])
    np.testing.assert_allclose(shares.max(1), certainties, atol=1e-5)
    assert session.get_modelmeta().custom_metadata_map["letters"] == "[1.0, 2.0, 5.0, 10.0]"
