"""What becomes of CoNLL files: the same bytes back, small differences for small edits, the same spans for others.

    python benchmarks/roundtrip.py DATA... [--mutate N] [--speed FILE]

DATA are files, and folders of files, of columns or CoNLL-U; some lines of this script in each dialect come first.
Prints a table in Markdown, with a row for each file:

- open, save: the file's own bytes
- relabel one: each of up to 20 spans alone gets another label, and the tags of its words are all that changes
- A, B, A: a label is changed everywhere and changed back, legal tags go to another scheme and back: the file's bytes
- seqeval: the spans of our IOB2 as its strict mode reads them
- conlleval: the same as conlleval's rules read them, a port of which is here

A second table is of texts with spans in the formats of other tools, see ``roundtrip_standoff``; a third of JSON records
that are changed in place, see ``roundtrip_records``.

With --mutate, N files with random changes to their bytes go through reading, relabelling and writing. With --speed, how
many tokens a second go from columns to columns, and to each other format and back.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from ner_tui.domain.stream import AnnotatedSentence, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import (
    Inference,
    Source,
)
from ner_tui.formats.columns.inplace_edit import can_rewrite, in_scheme, rewrite
from ner_tui.formats.files.writing_back import require_exact
from ner_tui.formats.tagged import tag_spans

sys.path.insert(0, str(Path(__file__).parent))


from roundtrip_reading import items_of, opened, spans_of
from roundtrip_records import speed as records_speed
from roundtrip_records import table as records_table
from roundtrip_scorers import conlleval_spans, seqeval_spans
from roundtrip_speed import speed
from roundtrip_standoff import table as standoff_table

_MOST_RELABELS = 20
_SKIPPED = (".json", ".md", ".ner", "INDEX.txt", "vocab.txt")
_RECORDS = (".json", ".jsonl", ".ndjson")
_UD = "\t_" * 7 + "\t"
OWN = {
    "CoNLL-2003, German: five columns": (
        "-DOCSTART- -X- -X- -X- O\n\nNordirland Nordirland NE I-NC I-LOC\nist sein VAFIN I-VC O\n"
        "Mai Mai NE I-NC I-PER\nMay May NE I-NC B-PER\n\n"
    ),
    "MultiCoNER": "# id 1b2c\tdomain=en\nAda _ _ B-PER\nLovelace _ _ I-PER\nleft _ _ O\n\n",
    "GermEval-2014": (
        "#\thttp://x.example [2010-01-01]\n1\tBank\tB-ORG\tO\n2\tJersey\tI-ORG\tB-LOC\n3\tsagt\tO\tO\n\n"
        "#\tx\n1\tWolf\tB-PERpart\tO\n\n"
    ),
    "neat": (
        "No.\tTOKEN\tNE-TAG\tNE-EMB\tID\turl_id\n# https://x.example\n0\t\tO\tO\t-\t0\n"
        "1\tBerlin\tB-LOC\tO\tQ64\t0\n2\tist\tO\tO\t-\t0\n0\t\tO\tO\t-\t0\n1\tAda\tB-PER\tO\t-\t0\n"
    ),
    "HIPE-2022": (
        "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-FINE-LIT\tNE-FINE-METO\tNE-FINE-COMP\tNE-NESTED\tNEL-LIT\tNEL-METO"
        "\tMISC\n# hipe2022:document_id = a\nAjax\tB-pers\t_\tB-pers.myth\t_\t_\tO\tQ172725\t_\tNoSpaceAfter\n"
        ".\tO\t_\tO\t_\t_\tO\t_\t_\tEndOfSentence\nSo\tO\t_\tO\t_\t_\tO\t_\t_\t_\n\n"
    ),
    "CoNLL-U, NER=": (
        f"# newdoc\n1\tAda{_UD}NER=B-per|SpaceAfter=No\n2-3\tdu{_UD}_\n2\tde{_UD}NER=B-loc\n3\tle{_UD}NER=I-loc\n"
        f"3.1\tx{_UD}_\n4\tlac{_UD}NER=I-loc\n5\t.{_UD}NER=O\n\n"
    ),
    "CoNLL-U, name= after others": f"1\tFinn{_UD}SpaceAfter=No|name=B-PER\n2\tdu{_UD}name=O\n\n",
    "CoNLL-U, Entity=, O without it": f"1\tFinn{_UD}Entity=S-PER|Ref=2\n2\tdu{_UD}_\n\n",
    "CoNLL-U Plus, columns in any order": (
        "# global.columns = NER ID FORM MISC\nB-PER\t1\tAda\tSpaceAfter=No\nO\t2\t.\t_\n\n"
    ),
    "WikiNEuRal: columns in a file called .conllu": "0\tAda\tB-PER\n1\tis\tO\n2\tin\tO\n\n0\tSo\tO\n",
    "KLUE: comments with TAB, words that are spaces": (
        "## CHAR\tNE_TAG\n## 0-wiki\t<Ada:PS> is\nA\tB-PS\nd\tI-PS\na\tI-PS\n \tO\ni\tO\ns\tO\n\n"
    ),
    "BMES": "钱 B-PER\n学 M-PER\n森 E-PER\n在 O\n沪 S-LOC\n\n",
    "BILOU, CRLF, byte order mark": "\ufeffAda U-PER\r\nsaw O\r\nNew B-LOC\r\nYork L-LOC\r\n\r\nso O",
    "labels without prefixes": "Ada\tPER\nis\tO\nin\tO\nYork\tLOC\n\n",
    "small prefixes": "Ada\tb-PER\nLee\ti-PER\nis\to\n\n",
    "small BILOU": "Ada b-per\nvan i-per\nLee l-per\nsaw o\nOslo u-loc\n\n",
    "BIOES joined by _": "Ada B_PER\nLee E_PER\nsaw O\nOslo S_LOC\n\n",
    "prefixes behind labels": "Ada PER-B\nLee PER-I\nsaw O\nOslo LOC-B\n\n",
    "0 for O": "Ada B-PER\nsaw 0\nOslo B-LOC\n. 0\n\n",
    "tags before words": "B-PER\tAda\nI-PER\tLee\nOTHER\tsaw\nB-LOC\tOslo\n\n",
    "CSV of words, quotes, CRLF": (
        'Sentence #,Word,POS,Tag\r\nSentence: 1,Ann,NNP,B-per\r\n,"Lee",NNP,"I-per"\r\n,",",",",O\r\n'
        'Sentence: 2,"""",``,O\r\n,Oslo,NNP,B-geo\r\n'
    ),
    "CSV of words by semicolon, no names": 'Ann;B-PER\nLee;I-PER\nlives;O\n\n";O\nOslo;B-LOC\n";O\n',
    "lines end in a carriage return": "Ann\tB-PER\rLee\tI-PER\rleft\tO\r\rBo\tB-PER\rcame\tO\r",
    "odd words": "#\tB-X\n# \tI-X\n1\u00a00\tO\na\u0085b\tO\n\u2028\tB-X\n\u200b\tO\n \t\n\n\t\n-\tB-X",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="*", type=Path)
    parser.add_argument("--mutate", type=int, metavar="N", default=0)
    parser.add_argument("--speed", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    failures = _table(arguments.data) + standoff_table(_files(arguments.data))
    failures += records_table(path for path in _all_files(arguments.data) if path.suffix in _RECORDS)
    if arguments.mutate:
        failures += _mutate(arguments.mutate)
    if arguments.speed:
        speed(arguments.speed)
        records_speed(arguments.speed)
    return 1 if failures else 0


def _all_files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file())


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    return (file for file in _all_files(paths) if not file.name.endswith(_SKIPPED))


