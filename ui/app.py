"""The screen: its header and its panels. A panel is one function that builds a tab."""

from collections.abc import Callable

import gradio as gr

from ui import ask, library
from ui.desk import Desk

__all__ = ["PANELS", "THEME", "make_app"]

PANELS: dict[str, Callable[[gr.Blocks, gr.Tab, Desk], None]] = {
    "Ask": ask.panel,
    "Library": library.panel,
}
# Fonts of the machine: Gradio's own would be fetched.
THEME = gr.themes.Base(
    primary_hue="teal",
    neutral_hue="stone",
    font=["system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
)
_HEADER = """
<header class=banner><a class=skip href="#question">Skip to the question</a>
<h1><span aria-hidden=true>❡</span> article-qa</h1>
<p>Answers from your articles, with the exact words they rest on.</p>
<nav><a href=/docs>Interface</a><form method=post action=/logout class=logout hidden>
<button>Log out</button></form>
<button type=button id=theme aria-label="Light or dark"><span aria-hidden=true>◐</span></button>
</nav></header>
"""


def make_app(desk: Desk) -> gr.Blocks:
    """The app over one desk; it is mounted by the server."""
    app: gr.Blocks
    with gr.Blocks(title="article-qa", analytics_enabled=False, fill_width=True) as app:
        gr.HTML(_HEADER, apply_default_css=False, elem_id="banner")
        with gr.Tabs(elem_id="panels"):
            for name, panel in PANELS.items():
                with gr.Tab(name, elem_id=name.lower()) as tab:
                    panel(app, tab, desk)
    # An answer takes a processor for half a second; more at once only take longer each.
    app.queue(default_concurrency_limit=8, max_size=200)
    return app
