"""The toolkit's message pumps: each widget has one, a task that takes its messages one after the other.

Left to itself, a pump ends with the first handler that raises: the widget takes no message any more, and neither do
those that wait for it. Here what a handler raises is told, and the pump goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.message import Message
    from textual.widget import Widget


class Pumps:
    """Keeps the pumps of an app's widgets going, and knows whether they have anything to do."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        """``failed`` is given what a handler raised."""
        self._failed = failed
        self._busy = 0

    def watch(self, widget: Widget) -> None:
        """Look after a widget whose pump is about to start."""
        dispatch = widget._dispatch_message

        async def dispatch_and_go_on(message: Message) -> None:
            self._busy += 1
            try:
                await dispatch(message)
            except Exception as broken:
                # One that cannot even be made has nothing to go on with.
                if not widget.is_mounted:
                    raise
                self._failed(broken)
            finally:
                self._busy -= 1

        # The toolkit looks the method up on the widget for each message; of library widgets there is no subclass.
        widget._dispatch_message = dispatch_and_go_on  # type: ignore[method-assign]

    def at_rest(self, screen: Widget) -> bool:
        """Whether no handler is at work anywhere, and none is due on ``screen``."""
        return not self._busy and not any(
            node.message_queue_size or node._next_callbacks for node in screen.walk_children(with_self=True)
        )
