"""Checkpoints made to do harm: each is refused with one sentence, at once, and nothing outside its folder is read."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from patience import HANGS

from benchmarks.memory import Growth
from ner_tui.cli import main

torch = pytest.importorskip("torch")

Change = Callable[[Path], object]
Capture = pytest.CaptureFixture[str]


def setting(**values: object) -> Change:
    def change(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")

    return change


def sparse(name: str, size: int) -> Change:
    """Make a file that is said to be large, and takes no room."""

    def change(folder: Path) -> None:
        with (folder / name).open("wb") as stream:
            stream.truncate(size)

    return change


def holding(name: str, content: str) -> Change:
    return lambda folder: (folder / name).write_text(content, encoding="utf-8")


def header_of(length: int) -> Change:
    def change(folder: Path) -> None:
        path = folder / "model.safetensors"
        path.write_bytes(length.to_bytes(8, "little") + path.read_bytes()[8:])

    return change


def tensors(**change_of: object) -> Change:
    """Change what the header of the weights says of each tensor."""

    def change(folder: Path) -> None:
        path = folder / "model.safetensors"
        content = path.read_bytes()
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + length])
        header = {name: value if name == "__metadata__" else value | change_of for name, value in header.items()}
        encoded = json.dumps(header).encode()
        path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + content[8 + length :])

    return change


def sharded_into(target: str) -> Change:
    """Have an index name a file that is a link to somewhere else."""

    def change(folder: Path) -> None:
        outside = folder.parent / "outside.safetensors"
        (folder / "model.safetensors").rename(outside)
        (folder / "shard.safetensors").symlink_to(target.format(outside=outside))
        index = {"weight_map": {"a": "shard.safetensors"}}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")

    return change


def linked(name: str, target: str) -> Change:
    """Have a file be a link to somewhere else."""

    def change(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).symlink_to(target)

    return change


def pipe(name: str) -> Change:
    """Have a file be a pipe that nobody writes into."""

    def change(folder: Path) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return change


PADDING = {"direction": "Right", "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}


def tokenizer_setting(**values: object) -> Change:
    def change(folder: Path) -> None:
        path = folder / "tokenizer.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")

    return change


def normalising(*steps: object) -> Change:
    return tokenizer_setting(normalizer={"type": "Sequence", "normalizers": steps})


def replacing(pattern: str, content: str, kind: str = "String") -> dict[str, object]:
    return {"type": "Replace", "pattern": {kind: pattern}, "content": content}


REFUSED: dict[str, tuple[Change, str]] = {
    "settings of a gigabyte": (sparse("config.json", 1 << 30), "larger than"),
    "settings without end": (holding("config.json", "[" * 5_000_000), "not valid JSON"),
    "settings in settings": (holding("config.json", '{"a":' * 100_000), "not valid JSON"),
    "settings that are not text": (
        lambda folder: (folder / "config.json").write_bytes(b"\xff\xfe{}"),
        "not valid JSON",
    ),
    "a number of a million digits": (holding("config.json", '{"a":' + "9" * 1_000_000 + "}"), "not valid JSON"),
    "a million tags": (setting(id2label={str(n): "O" for n in range(50_000)}), "id2label"),
    "a tag of a million characters": (setting(id2label={"0": "O" * 1_000_000}), "id2label"),
    "tags beyond all numbers": (setting(id2label={"0": "O", str(2**62): "B-X"}), "id2label"),
    "tags without numbers": (setting(id2label={"a": "O"}), "id2label"),
    "tags that are lists": (setting(id2label={"0": ["O"]}), "id2label"),
    "a tag number of many digits": (setting(id2label={"1" * 5000: "O"}), "id2label"),
    "layers without end": (setting(num_hidden_layers=10**9), "layers"),
    "tables larger than any memory": (setting(vocab_size=10**12), "not whole"),
    "positions larger than any memory": (setting(max_position_embeddings=10**12), "not whole"),
    "wider than any memory": (setting(hidden_size=10**9), "not whole"),
    "sizes that are text": (setting(hidden_size="a"), "cannot be loaded"),
    "no heads": (setting(num_attention_heads=0), "cannot be loaded"),
    "code to be downloaded": (setting(attn_implementation="nobody/kernel"), "names code"),
    "code in a part": (setting(_attn_implementation={"": "nobody/kernel"}), "names code"),
    "code beside it": (setting(model_type="x", auto_map={"AutoConfig": "x.C"}), "code of their own"),
    "another checkpoint": (holding("adapter_config.json", '{"base_model_name_or_path": "/"}'), "adapter"),
    "weights elsewhere": (setting(transformers_weights="../x.safetensors"), "cannot be loaded"),
    "a vocabulary of a gigabyte": (sparse("vocab.txt", 1 << 30), "larger than"),
    "a header of 2^62 bytes": (header_of(2**62), "cannot be loaded"),
    "a header of 99 MB": (header_of(99_000_000), "cannot be loaded"),
    "a header that ends early": (header_of(4), "cannot be loaded"),
    "tensors that overlap": (tensors(data_offsets=[0, 4]), "cannot be loaded"),
    "tensors beyond the file": (tensors(data_offsets=[0, 2**60]), "cannot be loaded"),
    "tensors of 2^60 numbers": (tensors(shape=[2**30, 2**30]), "cannot be loaded"),
    "tensors whose shape is none": (tensors(shape=["9", {}]), "cannot be loaded"),
    "a shard that is a link": (sharded_into("{outside}"), "leads out"),
    "a shard that is a device": (sharded_into("/dev/zero"), "is missing"),
    "a billion tags without names": (setting(num_labels=10**9), "num_labels"),
    "settings that are a link": (linked("config.json", "/etc/passwd"), "leads out"),
    "weights that are a link": (linked("model.safetensors", "/etc/passwd"), "leads out"),
    "pickled weights": (lambda folder: (folder / "model.safetensors").rename(folder / "pytorch_model.bin"), "pickled"),
}
REFUSED_GRAPHS: dict[str, tuple[Change, str]] = {
    "a vocabulary of a gigabyte": (sparse("tokenizer.json", 1 << 30), "larger than"),
    "a vocabulary without end": (holding("tokenizer.json", '{"a":' * 100_000), "not a tokenizer"),
    "a vocabulary of wrong types": (holding("tokenizer.json", '{"model": {"type": "BPE", "vocab": 3}}'), "tokenizer"),
    "a graph of a gigabyte": (sparse("onnx/model.onnx", 1 << 30), "cannot be run|not a model"),
    "a graph that nobody writes": (pipe("onnx/model.onnx"), "no weights"),
    "a graph that is a link": (linked("onnx/model.onnx", "/etc/passwd"), "leads out"),
    "a vocabulary that is a link": (linked("tokenizer.json", "/etc/passwd"), "leads out"),
    "a text of a gigabyte for a letter": (normalising(*[replacing("a", "a" * 60)] * 5), "10,000 characters"),
    "letters between letters": (normalising(*[replacing("", "a", "Regex")] * 40), "10,000 characters"),
    "a megabyte before each word": (normalising({"type": "Prepend", "prepend": "z" * 10**6}), "10,000 characters"),
    "padding beyond any memory": (
        tokenizer_setting(padding={"strategy": {"Fixed": 2**40}, **PADDING, "pad_to_multiple_of": None}),
        "",
    ),
    "padding to multiples": (
        tokenizer_setting(padding={"strategy": "BatchLongest", **PADDING, "pad_to_multiple_of": 2**40}),
        "",
    ),
    "a temperature of many digits": (setting(temperature=10**400), "temperature"),
    "a type that is a list": (setting(model_type=["bert"], tokenizer_class=["x"], trained_on=["words"]), ""),
    "architectures that are none": (setting(architectures={"CRF": 1}, use_crf=["a"]), ""),
    "a name that is a pattern": (lambda folder: (folder / "onnx" / "model.onnx").rename(folder / "a**[.onnx"), ""),
    "other tags than outputs": (setting(id2label={"0": "O", "1": "B-X"}), "the classifier has 9 outputs"),
}


def said(folder: Path, capsys: Capture, *more: str) -> tuple[int, str]:
    Path("a.txt").write_text("Ada met Bob in Paris.\n", encoding="utf-8")
    begun, memory = monotonic(), Growth()
    code = main(["predict", "a.txt", "--model", str(folder), *more])
    assert monotonic() - begun < HANGS
    assert memory.most() < 400_000_000, "bytes of memory"
    lines = [line for line in capsys.readouterr().err.split("\n") if line.startswith("ner-tui:")]
    return code, "\n".join(lines)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Change], Path]:
    monkeypatch.chdir(tmp_path)

    def copy(checkpoint: Path, change: Change) -> Path:
        shutil.copytree(checkpoint, tmp_path / "model")
        change(tmp_path / "model")
        return tmp_path / "model"

    return copy


@pytest.mark.parametrize("name", REFUSED)
def test_a_checkpoint_is_refused_in_one_sentence(
    name: str, tiny_checkpoint: Path, copied: Callable[[Path, Change], Path], capsys: Capture
) -> None:
    change, reason = REFUSED[name]
    code, sentence = said(copied(tiny_checkpoint, change), capsys)
    assert code == 2
    assert sentence.count("\n") == 0
    assert reason in sentence


@pytest.mark.parametrize("name", REFUSED_GRAPHS)
def test_a_graph_is_refused_in_one_sentence(
    name: str, tiny_onnx: Path, copied: Callable[[Path, Change], Path], capsys: Capture
) -> None:
    change, reason = REFUSED_GRAPHS[name]
    code, sentence = said(copied(tiny_onnx, change), capsys)
    assert (code, sentence.count("\n")) == ((2, 0) if reason else (0, 0))
    assert any(each in sentence for each in reason.split("|"))


def larger_vocabulary(folder: Path) -> None:
    """Have the tokenizer give numbers that the model has no row for."""
    path = folder / "tokenizer.json"
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    tokenizer["model"]["vocab"] = {word: number + (10**6 if number > 10 else 0) for word, number in vocabulary.items()}
    path.write_text(json.dumps(tokenizer), encoding="utf-8")


def test_a_vocabulary_of_another_model_fails_in_one_sentence(
    tiny_onnx: Path, copied: Callable[[Path, Change], Path], capsys: Capture
) -> None:
    code, sentence = said(copied(tiny_onnx, larger_vocabulary), capsys)
    assert (code, sentence.count("\n")) == (2, 0)
    assert "the model failed" in sentence


class _Trap:
    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path("sprung"),)


def trapped(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({"classifier.weight": _Trap()}, folder / "pytorch_model.bin")


def test_pickled_weights_are_not_even_opened_without_the_flag_that_says_what_they_can_do(
    tiny_checkpoint: Path, copied: Callable[[Path, Change], Path], capsys: Capture
) -> None:
    code, sentence = said(copied(tiny_checkpoint, trapped), capsys)
    assert code == 2
    assert "can run any code" in sentence
    assert "--allow-pickle" in sentence
    assert not Path("sprung").exists()


def test_even_with_the_flag_what_is_no_weights_is_refused_as_far_as_torch_can_tell(
    tiny_checkpoint: Path, copied: Callable[[Path, Change], Path], capsys: Capture
) -> None:
    code, sentence = said(copied(tiny_checkpoint, trapped), capsys, "--allow-pickle")
    assert (code, sentence.count("\n")) == (2, 0)
    assert not Path("sprung").exists()


def test_the_flag_reads_pickled_weights(
    tiny_checkpoint: Path, copied: Callable[[Path, Change], Path], capsys: Capture
) -> None:
    def pickled(folder: Path) -> None:
        from safetensors.torch import load_file

        torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()

    assert said(copied(tiny_checkpoint, pickled), capsys, "--allow-pickle") == (0, "")
