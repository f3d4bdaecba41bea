"""The panel for measuring: choose gold, run, look into failures, compare two runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from qa.errors import QAError
from ui.evaluations import Evaluations
from ui.html.comparison import comparison_html
from ui.html.welcome import (
    drafting_html,
    measuring_html,
    problem_html,
    run_frame_html,
    run_links_html,
)
from ui.locales.wording import N_, number
from ui.locales.wording import gettext as _
from ui.screen.conversations import QUIET
from ui.screen.intake import may_edit, owner_of
from ui.service import Service

__all__ = ["make_panel"]

_EVERY = 1000
# The run that the address of the page names and what it is compared with, or what was chosen.
_RUNS = "() => articleQA.chosenRuns()"


# What reads, in words.
_READERS = {"span": N_("the trained reader"), "sentence": N_("no model: whole sentences")}


def make_panel(evaluations: Evaluations) -> Callable[[gr.Blocks, gr.Tab, Service], None]:
    """The panel over the evaluations of one service."""

    def panel(app: gr.Blocks, tab: gr.Tab, service: Service) -> None:
        with gr.Row(elem_id="measure"):
            gold = gr.Dropdown([], label=_("Questions"), elem_id="gold")
            own = gr.File(
                label=_("or your own: .jsonl, or SQuAD's .json"), height=150, elem_id="own"
            )
            with gr.Column():
                sample = gr.Slider(
                    5, _EVERY, 20, step=5, label=_("How many of them"), elem_id="sample"
                )
                readers, composers = evaluations.readers(), evaluations.composers()
                reader = gr.Dropdown(
                    [(_READERS.get(each, each), each) for each in readers],
                    value=readers[0],
                    label=_("Reader"),
                    elem_id="reader-choice",
                )
                composer = gr.Dropdown(
                    composers, value=composers[0], label=_("Composer"), visible=len(composers) > 1
                )
        with gr.Row(elem_id="measure-go"):
            start = gr.Button(_("Measure"), variant="primary", elem_id="start")
            cancel = gr.Button(_("Cancel"), elem_id="cancel")
        drafting = gr.HTML("", apply_default_css=False, elem_id="drafting")
        warned = gr.HTML("", apply_default_css=False, elem_id="gold-warning")
        progress = gr.HTML("", apply_default_css=False, elem_id="progress")
        with gr.Row():
            # On a phone one below the other: their names are long.
            one = gr.Dropdown([], label=_("Run"), elem_id="run", min_width=280)
            base = gr.Dropdown([], label=_("compared with"), elem_id="base", min_width=280)
        wanted, wanted_base = gr.Textbox(visible=False), gr.Textbox(visible=False)
        links = gr.HTML("", apply_default_css=False, elem_id="run-links")
        compared = gr.HTML("", apply_default_css=False, elem_id="compared")
        report = gr.HTML("", apply_default_css=False, elem_id="report")

        def filled(
            selected: str | None, selected_base: str | None, request: gr.Request
        ) -> list[Any]:
            known = evaluations.runs()
            chosen = selected if selected in known else (known[0] if known else None)
            golds = evaluations.golds()
            return [
                gr.update(
                    choices=[(_(each), each) for each in golds], value=golds[0] if golds else None
                ),
                gr.update(choices=known, value=chosen),
                gr.update(choices=known, value=selected_base if selected_base in known else None),
                # What somebody may not do is not offered: without this, the style sheet hides it.
                drafting_html() if may_edit(request) else "",
            ]

        def weighed(name: str | None, file: str | None, request: gr.Request) -> str:
            owned = file if file and service.uploads.owns(owner_of(request), file) else None
            source = Path(owned) if owned else name
            if not may_edit(request) or source is None:
                return ""
            try:
                warning = evaluations.warning(source)
            except (QAError, ValueError) as error:
                return problem_html(service.explain(error))
            return problem_html(warning) if warning else ""

        def measured(
            name: str | None,
            file: str | None,
            most: int,
            read: str,
            compose: str,
            request: gr.Request,
        ) -> Any:
            known = (gr.skip(), gr.skip())
            if not may_edit(request):
                yield problem_html(_("Only an editor may measure.")), *known
                return
            if file and not service.uploads.owns(owner_of(request), file):
                yield (
                    problem_html(_("Only a file that you uploaded is used; drop it once more.")),
                    *known,
                )
                return
            source = Path(file) if file else name
            if source is None:
                yield problem_html(_("Choose questions, or drop a file with some.")), *known
                return
            many = None if most >= _EVERY else int(most)
            done = total = 0
            try:
                for event in evaluations.measure(
                    source, sample=many, reader=read, composer=compose
                ):
                    if isinstance(event, str):
                        runs = evaluations.runs()
                        cut = _(
                            "Stopped after %(done)s of %(total)s questions; the run holds these.",
                            done=number(done),
                            total=number(total),
                        )
                        told = problem_html(cut) if done < total else ""
                        yield told, gr.update(choices=runs, value=event), gr.update(choices=runs)
                    else:
                        done, total = event
                        yield measuring_html(done, total), *known
            except (QAError, ValueError) as error:
                yield problem_html(service.explain(error)), *known
            finally:
                service.uploads.discard([file] if file else ())

        def cancelled(request: gr.Request) -> None:
            if may_edit(request):
                evaluations.cancel()

        def shown(name: str | None, other: str | None) -> tuple[str, str, str]:
            if not name:
                return "", "", ""
            table = ""
            if other and other != name:
                try:
                    table = comparison_html(evaluations.compare(other, name))
                except QAError as error:
                    table = problem_html(
                        _("Not comparable: %(reason)s", reason=service.explain(error))
                    )
            return run_links_html(name, other if table else ""), table, run_frame_html(name)

        # What was chosen last is measured.
        own.upload(lambda: None, None, gold, **QUIET)
        gold.input(lambda: None, None, own, **QUIET)
        tab.select(filled, [wanted, wanted_base], [gold, one, base, drafting], js=_RUNS, **QUIET)
        gr.on([gold.change, own.upload], weighed, [gold, own], warned, **QUIET)
        going = start.click(
            measured,
            [gold, own, sample, reader, composer],
            [progress, one, base],
            concurrency_limit=1,
            **QUIET,
        )
        cancel.click(cancelled, None, None, queue=False, **QUIET)
        gr.on([one.change, base.change], shown, [one, base], [links, compared, report], **QUIET)
        going.then(shown, [one, base], [links, compared, report], **QUIET)
        # What was uploaded is gone once it was used.
        going.then(lambda: None, None, own, **QUIET)

    return panel
