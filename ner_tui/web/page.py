"""The pages of the server, what they look like and what they do; nothing of it stands in a page: see ``POLICY``."""

from __future__ import annotations

from html import escape

POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What a browser may do for a page: take all from this server, sockets included. The terminal in it makes styles for
its letters, without which it would be no terminal where a browser has no WebGL."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

STYLE = """\
@font-face { font-family: "Roboto Mono"; src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf"); }
@font-face { font-family: "Roboto Mono"; font-style: italic;
  src: url("/static/fonts/RobotoMono-Italic-VariableFont_wght.ttf"); }
html, body { background: #0c181f; color: #f0f0f0; font: 16px "Roboto Mono", monospace; height: 100%; margin: 0; }
.textual-terminal { height: 100vh; width: 100vw; }
.message { display: none; }
body.over .message, .message.told { align-items: center; background: #0c181fd0; display: flex; inset: 0;
  flex-direction: column; gap: 1rem; justify-content: center; position: fixed; text-align: center; z-index: 10; }
a { color: #9fd0ff; }
"""

SCRIPT = """\
"use strict";
const terminal = () => document.querySelector(".textual-terminal textarea");
const focus = () => terminal() && terminal().focus();
// A page that was lost, not left, finds its app again: a server that answers says whether there is one.
async function again(tries) {
  try {
    const answer = await fetch("/state");
    const [state, said] = (await answer.text()).split("\\n");
    if (answer.ok && state === "going on") { location.reload(); return; }
    if (answer.ok && said) { document.querySelector(".said").textContent = said; }
    document.body.classList.add("over");
  } catch (gone) {
    if (tries > 0) { setTimeout(again, 500, tries - 1); } else { document.body.classList.add("over"); }
  }
}
addEventListener("load", () => {
  focus();
  addEventListener("focus", focus);
  const look = () => {
    if (!document.body.classList.contains("-closed")) { focus(); return; }
    watching.disconnect();
    again(20);
  };
  const watching = new MutationObserver(look);
  watching.observe(document.body, { attributeFilter: ["class"] });
  // It may have been lost before all of the page was there.
  look();
});
"""
"""Gives the keys to the terminal, and finds a lost app again."""


def app_page(socket: str, title: str) -> str:
    """Return the page with the app.

    Args:
        socket: the address that it is drawn from.
        title: of the page.
    """
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{escape(title)}</title>
<link rel="stylesheet" href="/static/css/xterm.css">
<link rel="stylesheet" href="/page.css">
<script src="/static/js/textual.js"></script>
<script src="/page.js"></script>
</head>
<body>
<div class="message"><p class="said">The session has ended.</p><p><a href="/">Open it again</a></p></div>
<div class="textual-terminal" data-session-websocket-url="{escape(socket)}" data-font-size="16"></div>
<noscript><p>The app needs JavaScript; ner-tui report makes a page without.</p></noscript>
</body>
</html>
"""


def told_page(sentence: str, onwards: str = "") -> str:
    """Return a page that says something.

    Args:
        sentence: what.
        onwards: the address that is opened next, at once; empty: none.
    """
    refresh = f'<meta http-equiv="refresh" content="0;url={escape(onwards)}">' if onwards else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>ner-tui</title>{refresh}\n'
        f'<link rel="stylesheet" href="/page.css">\n</head>\n<body>\n<p class="message told">{escape(sentence)}</p>\n'
        "</body>\n</html>\n"
    )
