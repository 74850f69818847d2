"""How each command is called, so that all it has to say is of hostile text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from hostile.conftest import Scene
from hostile.payloads import NAME, WORDS

MODEL = "model"
GLINER = f"{NAME}-gliner"
QUOTED = json.dumps(WORDS["colour"])
CONFIGS = (f"theme = {QUOTED}\n", f"{QUOTED} = 1\n", f"[keys]\n{QUOTED} = [{QUOTED}]\n", f"x{WORDS['clipboard']}\n")
LABEL_FILES = (
    f"[[label]]\nname = {QUOTED}\n",
    f'[[label]]\nname = "A"\nkey = {QUOTED}\n',
    f"[[{QUOTED}]]\n",
    WORDS["bidi"],
)


def written(contents: Iterable[str], name: str) -> Iterator[Path]:
    """Write files of settings."""
    for number, content in enumerate(contents):
        path = Path(f"{name}{number}.toml")
        path.write_text(content, encoding="utf-8")
        yield path


def lines_of_commands(scene: Scene) -> dict[str, list[list[str]]]:
    """Return for each command how it is called, so that all it has to say is of hostile text."""
    conll, text, records, project = map(str, (scene.conll, scene.text, scene.records, scene.project))
    other, missing, broken = f"{NAME}-other.conll", f"{NAME}-missing", f"{NAME}-broken.conll"
    lines = scene.conll.read_bytes().decode().split("\n")
    Path(other).write_text("\n".join(lines).replace(" B-", " O-", 3), encoding="utf-8", newline="")
    Path(broken).write_text(f"a O\n{WORDS['colour']} x y B-{WORDS['bidi']}\n", encoding="utf-8", newline="")
    dumped = f"{NAME}-dump.jsonl"
    (described,) = written([f'[[label]]\nname = "X"\ndescription = {QUOTED}\n'], f"{NAME}-described")
    return {
        "review": [
            ["review", missing],
            ["review", text, "--config", missing],
            *(["review", text, "--config", str(path)] for path in written(CONFIGS, f"{NAME}-config")),
            *(["review", text, "--labels", str(path)] for path in written(LABEL_FILES, f"{NAME}-labels")),
            ["review", text, "--labels", WORDS["colour"]],
        ],
        "serve": [
            ["serve", missing],
            ["serve", text, "--model", missing],
            ["serve", text, "--project", text],
        ],
        "predict": [
            ["predict", text, "--model", MODEL],
            ["predict", text, "--model", MODEL, "--to", "jsonl"],
            ["predict", text, "--model", MODEL, "--to", "wordpieces"],
            ["predict", conll, "--model", MODEL, "--map", f"{WORDS['colour']}=X", "-o", f"{NAME}.out"],
            ["predict", text, "--model", missing],
            *(["predict", text, "--model", MODEL, "--labels", str(path)] for path in written(LABEL_FILES, NAME)),
            ["predict", text, "--model", MODEL, "--labels", WORDS["colour"]],
            ["predict", text, "--model", GLINER, "--labels", str(described)],
            ["predict", broken, "--model", MODEL],
            ["predict", text, "--model", MODEL, "--ray", WORDS["colour"], "-o", "-"],
        ],
        "export": [
            ["export", project],
            ["export", project, "--to", "jsonl"],
            ["export", project, "--to", "conll2003", "-o", f"{NAME}.out"],
            ["export", missing],
            ["export", text],
        ],
        "report": [
            ["report", project],
            ["report", project, "-o", f"{NAME}.html"],
            ["report", project, "-o", project],
            ["report", missing],
        ],
        "convert": [
            ["convert", conll, "-o", "-"],
            ["convert", conll, "-o", "-", "--scheme", "bilou"],
            ["convert", conll, "-o", "-", "--to", "jsonl"],
            ["convert", records, "-o", "-", "--to", "conll"],
            ["convert", broken, "-o", "-"],
            ["convert", missing, "-o", "-"],
            ["convert", text, "-o", "-", "--encoding", WORDS["colour"]],
        ],
        "score": [
            ["score", conll, other],
            ["score", conll, other, "--json"],
            ["score", conll, missing],
            ["score", project, text],
        ],
        "diff": [
            ["diff", conll, other],
            ["diff", conll, other, "--json"],
            ["diff", project, project],
            ["diff", conll, broken],
        ],
        "audit": [
            ["audit", conll, "--model", MODEL],
            ["audit", conll, "--model", MODEL, "--json", "--at-least", "0"],
            ["audit", conll, "--model", missing],
            ["audit", project, "--model", MODEL],
            ["audit", broken, "--model", MODEL],
            ["audit", missing],
            ["audit", conll, "--model", MODEL, "--project", f"{NAME}-audit.ner"],
            ["audit", project, "--model", MODEL, "--project", f"{NAME}-audit.ner"],
        ],
        "deal": [
            ["deal", conll, "--annotators", "ana,bo", "-o", f"{NAME}-team"],
            ["deal", conll, text, "--annotators", "ana,bo", "--overlap", "50%", "-o", f"{NAME}-team"],
            ["deal", text, "--annotators", f"ana,{WORDS['colour']}", "-o", f"{NAME}-team"],
            ["deal", missing, "--annotators", "ana,bo", "-o", f"{NAME}-team"],
        ],
        "agree": [
            ["agree", conll, other],
            ["agree", conll, other, "--json"],
            ["agree", project, text, "--sentences", "all"],
            ["agree", conll, missing],
            ["agree", conll],
        ],
        "adjudicate": [
            ["adjudicate", conll, missing, "--project", f"{NAME}-gold.ner"],
            ["adjudicate", conll, "--project", f"{NAME}-gold.ner"],
            ["adjudicate", conll, text, "--project", f"{NAME}-gold.ner"],
            ["adjudicate", conll, other, "--project", project, "--sentences", WORDS["colour"]],
        ],
        "check": [
            ["check", conll, other],
            ["check", conll, "--json"],
            ["check", "."],
            ["check", conll, "--repair", "discard", "-o", f"{NAME}-fixed.conll"],
            ["check", project],
            ["check", project, "--json"],
            ["check", project, "--rebuild", "-o", f"{NAME}-new.ner"],
            ["check", broken],
            ["check", missing],
        ],
        "info": [["info", project], ["info", project, "--json"], ["info", text]],
        "backup": [
            ["backup", project, "-o", f"{NAME}-backup.ner"],
            ["backup", project, "-o", project],
            ["backup", missing, "-o", f"{NAME}.out"],
            ["backup", text, "-o", f"{NAME}.out"],
        ],
        "dump": [["dump", project], ["dump", project, "-o", dumped]],
        "merge": [
            ["merge", dumped, dumped, dumped, "-o", f"{NAME}-merged.jsonl"],
            ["merge", dumped, text, dumped],
            ["merge", dumped, missing, dumped],
        ],
        "load": [["load", dumped, "--project", f"{NAME}-loaded.ner"], ["load", text, "--project", "x.ner"]],
        "train": [
            ["train", missing, "--base", missing, "-o", missing],
            ["train", broken, "--base", MODEL, "-o", f"{NAME}-out"],
        ],
        "models": [
            ["models"],
            ["models", "--json"],
            ["models", "remove", missing],
            ["models", "add", missing],
            ["models", "add", GLINER],
            ["models", "info", missing],
            ["models", "info", MODEL],
            ["models", f"--{NAME}"],
        ],
        "completion": [["completion", NAME], ["completion", "bash"]],
    }
