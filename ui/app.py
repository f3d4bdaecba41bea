"""The screen: its header and its panels. A panel is one function that builds a tab."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.events import api

from ui import ask, evaluate, library
from ui.desk import Desk
from ui.trials import Trials
from ui.wire import AskRequest

__all__ = ["THEME", "make_app", "panels"]

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


def panels(trials: Trials) -> dict[str, Callable[[gr.Blocks, gr.Tab, Desk], None]]:
    """What the tabs show, by their names."""
    return {
        "Ask": ask.panel,
        "Library": library.panel,
        "Evaluate": evaluate.make_panel(trials),
    }


def make_app(desk: Desk, trials: Trials) -> gr.Blocks:
    """The app over one desk; it is mounted by the server."""
    app: gr.Blocks
    with gr.Blocks(
        title="article-qa",
        analytics_enabled=False,
        fill_width=True,
        # What was uploaded is in the library; its copy goes after an hour.
        delete_cache=(600, 3600),
    ) as app:
        gr.HTML(_HEADER, apply_default_css=False, elem_id="banner")
        with gr.Tabs(elem_id="panels"):
            for name, panel in panels(trials).items():
                with gr.Tab(name, elem_id=name.lower()) as tab:
                    panel(app, tab, desk)

        def ask_articles(question: str) -> dict[str, Any]:
            """Answer a question with citations, or say why not."""
            return desk.ask(AskRequest(question=question)).to_dict()

        api(ask_articles, api_name="ask", concurrency_limit=8)
    # An answer takes a processor for half a second; more at once only take longer each.
    app.queue(default_concurrency_limit=8, max_size=200)
    return app
