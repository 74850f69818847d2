"""The keys that change how things look and show what is known."""

from __future__ import annotations

from ner_tui.app.screens.pane_layout import WIDE
from ner_tui.app.screens.review.base import ReviewBase, ScreenPart


class ViewKeys(ReviewBase):
    """The actions of the panes, the themes, the statistics, the details and the help."""

    def action_theme(self) -> None:
        """Choose a theme; it is kept in the project, and for new ones."""
        from ner_tui.app.screens.theme import ThemeScreen

        def keep(chosen: str | None) -> None:
            if chosen:
                self.session.theme = chosen
                if self.kept is not None:
                    self.kept.theme = chosen

        self.app.push_screen(ThemeScreen(sorted(self.app.available_themes), self.app.theme), keep)

    def action_detail(self) -> None:
        """Show all that is known of the place under the cursor."""
        from ner_tui.app.screens.detail import DetailScreen

        found = self.session.inspector.at(self.view.cursor)
        if found is None:
            self.messages.tell("there are no words here")
        else:
            # Two copies of a large model are more than many a machine holds.
            free = self.predictions.state.complete or self.session.unchosen_model
            busy = "" if free else "the model can be asked when all is predicted"
            asking = self.session.model_question(found.start, found.end)
            self.app.push_screen(DetailScreen(found, asking, busy))

    def action_statistics(self) -> None:
        """Show counts, agreement with the model, and pace."""
        from ner_tui.app.screens.statistics import StatisticsScreen

        presses = getattr(self.app, "presses", 0)
        self.app.push_screen(StatisticsScreen(self.session, presses))

    def action_toggle_panes(self) -> None:
        """Show or hide the side panes."""
        self.panes_chosen = True
        self.toggle_class("-panes")
        if self.kept is not None:
            self.kept.keep_panes(self.has_class("-panes"), wide=self.size.width >= WIDE)
        self.rest()

    def action_toggle_spacing(self) -> None:
        """Give the labels rows of their own, or put them into the text."""
        self.view.toggle_spacing()

    def action_blind(self) -> None:
        """Hide suggestions until something is decided in their sentence, or show them; remembered."""
        is_on = self.session.blind_mode.switch()
        self.view.repaint(0, self.session.document.length)
        self.moved()
        self.messages.tell(
            "blind: suggestions show once you decide something in their sentence" if is_on else "suggestions show again"
        )

    def action_faint(self) -> None:
        """Show the suggestions below the threshold, or hide them; remembered."""
        is_on = self.session.faint_mode.switch()
        self.view.repaint(0, self.session.document.length)
        self.moved()
        self.messages.tell(
            "suggestions below the threshold show, too: few are right; d lists them under R"
            if is_on
            else "suggestions below the threshold are hidden again"
        )

    def action_help(self) -> None:
        """Show the keys."""
        from ner_tui.app.screens.text_page import keys_screen

        settles = self.session.adjudication.is_on
        self.app.push_screen(keys_screen(self.KEYS, self.session.labels, self.size.width, settles=settles))

    def action_messages(self) -> None:
        """Show all notices."""
        from ner_tui.app.screens.text_page import messages_screen

        self.app.push_screen(messages_screen([*self.messages.standing, *reversed(self.messages.log)]))

    def action_predict_rest(self) -> None:
        """Predict the rest, or from now on only what is near the cursor; try a model again, or give it up."""
        self.predictions.switch()
        self.invalidate(ScreenPart.TOP)

    def action_switch_learning(self) -> None:
        """Learn from what is decided, or have the model alone speak; remembered."""
        self.predictions.switch_learning()
        self.invalidate(ScreenPart.TOP)
