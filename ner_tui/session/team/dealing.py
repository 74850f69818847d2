"""Dealing: documents to several annotators, a project for each, some documents to all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from ner_tui.domain.printable import without_surrogates
from ner_tui.errors import InputError
from ner_tui.formats.files.atomic import put_text
from ner_tui.formats.files.folders import made_folder
from ner_tui.formats.files.project_files import SUFFIX
from ner_tui.session.guidelines import NAMES, read_guidelines
from ner_tui.session.opening import SessionOptions, open_session
from ner_tui.session.place import Place
from ner_tui.session.prediction import ModelReady
from ner_tui.session.team.shares import share_out
from ner_tui.session.transfer.dumping import document_lines, dumped, head_lines, source_line
from ner_tui.session.transfer.indexing import read_on
from ner_tui.session.transfer.loading import load_into
from ner_tui.store.content import StoredDocument
from ner_tui.store.file.creation import making
from ner_tui.store.file.locking import Lock
from ner_tui.store.project import ANNOTATOR, Project

_Key = tuple[bytes, int]
"""A text by its characters, and which of those that are the same it is."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What an annotator has now."""

    annotator: str
    project: str
    documents: int
    words: int
    shared: int
    """Words of the documents that somebody else has, too."""
    new_documents: int
    """How many were dealt just now."""


@dataclass(slots=True)
class _Player:
    """An annotator while documents are dealt."""

    name: str
    path: Path
    held: dict[_Key, int] = field(default_factory=dict)
    """The words of each document."""
    labels: tuple[str, ...] = ()


def deal(
    paths: Sequence[str],
    annotators: Sequence[str],
    folder: Path,
    overlap: float,
    options: SessionOptions,
    seed: int,
    tell: Callable[[str], None],
) -> list[Hand]:
    """Deal the documents of files that nobody has yet; who has some goes on in the same project.

    Args:
        annotators: their names, which are those of their projects.
        overlap: the share of the words that all get, 0 to 1.
        options: how the files are read, and what each project gets: labels, guidelines, patterns.
        seed: of the choice of what all get, and of the order of that.
        tell: is told how each file was read, or why it was left out.

    Raises:
        InputError: a name is none of a file, or no file can be read; nothing is dealt.
        ProjectError: a project cannot be written, or somebody has it open.
    """
    players = [_Player(_name(name), folder / f"{name}{SUFFIX}") for name in annotators]
    if len({player.name.casefold() for player in players}) < max(2, len(players)):
        raise InputError("documents are dealt to two annotators or more, each with a name of their own")
    with made_folder(str(folder)):
        for player in players:
            _look_at(player)
        gone = _others(folder, players)
        with TemporaryDirectory() as scratch:
            master = Path(scratch) / f"all{SUFFIX}"
            made = replace(options, project=str(master), annotator=players[0].name, patterns=None, load=None)
            with closing(open_session(paths, made)) as session:
                for notice in session.notices:
                    tell(notice)
            with closing(Project.open(master)) as project:
                for unread in project.bulk_insert.unread():
                    for indexed in read_on(project, unread):
                        if indexed.notice:
                            tell(indexed.notice)
                dealt = _deal(project, players, gone, overlap, seed)
                for player in players:
                    if dealt[player.name] or not player.path.exists():
                        _give(project, player, dealt[player.name], Path(scratch))
        if options.guidelines:
            # Beside the projects they are found, and go with the folder.
            put_text(folder / NAMES[0], read_guidelines(Path(options.guidelines)))
        for player in players:
            _equip(player, options)
    owners = Counter(key for player in (*players, *gone) for key in player.held)
    return [
        Hand(
            player.name,
            str(player.path),
            len(player.held),
            sum(player.held.values()),
            sum(words for key, words in player.held.items() if owners[key] > 1),
            len(dealt[player.name]),
        )
        for player in players
    ]


def _name(name: str) -> str:
    """Return the name of an annotator.

    Raises:
        InputError: no file can be called so.
    """
    if not name.isprintable() or name.startswith((".", "-")) or any(each in name for each in '/\\:*?"<>|'):
        raise InputError(f"{name!r} is no name for a project: name annotators by letters and numbers")
    if without_surrogates(name) != name:
        raise InputError(f"{name!r} is not UTF-8: name annotators by letters and numbers")
    return name


def _look_at(player: _Player) -> None:
    """Take note of what an annotator has already."""
    if player.path.exists():
        with closing(Project.open(player.path, read_only=True)) as project:
            player.held = {key: document.words for key, document in _texts(project).items()}


def _others(folder: Path, players: Sequence[_Player]) -> list[_Player]:
    """Return who got documents before and is not named now: these are not dealt again."""
    named, found = {player.path for player in players}, []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if path not in named:
            with closing(Project.open(path, read_only=True)) as project:
                if whose := project.setting(ANNOTATOR):
                    held = {key: document.words for key, document in _texts(project).items()}
                    found.append(_Player(whose, path, held))
    return found