def _table(paths: Sequence[Path]) -> int:
    checks: dict[str, Callable[[Source, Inference], bool]] = {
        "open, save": _same, "relabel one": _one_relabel, "A, B, A": _there_and_back, "seqeval": seqeval_spans,
        "conlleval": conlleval_spans,
    }  # fmt: skip
    print(f"| file | read as | {' | '.join(checks)} |")
    print("|---|---|" + "---|" * len(checks))
    failures = 0
    with TemporaryDirectory() as folder:
        own = Path(folder)
        for name, text in OWN.items():
            suffix = ".conllup" if "Plus" in name else ".conllu" if "CoNLL-U" in name or "conllu" in name else ".conll"
            suffix = ".csv" if "CSV" in name else suffix
            (own / f"{name}{suffix}").write_bytes(text.encode())
        for path in [*(own / name for name in sorted(file.name for file in own.iterdir())), *_files(paths)]:
            name = path.stem if path.parent == own else path.name
            try:
                source, inference = opened(path)
                operable = can_rewrite(inference)
                cells = [operable and check(source, inference) for check in checks.values()]
            except InputError as error:
                print(
                    f"| {name} | refused: {str(error).removeprefix(str(path)).lstrip(':0123456789 ')} |"
                    + " |" * len(checks)
                )
                continue
            told = inference.sentence.partition(": read as ")[2]
            if not operable:
                print(f"| {name} | {told} |" + " |" * len(checks))
                continue
            failures += cells.count(False)
            print(f"| {name} | {told} | {' | '.join('yes' if cell else '**no**' for cell in cells)} |")
    return failures


