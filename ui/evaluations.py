"""Evaluations asked for on the screen: their gold, their runs kept in the library folder.

With ``evaluate`` and ``gold_review`` the only module of the app that knows the evaluation suite.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock

from eval.gold.coverage import article_coverage
from eval.gold.feedback import gold_of
from eval.gold.questions import Gold, GoldError, load_gold
from eval.gold.selection import select_questions
from eval.metrics.judges import WordsJudge
from eval.reports.report import html_report
from eval.runs.compare import Comparison, compare
from eval.runs.pipelines import ask_function, with_parts
from eval.runs.run import Item, Run, describe, load_run, run
from qa.build import COMPOSERS, READERS, open_pipeline
from qa.library.feedback import kept_feedback
from qa.runtime.permissions import make_private_folder, restrict
from ui.gold_review import GoldReview
from ui.locales.wording import N_, language, percent
from ui.locales.wording import gettext as _
from ui.service import DEMO, Service

__all__ = ["Evaluations"]

_NAME = re.compile(r"[\w-]{1,120}")
_DEMO_GOLD = DEMO.parent / "gold.jsonl"
FEEDBACK = N_("Feedback given here")
DEMONSTRATION = N_("Demo questions")
REVIEWED = N_("Reviewed here")


class Evaluations:
    """One evaluation at a time over the library of a service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._folder = service.library.folder / "runs"
        self._review = GoldReview(service.library)
        self._cancelled = Event()
        self._running = Lock()

    def golds(self) -> list[str]:
        """What there is to choose from, besides a file that somebody uploads: first those most of
        whose articles are here.
        """
        known = [DEMONSTRATION] if _DEMO_GOLD.is_file() else []
        known += [REVIEWED] if self._review.accepted() else []
        known += [FEEDBACK] if gold_of(kept_feedback(self._service.library)) else []
        # Of two whose articles are here, that of this library.
        return sorted(known, key=lambda name: (-self._share(name), name == DEMONSTRATION))

    def check(self, gold: str, reader: str, composer: str) -> None:
        """Raise GoldError for gold that is none of ``golds``, ValueError for what cannot read or
        compose; empty names stand for what answers here.
        """
        if gold not in (known := self.golds()):
            names = ", ".join(map(repr, known)) or "none yet; give feedback, or accept drafts"
            raise GoldError(f"no questions are called {gold!r}; there are: {names}")
        for what, name, able in (
            ("reader", reader, self.readers()),
            ("composer", composer, self.composers()),
        ):
            if name and name not in able:
                raise ValueError(f"no {what} {name!r}; there are: {', '.join(able)}")

    def warning(self, gold: str | Path) -> str:
        """What is wrong with measuring by it here, in words; empty when nothing is. Raises
        GoldError.
        """
        share = self._share(gold)
        if share == 1:
            return ""
        if share == 0:
            return _(
                "None of the articles that these questions are about are in this library: what is "
                "measured says little about its answers."
            )
        return _(
            "Only %(share)s of the articles that these questions are about are in this library: "
            "what is measured says little about its answers.",
            share=percent(share),
        )

    def _share(self, gold: str | Path) -> float:
        """How many of the articles that a gold names are here, in [0, 1]; 1 if it names none."""
        return article_coverage(self._gold(gold), self._service.library)

    def readers(self) -> list[str]:
        """What can read, the one that answers here first."""
        return sorted(
            READERS, key=lambda name: name != self._service.pipeline.parts.names["reader"]
        )

    def composers(self) -> list[str]:
        """What can compose, the one that answers here first; a chat model only if one is set."""
        parts = self._service.pipeline.parts.names
        able = [name for name in COMPOSERS if name != "chat" or "chat" in parts]
        return sorted(able, key=lambda name: name != parts["composer"])

    def measure(
        self, gold: str | Path, *, sample: int | None, reader: str, composer: str
    ) -> Iterator[tuple[int, int] | str]:
        """Ask and score: how many of how many questions are done, last the name of the run.

        Raises GoldError for gold that cannot be used, and when another evaluation is running.
        """
        asked = select_questions(self._gold(gold), sample=sample)
        if not self._running.acquire(blocking=False):
            raise GoldError("an evaluation is running; wait until it ends, or cancel it")
        self._cancelled.clear()
        events: SimpleQueue[tuple[int, int] | None] = SimpleQueue()
        label = Path(gold).stem if isinstance(gold, Path) else gold
        chat = self._service.pipeline.parts.names.get("chat", "")
        answered = chat if composer == "chat" else reader
        name = _run_name(label, answered, datetime.now())
        try:
            with ThreadPoolExecutor(1) as pool:
                running = pool.submit(self._run, asked, name, reader, composer, events)
                try:
                    while (event := events.get()) is not None:
                        yield event
                finally:
                    # Whoever asked went away, or it is over anyway.
                    self._cancelled.set()
                running.result()
        finally:
            self._running.release()
        yield name

    def cancel(self) -> None:
        """End after the questions that are being asked; what was done is kept as a run."""
        self._cancelled.set()

    def runs(self) -> list[str]:
        """The names of the runs kept, newest first."""
        found = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        return [path.stem for path in reversed(found)]

    def load(self, name: str) -> Run:
        """One of them. Raises GoldError for a name that is none."""
        if not _NAME.fullmatch(name):
            raise GoldError(f"{name!r} is no name of a run")
        path = self._folder / f"{name}.json"
        if not path.is_file():
            raise GoldError(f"no run is called {name!r}; was it deleted?")
        return load_run(path)

    def report(self, name: str) -> str:
        """A run as a page of its own, in the language of whoever looks at it."""
        title = _("Evaluation: %(name)s", name=name)
        return html_report(self.load(name), title, say=_, language=language())

    def compare(self, base: str, new: str) -> Comparison:
        """Two runs, question by question. Raises NotComparable."""
        return compare(self.load(base), self.load(new))

    def _gold(self, gold: str | Path) -> list[Gold]:
        if isinstance(gold, Path):
            try:
                return load_gold(gold)
            except GoldError as error:
                # Where an upload lies on the server helps nobody.
                raise GoldError(str(error).replace(str(gold), gold.name)) from error
        if gold == DEMONSTRATION:
            return load_gold(_DEMO_GOLD)
        if gold == REVIEWED:
            return self._review.accepted()
        return gold_of(kept_feedback(self._service.library))

    def _run(
        self,
        asked: list[Gold],
        name: str,
        reader: str,
        composer: str,
        events: SimpleQueue[tuple[int, int] | None],
    ) -> None:
        try:
            make_private_folder(self._folder)
            with open_pipeline(self._service.library.location) as opened:
                pipeline = with_parts(opened, reader=reader, composer=composer)
                options = {**pipeline.parts.names, "version": version("article-qa")}
                judge = WordsJudge()
                setting = describe(asked, pipeline.library, judge, "article-qa")

                def stop(item: Item) -> bool:
                    return self._cancelled.is_set()

                run(
                    asked,
                    ask_function(pipeline),
                    judge,
                    replace(setting, options=options),
                    self._folder / f"{name}.json",
                    library=pipeline.library,
                    on_progress=lambda done, total: events.put((done, total)),
                    stop=stop,
                )
        finally:
            restrict(self._folder)
            events.put(None)


def _run_name(gold: str, answered: str, now: datetime) -> str:
    """A name by which a run is known in a list: when, what was asked, and what answered."""
    words = re.sub(r"\W+", "-", f"{gold[:50]} by {answered[:40]}").strip("-").lower()
    return f"{now:%Y-%m-%d-%H%M%S}-{words}"