def _texts(project: Project) -> dict[_Key, StoredDocument]:
    """Return the documents that have words, by their texts."""
    seen: Counter[bytes] = Counter()
    found: dict[_Key, StoredDocument] = {}
    for document in list(project.content.documents()):
        digest = blake2b(digest_size=16)
        for sentence in project.content.packed_sentences(document.id):
            digest.update("".join(sentence.words).encode("utf-8", "surrogatepass"))
        key = digest.digest()
        if document.words:
            found[key, seen[key]] = document
            seen[key] += 1
    return found


def _deal(
    project: Project, players: Sequence[_Player], gone: Sequence[_Player], overlap: float, seed: int
) -> Mapping[str, list[StoredDocument]]:
    """Return which documents each gets, in the order in which they stand in the project."""
    texts = _texts(project)
    owners = Counter(key for player in (*players, *gone) for key in player.held)
    shared_before = sum(words for key, words in players[0].held.items() if all(key in each.held for each in players))
    fresh = [key for key in texts if not owners[key]]
    shares = share_out(
        [texts[key].words for key in fresh],
        [sum(player.held.values()) for player in players],
        overlap,
        seed=seed,
        shared_before=shared_before,
    )
    dealt: dict[str, list[StoredDocument]] = {}
    for player, own in zip(players, shares.own, strict=True):
        # Who joins later gets what the others share, too.
        late = [key for key in texts if owners[key] > 1 and key not in player.held]
        shared = late + [fresh[at] for at in shares.shared]
        Random(f"{seed} {player.name}").shuffle(shared)
        mine = list(_spread([fresh[at] for at in own], shared))
        player.held.update((key, texts[key].words) for key in mine)
        dealt[player.name] = [texts[key] for key in mine]
    return dealt


def _spread(own: Sequence[_Key], shared: Sequence[_Key]) -> Iterator[_Key]:
    """Yield both, those that are shared at even distances: nobody does them all fresh or all tired."""
    passed = 0
    for number, key in enumerate(own):
        due = (number * len(shared)) // max(len(own), 1)
        yield from shared[passed:due]
        passed = due
        yield key
    yield from shared[passed:]


def _give(project: Project, player: _Player, documents: Sequence[StoredDocument], scratch: Path) -> None:
    """Put documents into an annotator's project, which is made if it is new."""
    is_new = not player.path.exists()
    lock = Lock(player.path, player.name)
    try:
        if is_new:
            with making(player.path) as made:
                _store(project, made, documents, player.path, scratch, is_new=True)
                made.set_setting(ANNOTATOR, player.name)
                if fixed := project.setting("labels fixed"):
                    made.set_setting("labels fixed", fixed)
        else:
            with closing(Project.open(player.path)) as held:
                _store(project, held, documents, player.path, scratch, is_new=False)
                held.labels = held.labels.with_names(project.labels.names)
    finally:
        lock.release()


def _store(
    project: Project, target: Project, documents: Sequence[StoredDocument], path: Path, scratch: Path, *, is_new: bool
) -> None:
    file = scratch / "hand.jsonl"
    numbers: dict[int, int] = {}
    with file.open("w", encoding="utf-8", newline="") as out:
        for line in head_lines(project):
            if is_new or line["kind"] == "project":
                out.write(dumped({key: value for key, value in line.items() if key != "annotator"}))
        stored = dict(project.content.sources())
        for identifier in dict.fromkeys(document.source for document in documents):
            numbers[identifier] = len(numbers) + 1
            source = stored[identifier]
            whole = [each.id for each in project.content.documents_of(identifier)]
            if whole != [document.id for document in documents if document.source == identifier]:
                # A part of a file, or all of it in another order, is none that could be read again, or saved over.
                source = replace(source, path=_part(target, path, source.path))
            out.write(dumped(source_line(project, identifier, source, path.resolve().parent)))
        for document in documents:
            for line in document_lines(project, document, numbers[document.source]):
                out.write(dumped(line))
    load_into(target, str(file), path.resolve().parent)


def _part(target: Project, path: Path, source: str) -> str:
    """Return a name for a part of a file, of which no file is on the disk."""
    name = Path(source)
    for number in range(1, 1_000_000):
        part = path.resolve().parent / f"{path.stem}-part-{number}" / name.name
        if not part.exists() and target.content.source(str(part)) is None:
            return str(part)
    raise AssertionError("there is no end of numbers")


def _equip(player: _Player, options: SessionOptions) -> None:
    """Have patterns suggest in an annotator's project."""
    if options.patterns:
        session = open_session([], SessionOptions(str(player.path), annotator=player.name, patterns=options.patterns))
        try:
            prediction = session.prediction(lambda: Place(session.document.id, 0))
            for event in prediction.run(lambda: False) if prediction else ():
                if isinstance(event, ModelReady):
                    session.model_ready(event)
        finally:
            session.close()
