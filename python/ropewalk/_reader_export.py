"""A finished run as files that do without Ropewalk: a Python module, and a network in the ONNX format."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .formula import Formula

Weights = dict[str, NDArray[np.float32]]


def weights_of(file: Path) -> tuple[Weights, dict[str, Any]]:
    """The tensors of a run's safetensors file, and what it says of its reader."""
    content = file.read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + length])
    reader = json.loads(header.pop("__metadata__")["reader"])
    weights = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        values = np.frombuffer(content[8 + length + begin : 8 + length + end], np.float32)
        weights[name] = values.reshape(tensor["shape"])
    return weights, reader


def write_module(
    folder: Path,
    weights: Weights,
    reader: dict[str, Any],
    letters: Sequence[float],
    formulas: Sequence[Formula],
    words: dict[str, list[str]],
) -> None:
    """Writes ``reader.py`` and ``weights.npz``."""
    functions = [formula.python() for formula in formulas]
    code = []
    for number, function in enumerate(functions):
        name = function.split("def ", 1)[1].split("(", 1)[0]
        code.append(function.strip().replace(f"def {name}(", f"def _output_{number}(", 1))
    table = ", ".join(f"{formula.target!r}: _output_{number}" for number, formula in enumerate(formulas))
    text = (Path(__file__).parent / "_standalone_reader.py").read_text(encoding="utf-8").split("\n", 1)[1]
    text = text.replace("#FORMULAS#", "\n\n\n".join(code) + f"\n\n\nformulas = {{{table}}}")
    text = text.replace("words = {}  #WORDS#", f"words = {words!r}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reader.py").write_text(text, encoding="utf-8")
    shape = np.array([reader["channels"], reader["height"], reader["width"]])
    beside = {"mean": _column(reader, "mean"), "deviation": _column(reader, "deviation"), "shape": shape}
    tensors = {name: values for name, values in weights.items() if name != "alphabet"}
    np.savez(folder / "weights.npz", letters=np.array(letters), **beside, **tensors)  # type: ignore[arg-type]


def _column(reader: dict[str, Any], name: str) -> NDArray[np.float32]:
    return np.asarray(reader[name], np.float32)


class _Graph:
    """The nodes of a model and the tensors that they name."""

    def __init__(self, weights: Weights) -> None:
        from onnx import helper, numpy_helper

        self._helper, self._numpy = helper, numpy_helper
        self.weights = weights
        self.nodes: list[Any] = []
        self.initial: dict[str, Any] = {}

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.initial.setdefault(name, self._numpy.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(self._helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def convolution(self, x: str, name: str, stride: int = 1) -> str:
        kernel = self.weights[name + ".weight"]
        margin = kernel.shape[2] // 2
        return self.add("Conv", x, self.constant(name + ".weight", kernel), strides=[stride] * 2, pads=[margin] * 4)

    def normalised(self, x: str, name: str) -> str:
        parts = [self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias", "running_mean", "running_var")]
        return self.add("BatchNormalization", x, *parts, epsilon=1e-5)

    def linear(self, x: str, name: str) -> str:
        parts = [self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self.add("Gemm", x, *parts, transB=1)

    def block(self, x: str, name: str, stride: int) -> str:
        y = self.add("Relu", self.normalised(self.convolution(x, name + ".conv1", stride), name + ".bn1"))
        y = self.normalised(self.convolution(y, name + ".conv2"), name + ".bn2")
        if name + ".downsample.0.weight" in self.weights:
            x = self.normalised(self.convolution(x, name + ".downsample.0", stride), name + ".downsample.1")
        return self.add("Relu", self.add("Add", y, x))

    def plain(self, x: str) -> str:
        halving = (1, 3) if "conv4.weight" in self.weights else (1, 2)
        number = 1
        while f"conv{number}.weight" in self.weights:
            x = self.add("Relu", self.normalised(self.convolution(x, f"conv{number}"), f"bn{number}"))
            if number in halving:
                x = self.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
            number += 1
        return self.linear(self.add("Relu", self.linear(self.add("Flatten", x, axis=1), "fc1")), "fc2")

    def residual(self, x: str) -> str:
        wide = self.weights["conv1.weight"].shape[2] == 7
        x = self.add("Relu", self.normalised(self.convolution(x, "conv1", 2 if wide else 1), "bn1"))
        if wide:
            x = self.add("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
        stage = 1
        while f"layer{stage}.0.conv1.weight" in self.weights:
            number = 0
            while f"layer{stage}.{number}.conv1.weight" in self.weights:
                x = self.block(x, f"layer{stage}.{number}", 2 if stage > 1 and number == 0 else 1)
                number += 1
            stage += 1
        return self.linear(self.add("Flatten", self.add("GlobalAveragePool", x), axis=1), "fc")


def write_onnx(file: Path, weights: Weights, reader: dict[str, Any], letters: Sequence[float]) -> None:
    """A model from images [images, channels, height, width], numbers from 0 to 1, to probabilities [images, letters]."""
    try:
        import onnx
        from onnx import TensorProto, helper
    except ImportError as error:
        raise ImportError("Perceived.export_onnx needs the package onnx: pip install onnx") from error
    graph = _Graph(weights)
    mean, deviation = (graph.constant(name, _column(reader, name)[None, :, None, None]) for name in ("mean", "deviation"))
    x = graph.add("Div", graph.add("Sub", "images", mean), deviation)
    raw = graph.plain(x) if "fc1.weight" in weights else graph.residual(x)
    graph.nodes.append(helper.make_node("Softmax", [raw], ["probabilities"], axis=1))
    size = [reader["channels"], reader["height"], reader["width"]]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "reader",
            [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["images", *size])],
            [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["images", len(letters)])],
            list(graph.initial.values()),
        ),
        producer_name="ropewalk",
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=8,
    )
    helper.set_model_props(model, {"letters": json.dumps(list(letters))})
    onnx.checker.check_model(model)
    file.write_bytes(model.SerializeToString())
