"""Examples of each command, which end its ``--help``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

EXAMPLES: Mapping[str, Sequence[tuple[str, str]]] = {
    "review": (
        ("ner-tui review news/", "all files of a folder, in annotations.ner"),
        ("ner-tui review gold.conll --project gold.ner", "a file with tags, in a project of its own"),
        ("ner-tui review notes.txt --labels DRUG,DISEASE", "labels that no model knows"),
    ),
    "serve": (
        ("ner-tui serve news/", "prints the address, and opens it"),
        ("ner-tui serve annotations.ner --port 8000 --no-open", "at the same port each time"),
    ),
    "predict": (
        ("ner-tui predict news/ -o tagged/", "a file for each document"),
        ("ner-tui predict big.txt --model fast -o big.2.conll --shard 2/8", "the second of eight parts"),
        ("ner-tui predict news/ -o tagged/ --ray auto", "by all processors, or by a Ray cluster"),
        ("ner-tui predict - --to jsonl < text.txt", "from standard input"),
    ),
    "export": (
        ("ner-tui export annotations.ner -o corrected/", "the files as they were opened, corrected"),
        ("ner-tui export annotations.ner --to spacy --only confirmed -o train.spacy", "for spacy train"),
    ),
    "report": (("ner-tui report annotations.ner -o report.html", "to send to somebody"),),
    "convert": (
        ("ner-tui convert in.conll -o out.conll --scheme bioes", "the same file in another scheme"),
        ("ner-tui convert in.jsonl --to conll -o out.conll --on-loss warn", "what conll cannot hold is told"),
    ),
    "score": (
        ("ner-tui score gold.conll predicted.conll", "precision, recall and F1"),
        ("ner-tui score both.conll --gold-column 4 --column 5", "two columns of one file"),
    ),
    "diff": (("ner-tui diff one.conll other.conll", "where two annotators differ"),),
    "audit": (
        ("ner-tui audit gold.conll --at-least 0.5", "what is more likely wrong than right"),
        ("ner-tui audit gold.conll --project gold.ner", "to go through it in the app: review gold.ner, then z q"),
    ),
    "deal": (("ner-tui deal news/ --annotators ana,bo --overlap 20% -o team/", "a fifth of the words for both"),),
    "agree": (("ner-tui agree team/ana.ner team/bo.ner", "how well they agree on what both confirmed"),),
    "adjudicate": (
        ("ner-tui adjudicate team/ana.ner team/bo.ner --project gold.ner", "settle what they differ in"),
        ("ner-tui adjudicate three.jsonl --project gold.ner --blind", "of one file of several, without names"),
    ),
    "check": (
        ("ner-tui check data/", "broken lines and tags, with file and line"),
        ("ner-tui check in.conll --repair conlleval -o legal.conll", "a copy with legal tags"),
    ),
    "info": (("ner-tui info annotations.ner --json", "counts, for programs"),),
    "backup": (("ner-tui backup annotations.ner -o monday.ner", "also while it is open"),),
    "dump": (("ner-tui dump annotations.ner -o annotations.jsonl", "to keep in git"),),
    "merge": (("ner-tui merge base.jsonl ours.jsonl theirs.jsonl", "as a merge driver of git; see docs/team.md"),),
    "load": (("ner-tui load annotations.jsonl --project again.ner", "a project of a dump"),),
    "train": (
        ("ner-tui train annotations.ner --base bundled --dev dev.conll -o my-model", "from what was confirmed"),
        ("ner-tui train train.conll --base google-bert/bert-base-cased -o my-model --epochs 5", "from an encoder"),
    ),
    "models": (
        ("ner-tui models", "what can be used here"),
        ("ner-tui models add dbmdz/bert-large-cased-finetuned-conll03-english", "a fast copy, in int8"),
    ),
    "completion": (
        ("ner-tui completion bash > ~/.local/share/bash-completion/completions/ner-tui", "for bash"),
        ("ner-tui completion zsh > ~/.zfunc/_ner-tui", "for zsh, with ~/.zfunc in fpath"),
        ("ner-tui completion fish > ~/.config/fish/completions/ner-tui.fish", "for fish"),
    ),
}  # fmt: skip
"""By command, how it is called and what for."""


def epilog(command: str) -> str:
    """Return the examples of a command for the end of its help; empty if it has none."""
    found = EXAMPLES.get(command, ())
    return "\n".join(["examples:", *(f"  {line}\n      {told}" for line, told in found)]) if found else ""
