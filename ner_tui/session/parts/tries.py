"""What was tried at a part, kept beside it, so that the process that goes on after a death knows what it died of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ner_tui.domain.document import Sentence
from ner_tui.formats.files.atomic import put_text


@dataclass(frozen=True, slots=True)
class FailedSentence:
    """A sentence that no model could read, which is written without tags."""

    line: int
    """Of its part, counted from 1."""
    text: str
    reason: str


@dataclass(slots=True)
class Tries:
    """The tries at one part, in a file."""

    path: Path
    key: str
    """Tells what would not be tried in the same way."""
    begun: int = 0
    """How often the part was begun at this place and did not get on, or got here and no further."""
    done: int = 0
    """The place: how many blocks were done."""
    deaths: dict[str, int] = field(default_factory=dict)
    """How often a process was at these sentences when it ended, by a checksum of them."""
    failed: dict[str, FailedSentence] = field(default_factory=dict)
    """Sentences that were given up, by the same."""

    @classmethod
    def read(cls, path: Path, key: str) -> Tries:
        """Read what earlier processes left; what is none of that, or has another key, counts as nothing."""
        tries = cls(path, key)
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(path.read_text(encoding="utf-8"))
            failed = {key: FailedSentence(*each) for key, each in kept["failed"].items()}
            if kept["key"] == key:
                tries.begun, tries.done = int(kept["begun"]), int(kept["done"])
                tries.deaths, tries.failed = dict(kept["deaths"]), failed
        return tries

    def begin(self, done: int) -> None:
        """Note that the part is begun after so many blocks that are done."""
        # Who got further ended here, which counts.
        self.begun = (self.begun if done == self.done else min(self.begun, 1)) + 1
        self.done = done
        self._write()

    @contextmanager
    def at(self, sentences: Sequence[Sentence]) -> Iterator[None]:
        """Note that these sentences are read; if the process ends meanwhile, it died of them."""
        key = key_of(sentences)
        self.deaths[key] = self.deaths.get(key, 0) + 1
        self._write()
        yield
        del self.deaths[key]
        self._write()

    def give_up(self, sentence: Sentence, reason: str) -> None:
        """Note that a sentence is written without tags."""
        text = " ".join(sentence.text.split())
        self.failed[key_of([sentence])] = FailedSentence(sentence.line, text[:200], reason)
        self._write()

    def gave_up(self, sentences: Sequence[Sentence]) -> bool:
        """Whether one of these was given up."""
        return any(key_of([sentence]) in self.failed for sentence in sentences)

    def forget(self) -> None:
        """Delete the file: the part is done."""
        with suppress(OSError):
            self.path.unlink()

    def _write(self) -> None:
        failed = {key: (each.line, each.text, each.reason) for key, each in self.failed.items()}
        kept = {"key": self.key, "begun": self.begun, "done": self.done, "deaths": self.deaths, "failed": failed}
        put_text(self.path, json.dumps(kept))


def key_of(sentences: Sequence[Sentence]) -> str:
    """Return a checksum of sentences and of where they stand in their part."""
    digest = sha256(f"{sentences[0].line} {len(sentences)} ".encode())
    for sentence in sentences:
        digest.update(sentence.text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]
