"""The files that hold a checkpoint's weights: named, hashed, and of safetensors the header read; never the weights."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeGuard

from ner_tui.errors import ModelError
from ner_tui.predictors.checkpoint_limits import MAX_TAGS

WeightsKind = Literal["safetensors", "onnx", "pickle"]
HEADER_BYTES = 32 * 2**20
"""The largest header of a safetensors file that is read; the largest real ones have some megabytes."""
_HEADS = ("classifier.weight", "classifier.bias", "score.weight", "classifier.out_proj.weight")
"""Names of weights that have a row for each output of a classifier."""
_PRECISIONS = (("int8", "int8"), ("quantized", "int8"), ("fp16", "fp16"), ("bf16", "bf16"))


@dataclass(frozen=True, slots=True)
class Weights:
    """The files that hold a checkpoint's weights."""

    kind: WeightsKind
    files: tuple[Path, ...]
    """The ONNX graph first, or the shards in order of name."""

    @property
    def size(self) -> int:
        """Bytes of the files; those that are gone have none."""
        return sum(path.stat().st_size for path in self.files if path.is_file())

    @property
    def precision(self) -> str:
        """The precision an ONNX file's name tells, fp32 where it tells none."""
        name = self.files[0].name.lower()
        return next((precision for mark, precision in _PRECISIONS if mark in name), "fp32")

    @property
    def outputs(self) -> int | None:
        """How many outputs the classifier has; None where that is known only when the weights are read, or absurd."""
        shapes = self.shapes()
        count = next((shapes[name][0] for name in _HEADS if shapes.get(name)), 0)
        return count if 0 < count <= MAX_TAGS else None

    def shapes(self) -> dict[str, list[int]]:
        """Return the shapes of weights by name, of safetensors alone; what cannot be read is refused in loading."""
        return {} if self.kind != "safetensors" else {k: v for path in self.files for k, v in _header(path).items()}

    def sha256(self) -> str:
        """Hash the files' content, in hexadecimal; a second or so for each gigabyte."""
        digest = hashlib.sha256()
        try:
            for path in self.files:
                with path.open("rb") as stream:
                    while chunk := stream.read(2**20):
                        digest.update(chunk)
        except OSError as error:
            raise ModelError(f"{self.files[0]}: cannot be read: {error.strerror}") from error
        return digest.hexdigest()


def _header(path: Path) -> dict[str, list[int]]:
    """Return the shapes of the weights in a safetensors file; none if it is not one."""
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            found = json.loads(stream.read(length)) if length <= HEADER_BYTES else {}
    except (OSError, ValueError, RecursionError):
        return {}
    entries = found.items() if isinstance(found, dict) else ()
    shapes = {name: entry.get("shape") for name, entry in entries if isinstance(entry, dict)}
    return {name: shape for name, shape in shapes.items() if _is_shape(shape)}


def _is_shape(shape: object) -> TypeGuard[list[int]]:
    return isinstance(shape, list) and all(isinstance(each, int) for each in shape)
