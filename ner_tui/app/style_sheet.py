"""The stylesheet of the app: nothing is parsed twice, and no rule looked for twice, where nothing has changed."""

from __future__ import annotations

from typing import Any

from textual.cache import LRUCache
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

_SETS = 4
"""Sets of colours, which are themes, whose parsed rules are kept; all apps of a process share them."""
_SOURCES = 256
"""Sheets that are kept of each set: one for each class of widgets, and the app's own."""
_Parsed = LRUCache[tuple[Any, ...], Any]
_known: LRUCache[frozenset[tuple[str, str]], _Parsed] = LRUCache(_SETS)
_OfComponents = dict[frozenset[str], RulesMap | None]
_components: LRUCache[tuple[object, ...], _OfComponents] = LRUCache(_SOURCES)
"""What rules say of classes of widgets' parts, by the sheets that they are from and their colours."""


class KeptStylesheet(Stylesheet):
    """The toolkit's own parses all that there is when an app begins, again for its first screen, and for each theme."""

    def __init__(self, other: Stylesheet) -> None:
        """Take the place of ``other``, which has nothing to parse yet."""
        super().__init__(variables=other._variables)
        self._of_components: _OfComponents = {}
        """What the rules say of a class of a widget's parts; None: that depends on where the widget stands."""
        self._parse_cache = _parsed_with(self._variables)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Have rules be parsed with other variables, if they are others."""
        if variables != self._variables:
            # The toolkit empties it, and other apps may need what is in it.
            self._parse_cache = LRUCache(1)
            super().set_variables(variables)
            self._parse_cache = _parsed_with(variables)

    def parse(self) -> None:
        """Parse what is not known with these variables; where that fails, the rules stay what they were."""
        super().parse()
        sheets = (frozenset(self._variables.items()), *self.source.items())
        if sheets not in _components:
            _components[sheets] = {}
        self._of_components = _components[sheets]

    def reparse(self) -> None:
        """Parse what is not known with these variables; where that fails, the rules stay what they were."""
        self.parse()

    def apply(
        self, node: DOMNode, *, animate: bool = False, cache: dict[tuple[Any, ...], RulesMap] | None = None
    ) -> None:
        """Give a node its styles."""
        if type(node) is not DOMNode:
            super().apply(node, animate=animate, cache=cache)
            return
        # It stands for a part of a widget and is thrown away. The text has some forty, and is looked at again whenever
        # it gets the keys or loses them.
        known = self._of_components.get(node.classes)
        if known is not None:
            node.styles.base.merge_rules(known)
            return
        super().apply(node)
        if node.classes not in self._of_components:
            self._of_components[node.classes] = node.styles.base.get_rules() if self._stands_alone(node) else None

    def _stands_alone(self, node: DOMNode) -> bool:
        """Whether what the rules say of a node depends on nothing above it."""
        rules = (rule for name in self.rules_map.keys() & node._selector_names for rule in self.rules_map[name])
        chains = (each.selectors for rule in rules for each in rule.selector_set)
        return all(len(chain) == 1 or not chain[-1].check(node) for chain in chains)


def _parsed_with(variables: dict[str, str]) -> _Parsed:
    colours = frozenset(variables.items())
    if colours not in _known:
        _known[colours] = LRUCache(_SOURCES)
    return _known[colours]
