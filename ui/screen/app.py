"""The screen: its header and its panels. A panel is one function that builds a tab."""

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
from gradio.events import api

from ui.evaluations import Evaluations
from ui.schemas import AskRequest
from ui.screen import ask, evaluate, library
from ui.screen.intake import explained, limits_of
from ui.service import Service

__all__ = ["FIRST_COMPONENTS", "QUEUE_PAUSE", "THEME", "make_app", "panels"]

# Fonts of the machine: Gradio's own would be fetched.
THEME = gr.themes.Base(
    primary_hue="teal",
    neutral_hue="stone",
    font=["system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
)
# Seconds that a function waits for its turn at most, where there is room.
QUEUE_PAUSE = 0.05
# The types of what is on the screen at first.
FIRST_COMPONENTS = ("html", "textbox", "column", "tabs", "tabitem", "form", "state", "button")
# The page loads what these need, although their panel is hidden.
_LATE = (gr.Dropdown, gr.File, gr.Slider)
_SHOWN = "{__type__: 'update', visible: true}"
_HEADER = """
<header class=banner><a class=skip href="#question">Skip to the question</a>
<h1><span aria-hidden=true>❡</span> article-qa</h1>
<p>Answers from your articles, with the exact words they rest on.</p>
<nav><a href=digest>Saved questions</a><a href=settings>Settings</a><a href=docs>Interface</a>
<form method=post action=logout class=logout hidden>
<button>Log out</button></form>
<button type=button id=show-keys aria-label="Keyboard shortcuts">?</button>
<button type=button id=theme aria-label="Light or dark"><span aria-hidden=true>◐</span></button>
</nav></header>
"""


def panels(evaluations: Evaluations) -> dict[str, Callable[[gr.Blocks, gr.Tab, Service], None]]:
    """What the tabs show, by their names."""
    return {
        "Ask": ask.panel,
        "Library": library.panel,
        "Evaluate": evaluate.make_panel(evaluations),
    }


def make_app(service: Service, evaluations: Evaluations) -> gr.Blocks:
    """The app over one service; it is mounted by the server."""
    app: gr.Blocks
    with gr.Blocks(title="article-qa", analytics_enabled=False, fill_width=True) as app:
        gr.HTML(_HEADER, apply_default_css=False, elem_id="banner")
        with gr.Tabs(elem_id="panels"):
            for name, panel in panels(evaluations).items():
                with gr.Tab(name, elem_id=name.lower()) as tab:
                    panel(app, tab, service)
                if name != "Ask":
                    _show_when_selected(tab)

        async def ask_articles(question: str, request: gr.Request) -> dict[str, Any]:
            """Answer a question with citations, or say why not."""
            session = request.session_hash or ""
            with explained(service):
                asked = AskRequest(question=question).within(limits_of(service, request))
                return await service.asking.run(lambda: service.ask(asked).to_dict(), key=session)

        api(ask_articles, api_name="ask", concurrency_limit=10)
    # Looking something up; who asks is held back by the pool that every door asks by.
    # Past the queue there would be no limit at all.
    app.queue(default_concurrency_limit=8, max_size=200, api_open=False)
    # Gradio looks a thousand times a second whether there is something to do.
    app._queue.sleep_when_free = QUEUE_PAUSE
    # And a hundred times whether a bar of its own, of which there is none, goes on.
    app._queue.progress_update_sleep_when_free = 1.0
    return app


def _show_when_selected(tab: gr.Tab) -> None:
    """Have the page load what a panel needs when it is first looked at."""
    late = [each for each in _within(tab) if isinstance(each, _LATE) and each.visible is True]
    for each in late:
        each.visible = False
    if late:
        shown = (
            f"() => [{', '.join([_SHOWN] * len(late))}]" if len(late) > 1 else f"() => ({_SHOWN})"
        )
        tab.select(None, None, late, js=shown, queue=False, api_visibility="private")


def _within(block: Any) -> Iterator[Any]:
    for each in getattr(block, "children", ()):
        yield each
        yield from _within(each)
