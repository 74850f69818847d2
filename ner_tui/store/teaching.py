"""What an order of most to learn is made from: how many places are like one, and sentences to choose from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import unpack_tokens
from ner_tui.store.decided import LAST_EDIT
from ner_tui.store.tables.predicates import confirmed, span_text

MOST_ALIKE = 100
"""Places with the same words that are counted, at the most."""
MOST_REJECTED = 20_000
NEAR = 150
"""Sentences behind the last edit that may be chosen, and as many from the project's beginning."""
PROBES = 40
"""Places all over the project from which sentences may be chosen, too."""
PROBED = 5
"""Sentences at each."""
_LOOKED_AT = 3
"""Times as many are looked at where some are confirmed."""
_GOLDEN = 0.618033988749895
"""Whose multiples are spread evenly, however many there are."""
_TEXT = f"SELECT {span_text('place')} FROM (SELECT :d AS document, :s AS start, :e AS end) AS place"
_ALIKE = "SELECT count(*) FROM (SELECT source FROM mention_by_text WHERE text = :t LIMIT :most) WHERE source = 'model'"
_REJECTED = (
    "SELECT text, label, count(*), (SELECT count(*) FROM mention_by_text m "
    "WHERE m.text = r.text AND m.label = r.label "
    f"AND m.source <> 'model') FROM (SELECT {span_text('rejection')} AS text, label FROM rejection LIMIT :most) r "
    "GROUP BY text, label HAVING count(*) >= :often ORDER BY text, label"
)
_OPEN = f"SELECT NOT {confirmed('here')} FROM (SELECT :d AS document, :s AS start) AS here"
_CANDIDATES = (
    "SELECT s.document, s.start, s.text, s.tokens, s.line FROM (SELECT document, start, text, tokens, line "
    "FROM sentence WHERE (document, start) >= (:d, :s) ORDER BY document, start LIMIT :seen) s "
    "WHERE length(s.tokens) > 1 "
    # Sentences by chance say how good the rest is: they are not chosen for any other reason.
    "AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.document = s.document AND a.start = s.start) "
    "AND NOT EXISTS (SELECT 1 FROM sentence_state m WHERE m.document = s.document AND m.start = s.start "
    "AND m.status = 'confirmed') LIMIT :most"
)
_LAST_DOCUMENT = "SELECT max(id) FROM document"
_DOCUMENT_FROM = "SELECT min(id) FROM document WHERE id >= :d"
_LAST_SENTENCE = "SELECT max(start) FROM sentence WHERE document = :d"
_SENTENCE_FROM = "SELECT min(start) FROM sentence WHERE document = :d AND start >= :s"


class Teaching:
    """Finds what teaches most; each answer costs the same however large the project is."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def text(self, document: int, start: int, end: int) -> str:
        """Return the words of a place, as those of others are compared with them."""
        return str(self._one(_TEXT, d=document, s=start, e=end) or "")

    def alike(self, text: str) -> int:
        """Return how many open suggestions have these words, as far as `MOST_ALIKE` places with them tell."""
        return int(self._one(_ALIKE, t=text, most=MOST_ALIKE) or 0)

    def rejected_strings(self, often: int) -> list[tuple[str, str, int, int]]:
        """Return strings that were rejected so often with a label: the words, the label, how often, how often decided.

        It looks at all rejections, `MOST_REJECTED` at the most: not for a key.
        """
        values = {"most": MOST_REJECTED, "often": often}
        return self._database.execute(_REJECTED, values).fetchall()

    def is_open(self, document: int, start: int) -> bool:
        """Whether the sentence that starts there is not confirmed yet."""
        return bool(self._one(_OPEN, d=document, s=start))

    def candidates(self) -> Iterator[tuple[int, Sentence]]:
        """Yield (document, sentence) of sentences that nobody has confirmed, each once.

        They stand behind the last edit, at the beginning, and at places all over the project, which are the same at
        each call.
        """
        row = self._database.execute(LAST_EDIT).fetchone()
        places = [(*(row or (0, 0)), NEAR), (0, 0, NEAR), *((*place, PROBED) for place in self._probes())]
        seen: set[tuple[int, int]] = set()
        for document, start, most in places:
            values = {"d": document, "s": start, "most": most, "seen": most * _LOOKED_AT}
            for where, at, text, tokens, line in self._database.execute(_CANDIDATES, values).fetchall():
                if (where, at) not in seen:
                    seen.add((where, at))
                    yield where, Sentence(at, text, unpack_tokens(tokens, at), line)

    def _probes(self) -> Iterator[tuple[int, int]]:
        last = self._one(_LAST_DOCUMENT)
        for number in range(1, PROBES + 1) if last else ():
            document = self._one(_DOCUMENT_FROM, d=1 + int(number * _GOLDEN % 1 * last))
            furthest = self._one(_LAST_SENTENCE, d=document)
            if furthest is not None:
                # Of a few large documents another place each time.
                yield document, self._one(_SENTENCE_FROM, d=document, s=int(number * _GOLDEN**2 % 1 * furthest))

    def _one(self, query: str, **values: object) -> Any:
        row = self._database.execute(query, values).fetchone()
        return row[0] if row else None
