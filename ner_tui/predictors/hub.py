"""Hub names: the files of a published checkpoint, downloaded once and then read from the cache.

The only place of the program that uses the network, and only when a hub name is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from ner_tui.errors import ModelError
from ner_tui.predictors.checkpoint import NEEDS_TORCH, pickled, without_torch
from ner_tui.predictors.faults import one_line, reported_as
from ner_tui.predictors.gliner.settings import CONFIG, GRAPHS, without_graph
from ner_tui.predictors.published import foreign_files

SETTINGS = ["*.json", "*.txt", "*.model", "*.vocab", "*.bpe"]
SAFE = "*.safetensors"
PICKLED = "pytorch_model*.bin"
ANSWER_SECONDS = 5.0
"""How long the hub may take to answer before it counts as out of reach."""


def download(name: str, *, allow_pickle: bool, torch: bool) -> Path:
    """Return the folder that holds a hub checkpoint, after downloading what the cache lacks.

    Only settings, vocabularies and weights are fetched, never code, and pickled weights only if they are allowed and
    there are no others.

    Args:
        allow_pickle: take pickled weights where there are no others.
        torch: whether there is torch to run weights with; without it only a GLiNER's graph can be.

    Raises:
        ModelError: there is no such checkpoint, it has no weights that may be read, or the hub is out of reach and the
            cache does not hold it.
    """
    try:
        info = HfApi().model_info(name, timeout=ANSWER_SECONDS)
    except RepositoryNotFoundError as error:
        raise ModelError(
            f"{name}: there is no such folder here, and no such model on the Hugging Face hub (or it is private)"
        ) from error
    except HfHubHTTPError as error:
        raise ModelError(f"{name}: the Hugging Face hub refused: {one_line(error)}") from error
    except Exception as error:  # no network shows as one of many errors, of sockets or of the HTTP library
        return _cached(name, error, torch=torch)
    names = [entry.rfilename for entry in info.siblings or ()]
    if CONFIG in names:
        return _fetched(name, info.sha, _gliner_files(name, names))
    if refusal := foreign_files(name, names):
        raise refusal
    if not torch:
        raise ModelError(without_torch(name))
    weights = SAFE
    if not any(Path(entry).match(SAFE) and "/" not in entry for entry in names):
        if not any(Path(entry).match(PICKLED) for entry in names):
            raise ModelError(f"{name}: this model has no weights in safetensors on the hub")
        if not allow_pickle:
            raise ModelError(pickled(name))
        weights = PICKLED
    return _fetched(name, info.sha, [*SETTINGS, weights, f"{weights}.index.json"], ignore_patterns="*/*")


def _gliner_files(name: str, names: Sequence[str]) -> list[str]:
    """Return what is needed of a GLiNER: its settings, one of its graphs, and the weights that are kept beside that."""
    graphs = [f"{folder}{graph}" for folder in ("", "onnx/") for graph in GRAPHS]
    graph = next((each for each in graphs if each in names), None)
    if graph is None:
        raise ModelError(without_graph(name))
    beside = [each for each in names if each.startswith(graph)]
    return [*(each for each in names if "/" not in each and Path(each).suffix == ".json"), *beside]


def _fetched(name: str, revision: str | None, files: list[str], ignore_patterns: str | None = None) -> Path:
    with reported_as(f"{name}: the download failed; try again"):
        return Path(snapshot_download(name, revision=revision, allow_patterns=files, ignore_patterns=ignore_patterns))


def _cached(name: str, error: Exception, *, torch: bool) -> Path:
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except Exception:
        raise ModelError(
            f"{name}: there is no such folder here, and the Hugging Face hub cannot be reached; on a machine with a "
            f"network run `hf download {name} --local-dir {name.rpartition('/')[2]}`, copy that folder here and give "
            f"./{name.rpartition('/')[2]} in its place" + ("" if torch else f"; unless it is a GLiNER, {NEEDS_TORCH}")
        ) from error
