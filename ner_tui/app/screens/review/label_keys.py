"""The keys of the labels, the list of them, and the guidelines that say when to use which."""

from __future__ import annotations

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.review.correction_keys import CorrectionKeys
from ner_tui.domain.labels import CODE_PREFIX
from ner_tui.errors import NerTuiError


class LabelKeys(CorrectionKeys):
    """The actions that have to do with the list of labels."""

    def action_label_code(self, code: str) -> None:
        """Give the label whose key is ``code``."""
        label = self.session.labels.with_key(code)
        if label is None:
            self.messages.tell(f"no label has the key {' '.join(code)}")
        else:
            self.give_label(label.name)

    def action_label_prefix(self) -> None:
        """Give one of the labels beyond nine by the key that comes next."""
        more = [label for label in self.session.labels if label.key.startswith(CODE_PREFIX)]
        if not more:
            self.messages.tell(f"the {len(self.session.labels)} labels have keys of one digit each (X: labels)")
            return
        choices = [f"{label.key[1:]}  {printable(label.name)}" for label in more]
        self.messages.wait_for_key("label: ", lambda key: self.action_label_code(CODE_PREFIX + key), choices=choices)

    def action_choose_label(self) -> None:
        """Give a label by a part of its name."""
        from ner_tui.app.screens.choose_label import ChooseLabelScreen

        counts = self.session.label_counts()
        screen = ChooseLabelScreen("Label as", self.session.labels, counts, self.legend.keys.keys)
        self.app.push_screen(screen, self._give)

    def action_labels(self) -> None:
        """List the labels, to change them or to give one."""
        from ner_tui.app.screens.labels import LabelsScreen

        self.app.push_screen(LabelsScreen(self.session, self.labels_changed, self.legend.keys.keys), self._give)

    def action_guidelines(self) -> None:
        """Show the project's guidelines."""
        try:
            text = self.session.guidelines.read()
        except NerTuiError as missing:
            self.messages.tell(str(missing))
            return
        from ner_tui.app.screens.guidelines import GuidelinesScreen

        self.app.push_screen(GuidelinesScreen(self.session.guidelines.name, text))

    def _give(self, name: str | None) -> None:
        if name:
            self.give_label(name)
