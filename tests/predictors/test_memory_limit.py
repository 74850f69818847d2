"""A model that wants more memory than there is fails; what runs it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ner_tui.domain.document import Sentence
from ner_tui.errors import ModelError
from ner_tui.predictors import load
from ner_tui.predictors import memory_limit as memory

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(not Path("/proc/meminfo").is_file(), reason="only Linux says what is left")

GIGABYTES = 6


@pytest.fixture
def little_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer with half a gigabyte left."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (before[1], before[1]))
    monkeypatch.setattr(memory, "LEAST", 1 << 28)
    monkeypatch.setattr(memory, "left", lambda: 1 << 29)
    yield
    resource.setrlimit(resource.RLIMIT_DATA, before)


def growing_graph(folder: Path) -> None:
    """Have the graph make a table of some gigabytes while it runs."""
    onnx = pytest.importorskip("onnx")
    size = onnx.helper.make_tensor("size", onnx.TensorProto.INT64, [1], [GIGABYTES << 28])
    table = onnx.helper.make_tensor("table", onnx.TensorProto.FLOAT, [200, 9], [0.0] * 1800)
    ids, mask = (
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["b", "n"])
        for name in ("input_ids", "attention_mask")
    )
    logits = onnx.helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, ["b", "n", 9])
    nodes = [
        onnx.helper.make_node("Gather", ["table", "input_ids"], ["small"]),
        onnx.helper.make_node("ConstantOfShape", ["size"], ["large"]),
        onnx.helper.make_node("ReduceMax", ["large"], ["most"], keepdims=0),
        onnx.helper.make_node("Add", ["small", "most"], ["logits"]),
    ]
    graph = onnx.helper.make_graph(nodes, "growing", [ids, mask], [logits], [size, table])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    (folder / "onnx" / "model.onnx").write_bytes(model.SerializeToString())


@pytest.mark.usefixtures("little_left")
def test_a_graph_that_makes_more_than_there_is_fails_in_one_sentence(
    tiny_onnx: Path,
    altered: Callable[[Path, Callable[[Path], None]], str],
    sentences: Callable[..., list[Sentence]],
) -> None:
    with pytest.raises(ModelError, match="out of memory"):
        list(load(altered(tiny_onnx, growing_graph)).predict(sentences("New York"), "document"))
    assert len(bytearray(1 << 26)) == 1 << 26, "there is room for everything else"


@pytest.mark.usefixtures("little_left")
def test_a_limit_that_is_there_stays() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (1 << 40, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    memory.limit_memory()
    assert resource.getrlimit(resource.RLIMIT_DATA)[0] == 1 << 40


@pytest.mark.usefixtures("little_left")
def test_the_model_that_comes_with_the_program_is_not_limited() -> None:
    load()
    assert resource.getrlimit(resource.RLIMIT_DATA)[0] == resource.getrlimit(resource.RLIMIT_DATA)[1]
