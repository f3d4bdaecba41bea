"""The panel for the collection: taking in, sources, health, and the place of the table."""

from datetime import UTC, datetime
from typing import Any

import gradio as gr

from qa.errors import QAError
from ui.html.sources import changed_answers_html, source_form_html, sources_html
from ui.html.tables import counts_html, health_html
from ui.html.welcome import problem_html
from ui.locales.wording import gettext as _
from ui.locales.wording import time_text
from ui.screen.conversations import QUIET
from ui.screen.coverage import coverage_chart
from ui.screen.intake import fetch_in, limits_of, may_edit, owner_of, take_uploads
from ui.service import Service

__all__ = ["panel"]

# Of the table of articles, which the page has from the server by its own address.
_LIST = "() => articleQA.list()"


def panel(app: gr.Blocks, tab: gr.Tab, service: Service) -> None:
    """Build the panel; it is filled when it is opened."""
    # What only editors may do is shown once it is known who looks.
    with gr.Row(elem_id="take-in", visible=False) as editing:
        files = gr.File(
            file_count="multiple", label=_("Files, archives, feeds"), height=140, elem_id="files"
        )
        with gr.Column():
            address = gr.Textbox(
                label=_("Addresses of pages or feeds"),
                placeholder="https://…",
                elem_id="address",
                lines=2,
            )
            fetch = gr.Button(_("Fetch"), elem_id="fetch")
    outcome = gr.HTML("", apply_default_css=False, elem_id="outcome")
    # Shown while sources are taken in.
    stop = gr.Button(_("Stop"), size="sm", elem_id="stop-intake")
    form = gr.HTML(
        source_form_html(), apply_default_css=False, elem_id="source-form", visible=False
    )
    sources = gr.HTML("", apply_default_css=False, elem_id="sources")
    chart = gr.Plot(show_label=False, elem_id="coverage", visible=False)
    with gr.Row(elem_id="state"):
        health = gr.HTML("", apply_default_css=False, elem_id="health")
        examine = gr.Button(_("Examine"), size="sm", elem_id="examine")
        repair = gr.Button(_("Repair"), size="sm", elem_id="repair", visible=False)
    gr.HTML("<div id=holdings></div>", apply_default_css=False, elem_id="articles")
    refresh = gr.Button(_("Refresh"), elem_id="refresh", elem_classes="out-of-sight")
    renew = gr.Button(_("Renew"), elem_id="renew", elem_classes="out-of-sight")

    def show_sources(request: gr.Request) -> str:
        known = service.sources.all() if may_edit(request) else []
        changed_answers = service.sources.changed_answers(owner_of(request))
        now = datetime.now(UTC)
        counts = service.sources.counts(now) if known else {}
        return sources_html(known, now, counts) + changed_answers_html(changed_answers)

    def opened(request: gr.Request) -> tuple[Any, ...]:
        edits = gr.update(visible=may_edit(request))
        limited = limits_of(service, request)
        drawn = None if limited else coverage_chart(service.summaries())
        return gr.update(value=drawn, visible=drawn is not None), edits, edits, edits

    def counted() -> Any:
        if service.known_health():
            return gr.skip()
        counts = service.counts()
        return counts_html(counts["articles"], counts["passages"])

    def known() -> str:
        return health_html(service.health())

    def examined() -> str:
        return health_html(
            service.examine(), _("examined at %(time)s", time=time_text(datetime.now()))
        )

    def repaired(request: gr.Request) -> str:
        if not may_edit(request):
            return problem_html(_("Only an editor may repair the library."))
        try:
            return health_html(
                service.repair(), _("repaired at %(time)s", time=time_text(datetime.now()))
            )
        except QAError as error:
            return problem_html(service.explain(error))

    rest = [chart, editing, repair, form]
    # The sources first: while the chart is drawn, somebody may look at them already.
    entered = gr.on([tab.select, refresh.click], show_sources, None, sources, **QUIET)
    # The size before the health, which takes seconds.
    entered.then(counted, None, health, **QUIET).then(opened, None, rest, **QUIET).then(
        known, None, health, **QUIET
    )
    # When a source was visited and brought nothing.
    renew.click(show_sources, None, sources, **QUIET)
    examine.click(examined, None, health, **QUIET)
    repair.click(repaired, None, health, **QUIET)

    def dropped(given: list[str] | None, request: gr.Request) -> Any:
        yield from take_uploads(service, given, request)

    def fetched(typed: str, request: gr.Request) -> Any:
        yield from fetch_in(service, typed, request)

    def stopped() -> str:
        return problem_html(_("Stopped. What was read stays; give the rest again."))

    entering: list[Any] = [
        files.upload(dropped, files, outcome, **QUIET),
        fetch.click(fetched, address, outcome, **QUIET),
    ]
    halted = stop.click(None, None, None, cancels=entering, queue=False, **QUIET)
    ended = halted.then(stopped, None, outcome, queue=False, **QUIET)
    for event in (*entering, ended):
        emptied = event.then(lambda: None, None, files, **QUIET)
        listed = emptied.then(lambda: None, None, None, js=_LIST, **QUIET)
        listed.then(counted, None, health, **QUIET).then(opened, None, rest, **QUIET).then(
            known, None, health, **QUIET
        )