def _same(source: Source, inference: Inference) -> bool:
    require_exact(source)
    return "".join(rewrite(source, inference, items_of(source, inference))) == source.text


def _one_relabel(source: Source, inference: Inference) -> bool:
    items = items_of(source, inference)
    places = [
        (at, number)
        for at, item in enumerate(items)
        if isinstance(item, AnnotatedSentence)
        for number in range(len(item.spans))
    ]
    lines = source.text.split("\n")
    for at, number in places[:: len(places) // _MOST_RELABELS + 1]:
        item = items[at]
        assert isinstance(item, AnnotatedSentence)
        span = item.spans[number]
        new = replace(item, spans=(*item.spans[:number], replace(span, label="NEW"), *item.spans[number + 1 :]))
        made = "".join(rewrite(source, inference, [*items[:at], new, *items[at + 1 :]]))
        if spans_of(items_of(replace(source, text=made), inference))[_nth(items, at)] != tag_spans(new):
            return False
        pairs = [pair for pair in zip(lines, made.split("\n"), strict=True) if pair[0] != pair[1]]
        if inference.scheme == "iob1":
            # The span behind one of its label need not begin with B- any more.
            pairs = [pair for pair in pairs if pair[0].replace("B-", "I-") != pair[1]]
        words = sum(span.start <= token.start < span.end for token in item.sentence.tokens)
        # A multiword token of CoNLL-U has a tag on each of its words.
        if not words <= len(pairs) <= words + _multiword(item, source) or not all(map(_only_a_tag, pairs)):
            return False
    return True


def _nth(items: Sequence[StreamItem], at: int) -> int:
    return sum(isinstance(item, AnnotatedSentence) for item in items[:at])


def _multiword(item: AnnotatedSentence, source: Source) -> int:
    lines = source.text.split("\n")[item.sentence.line - 1 :][: len(item.sentence.tokens)]
    return 9 if any("-" in line.partition("\t")[0] for line in lines) else 0


def _only_a_tag(pair: tuple[str, str]) -> bool:
    """Whether of two lines, cut at blanks and bars, one piece differs, which has the new label in the second."""
    before, after = (re.split(r"([ \t|]+)", line) for line in pair)
    return len(before) == len(after) and ["NEW" in b for a, b in zip(before, after, strict=True) if a != b] == [True]


def _there_and_back(source: Source, inference: Inference) -> bool:
    items = items_of(source, inference)
    labels = Counter(span.label for spans in spans_of(items) for span in spans)
    if not labels:
        return True
    label = labels.most_common(1)[0][0]
    there = replace(source, text="".join(rewrite(source, inference, _relabelled(items, label, "NEW"))))
    back = "".join(rewrite(there, inference, _relabelled(items_of(there, inference), "NEW", label)))
    legal = len(items) == len([item for item in items if not hasattr(item, "reason")])
    if legal:
        if back != source.text:
            return False
        other = "bilou" if inference.scheme != "bilou" else "bioes"
        there = replace(source, text="".join(in_scheme(source, inference, other)))
        return "".join(in_scheme(there, inference, inference.scheme or "iob2")) == source.text
    return bool(spans_of(items_of(replace(source, text=back), inference)) == spans_of(items))


def _relabelled(items: Sequence[StreamItem], before: str, after: str) -> list[StreamItem]:
    return [
        replace(item, spans=tuple(replace(s, label=after) if s.label == before else s for s in item.spans))
        if isinstance(item, AnnotatedSentence)
        else item
        for item in items
    ]


def _mutate(number: int) -> int:
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "formats"))
    from mutations import files, try_file

    ends: Counter[str] = Counter()
    begun = perf_counter()
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        for name, raw in files(number, seed=20_000):
            path = Path(folder, name)
            path.write_bytes(raw)
            try:
                ends[try_file(path)] += 1
            except Exception as error:
                ends["FAILED"] += 1
                print(f"{name}: {raw!r}: {type(error).__name__}: {error}")
    print(
        f"\n{number:,} broken files in {perf_counter() - begun:.0f} s: "
        + ", ".join(f"{n:,} {e}" for e, n in ends.items())
    )
    return ends["FAILED"]


if __name__ == "__main__":
    sys.exit(main())
