"""``ner-tui audit``: where annotations may be wrong, the likeliest errors first."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ner_tui.cli.annotations import in_context, open_annotation, quoted
from ner_tui.cli.labelling import loaded
from ner_tui.cli.printing import Printer, as_json, tell
from ner_tui.cli.progress import ProgressBar
from ner_tui.domain.counting import counted
from ner_tui.domain.label_map import LabelMap
from ner_tui.errors import InputError
from ner_tui.formats import open_source
from ner_tui.formats.files.inputs import note_input, refuse_output
from ner_tui.formats.files.paths import require_there
from ner_tui.formats.files.project_files import is_project
from ner_tui.predictors import NO_MODEL, require_spec

if TYPE_CHECKING:
    from ner_tui.auditing.gold import Audit, Finding
    from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
    from ner_tui.learning.lessons import WordSpan
    from ner_tui.predictors.base import Predictor

_NOTHING = "no entity"


def run(arguments: Namespace) -> int:
    """Run the command."""
    require_there(arguments.gold)
    if arguments.out != "-":
        note_input(arguments.gold)
        refuse_output(arguments.out)
        if is_project(arguments.gold):
            _refuse_sources(arguments)
    if arguments.model == NO_MODEL:
        raise InputError("--model none: an audit needs a model that says what it would annotate")
    if arguments.model:
        require_spec(arguments.model)
    result = _in_project(arguments) if arguments.project else _audit(arguments)
    if arguments.out == "-":
        _write(result, arguments, None)
    else:
        from ner_tui.session.transfer.outputs import opened

        with opened(arguments.out, "utf-8") as out:
            _write(result, arguments, out)
    tell(result.how)
    found = counted(len(result.findings), "place may be wrong", "places may be wrong")
    tell(
        f"{found} with a probability of {arguments.at_least:g} or more, among "
        f"{counted(result.spans, 'entity', 'entities')} in {counted(result.sentences, 'sentence')}"
    )
    if arguments.project:
        tell(f"kept in {arguments.project}: ner-tui review {arguments.project}, then z q goes through them")
    return 1 if result.findings else 0


def _refuse_sources(arguments: Namespace) -> None:
    from ner_tui.session.transfer.outputs import refuse_sources
    from ner_tui.store.project import Project

    with closing(Project.open(Path(arguments.gold), read_only=True)) as project:
        refuse_sources(project, arguments.out)


def _in_project(arguments: Namespace) -> Audit:
    """Audit the file in a project, which is made if there is none, and keep there what is found."""
    from ner_tui.predictors import load_model
    from ner_tui.session.opening import SessionOptions, open_session
    from ner_tui.session.transfer.adding import ReadOptions
    from ner_tui.store.file.creation import discard

    if is_project(arguments.gold):
        raise InputError("--project keeps what is found in a file: of a project, z q in ner-tui review does")
    if arguments.column is not None or arguments.with_suggestions:
        raise InputError("a project has the last column, and takes no suggestions for decisions: leave out --project")
    options = SessionOptions(
        arguments.project,
        add=True,
        label_map=arguments.map,
        context=arguments.context,
        model=arguments.model,
        read=ReadOptions(
            arguments.from_,
            arguments.encoding,
            tag_names=arguments.names,
            text=arguments.text,
            tags_as=arguments.tags_as or (),
        ),
        load=lambda spec: loaded(arguments, load_model),
    )
    is_new = not os.path.lexists(arguments.project)
    session = open_session([arguments.gold], options)
    try:
        for notice in session.notices:
            tell(notice)
        indexing = session.indexing()
        for part in indexing.run(lambda: False) if indexing else ():
            if part.failed:
                raise InputError(part.notice)
        audit = session.possible_errors.audit()
        assert audit is not None
        with ProgressBar(1.0) as progress:
            found = audit.run(progress.advance, lambda: False, arguments.at_least)
    except BaseException:
        session.close()
        if is_new:
            # Nobody asked for a project without what it was to keep.
            discard(Path(arguments.project))
        raise
    session.close()
    return found


def _audit(arguments: Namespace) -> Audit:
    from ner_tui.auditing.gold import audit

    first = [True]
    source = None if is_project(arguments.gold) else open_source(arguments.gold, arguments.encoding, arguments.names)

    def read() -> Iterator[TaggedSentence]:
        """Read it; what there is to be told of it is told once."""
        silent, first[0] = not first[0], False
        with ExitStack() as stack:
            yield from stack.enter_context(open_annotation(arguments.gold, arguments, source, silent=silent)).sentences

    predictor = _predictor(arguments)
    try:
        with ProgressBar(1.0) as progress:
            return audit(
                read,
                predictor,
                LabelMap.parse(arguments.map or ""),
                arguments.context or "document",
                arguments.at_least,
                progress=progress.advance,
            )
    finally:
        predictor.close()


def _predictor(arguments: Namespace) -> Predictor:
    from ner_tui.predictors import load_model
    from ner_tui.predictors.base import PromptedModel

    model = loaded(arguments, load_model)
    if isinstance(model, PromptedModel):
        model.close()
        raise InputError(f"{model.info.name} has no labels of its own: an audit needs a token-classification model")
    return model


def _write(result: Audit, arguments: Namespace, out: TextIO | None) -> None:
    printer = Printer()
    for each in result.findings:
        line = as_json(_object(each)) if arguments.json else _line(each)
        if out is not None:
            out.write(f"{line}\n")
        elif arguments.json:
            print(line)
        else:
            printer.line(line)


def _line(found: Finding) -> str:
    about, sentence = found.about, found.sentence
    what = f"{_told(about.given, sentence)} → {_told(about.proposed, sentence)}"
    if about.kind == "label":
        labels = ", ".join(label for _, _, label in about.proposed)
        what = f"{_told(about.given, sentence)} → {labels}"
    reasons = f" ({'; '.join(found.reasons)})" if found.reasons else ""
    context = in_context(sentence, about.first, about.end)
    return f"{sentence.place(about.first)}: {found.probability:.0%} {what}: {context}{reasons}"


def _told(spans: Sequence[WordSpan], sentence: TaggedSentence) -> str:
    return ", ".join(f"{label} {quoted(sentence, first, end)}" for first, end, label in spans) or _NOTHING


def _object(found: Finding) -> dict[str, object]:
    about, sentence = found.about, found.sentence
    return {
        "file": sentence.path,
        "line": sentence.lines[0],
        "end_line": sentence.lines[-1],
        "start": about.first,
        "end": about.end,
        "kind": about.kind,
        "given": _spans(about.given, sentence),
        "proposed": _spans(about.proposed, sentence),
        "probability": found.probability,
        "reasons": list(found.reasons),
    }


def _spans(spans: Sequence[WordSpan], sentence: TaggedSentence) -> list[dict[str, object]]:
    return [
        {"start": first, "end": end, "label": label, "text": sentence.stretch(first, end)}
        for first, end, label in spans
    ]
