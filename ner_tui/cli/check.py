"""``ner-tui check``: what is wrong in files, with file:line, and a repaired copy if one is asked for."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from ner_tui.cli.printing import Printer, json_object, tell
from ner_tui.domain.counting import counted
from ner_tui.domain.evaluation.checking import KINDS, CheckFinding, CheckKind, Earlier, FileCheck
from ner_tui.domain.schemes import SCHEMES
from ner_tui.domain.stream import Problem
from ner_tui.errors import EncodingError, FormatError, InputError
from ner_tui.formats import SUFFIXES, Inference, Source, may_hold_texts, open_source
from ner_tui.formats.files.paths import WHY_LEFT_OUT, expand
from ner_tui.formats.files.project_files import is_project
from ner_tui.formats.tag_lines import infer_despite_broken_lines, sentences_despite_broken_lines

_WITHOUT_LABELS = "text"
"""The format whose files cannot have any."""


def run(arguments: Namespace) -> int:
    """Run the command."""
    if any(map(is_project, arguments.paths)):
        from ner_tui.cli import check_project

        return check_project.run(arguments)
    if arguments.rebuild:
        raise InputError("--rebuild is for a project, and none is named")
    inputs = expand(arguments.paths, SUFFIXES, may_hold_texts)
    if bool(arguments.repair) != bool(arguments.out) or (arguments.repair and len(inputs.files) > 1):
        raise InputError("--repair and -o OUT go together, with one file: give both, or neither")
    if arguments.out == "-":
        raise InputError("the repaired copy needs a file of its own: give a path with -o")
    for path in inputs.left_out:
        tell(f"left out: {path}: {WHY_LEFT_OUT}")
    seen, counts, printer = Earlier(), Counter[CheckKind](), Printer()
    files: list[dict[str, object]] = []
    unusable: list[str] = []
    with json_object("findings") as result:
        for path in inputs.files:
            try:
                for finding in _check(path, arguments, seen, files):
                    counts[finding.kind] += 1
                    if arguments.json:
                        result.add(asdict(finding))
                    else:
                        printer.line(str(finding))
            except InputError as error:
                if len(inputs.files) == 1:
                    raise
                # The other files are to be checked all the same.
                unusable.append(str(error))
                tell(f"ner-tui: {error}")
        if arguments.json:
            result.print({"counts": {kind: counts[kind] for kind in KINDS}, "files": files, "unusable": unusable})
        else:
            _show(files, counts, printer)
    return 2 if unusable else 1 if counts else 0


def _check(path: str, arguments: Namespace, seen: Earlier, files: list[dict[str, object]]) -> Iterator[CheckFinding]:
    """Yield the findings of a file, add what is known of it to ``files``, and write the repaired copy."""
    try:
        source = open_source(path, arguments.encoding, arguments.names)
        inference = infer_despite_broken_lines(
            source, arguments.from_, column=arguments.column, text=arguments.text, tags_as=arguments.tags_as
        )
    except (FormatError, EncodingError) as error:
        if arguments.repair:
            raise
        if isinstance(error, EncodingError):
            yield CheckFinding(path, error.line, "reading", str(error).removeprefix(f"{path} "))
        else:
            yield CheckFinding(error.path, error.line, "reading", error.reason)
        return
    tell(inference.sentence)
    scheme = arguments.scheme if arguments.scheme and inference.scheme else inference.scheme
    labels = frozenset(arguments.labels) if arguments.labels else None
    check = FileCheck(source.path, scheme, _has_labels(inference), labels, seen)
    for item in sentences_despite_broken_lines(source, inference):
        if isinstance(item, Problem):
            kind: CheckKind = "columns" if inference.columns else "reading"
            yield CheckFinding(item.path, item.line, kind, item.reason)
        else:
            yield from check.sentence(item)
    yield from check.finish()
    files.append(_file(check, inference))
    if arguments.repair:
        _repair(source, inference, scheme, arguments)


def _has_labels(inference: Inference) -> bool:
    columns_without = inference.columns and inference.tag_column is None
    return inference.format != _WITHOUT_LABELS and not columns_without


def _file(check: FileCheck, inference: Inference) -> dict[str, object]:
    return {
        "path": check.path,
        "format": inference.format,
        "best_read_as": inference.scheme,
        "scheme": check.scheme,
        "broken_tags": check.broken if check.scheme else {},
        "sentences": check.sentences,
        "words": check.words,
        "spans": check.spans,
    }


def _show(files: list[dict[str, object]], counts: Counter[CheckKind], printer: Printer) -> None:
    rows = []
    for file in files:
        broken = file["broken_tags"]
        if isinstance(broken, dict) and broken:
            best = SCHEMES[str(file["best_read_as"])].title
            rows.append((str(file["path"]), best, *(f"{broken[name]:,}" for name in SCHEMES)))
    if rows:
        titles = [scheme.title for scheme in SCHEMES.values()]
        printer.table("Tags that break each scheme", ("file", "best read as", *titles), rows)
    words = sum(int(str(file["words"])) for file in files)
    number = f"{counted(len(files), 'file')}, {counted(words, 'word')}"
    found = ", ".join(f"{kind} {counts[kind]:,}" for kind in KINDS if counts[kind])
    findings = f"{counted(counts.total(), 'finding')}: {found}" if counts else "nothing found"
    tell(f"{number}: {findings}")


def _repair(source: Source, inference: Inference, scheme: str | None, arguments: Namespace) -> None:
    """Write the copy and tell each tag that is another one in it."""
    from ner_tui.formats.columns.inplace_edit import repaired
    from ner_tui.formats.files.writing_back import save

    changed = 0

    def count(line: int, old: str, new: str) -> None:
        nonlocal changed
        changed += 1
        tell(f"{source.path}:{line}: {old} became {new}")

    if scheme is None:
        raise InputError(f"{source.path} has no tags to repair")
    save(arguments.out, source, repaired(source, inference, scheme, arguments.repair, count))
    tell(f"{arguments.out}: a copy with {changed:,} tags changed, legal in {SCHEMES[scheme].title}")
