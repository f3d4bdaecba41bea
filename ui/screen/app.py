"""The screen: its header and its panels. A panel is one function that builds a tab."""

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
from gradio.events import api

from ui.evaluations import Evaluations
from ui.html.welcome import header_html
from ui.locales.wording import gettext as _
from ui.schemas import AskRequest
from ui.screen import ask, evaluate, library
from ui.screen.intake import explained, limits_of
from ui.screen.spoken_blocks import SpokenBlocks
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
QUEUE_PAUSE = 0.1
# The types of what is on the screen at first.
FIRST_COMPONENTS = ("html", "textbox", "column", "tabs", "tabitem", "form", "state", "button")
# The page loads what these need, although their panel is hidden.
_LATE = (gr.Dropdown, gr.File, gr.Slider)
_SHOWN = "{__type__: 'update', visible: true}"


def panels(evaluations: Evaluations) -> dict[str, Callable[[gr.Blocks, gr.Tab, Service], None]]:
    """What the tabs show, by the ids of their elements."""
    return {
        "ask": ask.panel,
        "library": library.panel,
        "evaluate": evaluate.make_panel(evaluations),
    }


def make_app(service: Service, evaluations: Evaluations) -> gr.Blocks:
    """The app over one service; it is mounted by the server."""
    labels = {"ask": _("Ask"), "library": _("Library"), "evaluate": _("Evaluate")}
    app: gr.Blocks
    with SpokenBlocks(title="article-qa", analytics_enabled=False, fill_width=True) as app:
        gr.HTML(header_html(), apply_default_css=False, elem_id="banner")
        with gr.Tabs(elem_id="panels"):
            for name, panel in panels(evaluations).items():
                with gr.Tab(labels[name], elem_id=name) as tab:
                    panel(app, tab, service)
                if name != "ask":
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
