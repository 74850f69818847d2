"""Letter shapes: how a word is capitalised, for encoders that lower-case.

An uncased encoder cannot see capitals, and capitals carry much of what names a
name. A model whose config says ``"token_types": "letter-shape-2"`` was trained
with the shape of each word as the token type of all its sub-tokens; special
tokens have shape 0. Feeding zeros instead still works, less well: it says that
the text has no capitals.

Only *cased* letters count (those with an upper and a lower form): digits,
punctuation, CJK and the like neither make a shape nor spoil one.

| shape | meaning | examples |
|---|---|---|
| 0 | no upper-case letter | ``the``, ``1996``, ``n't``, ``東京``, ``@dj_friend`` |
| 1 | the first cased letter is the only upper-case one | ``Paris``, ``I``, ``'S``, ``#Obama``, ``U.`` |
| 2 | two or more cased letters, all upper case | ``EU``, ``U.S.``, ``COVID-19``, ``AT&T`` |
| 3 | any other mixture | ``McDonald``, ``iPhone``, ``Anglo-Saxon``, ``EU's`` |
| 4 | a handle: ``@`` and more in one word | ``@dj_friend``, ``@NASA`` |

Row 4 says what the vocabulary hides, which splits ``@NASA`` and ``@ NASA`` alike: corpora of posts that take an
address for one word (WNUT-17, a part of the Broad Twitter Corpus) do not annotate it, those that split it do.

A model of ``letter-shape-1`` knows the first four rows alone, and handles have the shape of their letters. A change of
any row is a new name, never a new meaning of an old one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShapeTable:
    """A version of the convention."""

    name: str
    """The value of ``token_types`` in a model's config that means this table."""
    rows: int
    """How many shapes there are: rows of the model's token-type embedding."""
    shape: Callable[[str], int]
    """Gives the shape of a word, from 0."""


def letter_shape(word: str) -> int:
    """Give the letter shape of a word, 0 to 3 (see the module's table)."""
    if word == word.lower():
        return 0
    # A title-case digraph such as "Dž" is one character with a capital in it.
    upper = [c.isupper() or c.istitle() for c in word if c.isupper() or c.islower() or c.istitle()]
    count = sum(upper)
    if count == 0:
        return 0
    if count == 1 and upper[0]:
        return 1
    return 2 if count == len(upper) else 3


def letter_shape_or_handle(word: str) -> int:
    """Give the shape of a word, 0 to 4: a handle has one of its own."""
    return 4 if len(word) > 1 and word[0] == "@" else letter_shape(word)


LATEST = ShapeTable("letter-shape-2", 5, letter_shape_or_handle)
"""What new models are trained with."""
TABLES = {table.name: table for table in (ShapeTable("letter-shape-1", 4, letter_shape), LATEST)}
"""All that a config may ask for, by name."""
