"""A run: every gold question with its answer and scores, and everything needed to repeat it."""

import hashlib
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from eval.gold.files import open_text
from eval.gold.questions import Gold, GoldError, fingerprint
from eval.metrics.evidence import Evidence, Lookup, evidence, located, placed, sound, supporting
from eval.metrics.judges import Judge
from eval.metrics.registry import score
from qa.library.store import Library
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Citation, Passage
from qa.records.serialization import Record

__all__ = ["Item", "Run", "Setting", "library_fingerprint", "load_run", "read_answers", "run"]

Ask = Callable[[Gold], Answer]


@dataclass(frozen=True, slots=True)
class Setting(Record):
    """What a run was made with. Runs compare only if gold, library and judge are the same.

    ``system`` names who answered; ``options`` are its settings; ``machine`` says where;
    ``questions`` is how many were to be asked, 0 if unknown.
    """

    gold: str
    library: str
    judge: str
    system: str
    seed: int = 0
    options: Mapping[str, str] = field(default_factory=dict)
    machine: Mapping[str, str] = field(default_factory=dict)
    questions: int = 0


@dataclass(frozen=True, slots=True)
class Item(Record):
    """One question: its gold, the answer, and each measure in [0, 1] (None: not applicable).

    ``evidence`` tells whether the library could have answered, and ``unlocated`` which citations
    stand nowhere in it, where that was looked up.
    """

    gold: Gold
    answer: Answer
    scores: Mapping[str, float | None]
    evidence: Evidence = ""
    unlocated: tuple[Citation, ...] = ()

    @property
    def found(self) -> tuple[Hit, ...]:
        """The hits, without quotations that stand nowhere."""
        return sound(self.answer.hits, self.unlocated)


@dataclass(frozen=True, slots=True)
class Run(Record):
    """The setting, and the items in the order of the gold."""

    setting: Setting
    items: tuple[Item, ...]

    @property
    def extent(self) -> str:
        """How many questions were answered, and whether the run was stopped before its end."""
        done, asked = len(self.items), self.setting.questions
        if done >= asked:
            return f"{done} question{'s' * (done != 1)} answered"
        return f"{done} of {asked} question{'s' * (asked != 1)} answered before the run was stopped"


def run(
    gold: Sequence[Gold],
    ask: Ask,
    judge: Judge,
    setting: Setting,
    out: Path,
    *,
    library: Library | None = None,
    own: bool = True,
    threads: int = 2,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[Item], bool] = lambda item: False,
) -> Run:
    """Ask every question, score it, and write ``out``.

    With the ``library``, each item tells what it holds of the articles of the gold, and quotations
    are located in it. Passages of another system, which are not its, are told by ``own=False``:
    how many of them support an answer is unknown. What is done is kept in ``out.part`` as it comes,
    so that a run that was killed goes on where it was, if its setting is the same. ``stop`` ends
    the run early, after the item it is true of: the items so far are written, and the rest is left
    in peace. An error of one question ends the run; what was done stays.
    """
    part = out.with_name(f"{out.name}.part")
    done = _resume(part, setting)
    total = len(gold)
    on_progress(len(done), total)

    def one(item: Gold) -> Item:
        answer = ask(item)
        if library is None:
            return Item(item, answer, score(item, answer, judge))
        known = placed(item, library)
        answer, unlocated = located(answer, library, gold=known)
        lookup = Lookup(unlocated, supporting(known, library) if own else None)
        marks = score(known, answer, judge, lookup)
        return Item(known, answer, marks, evidence(known, library), unlocated)

    # What was spent before a kill counts, too.
    over = [stop(item) for item in done.values()]
    left = [] if any(over) else [item for item in gold if item.id not in done]
    with part.open("a", encoding="utf-8") as lines, ThreadPoolExecutor(threads) as pool:
        if not done:
            _write(lines, setting)
        futures = [pool.submit(one, item) for item in left]
        try:
            for future in as_completed(futures):
                item = future.result()
                _write(lines, item)
                done[item.gold.id] = item
                on_progress(len(done), total)
                if stop(item):
                    break
        finally:
            for future in futures:
                future.cancel()
    made = Run(setting, tuple(done[item.id] for item in gold if item.id in done))
    whole = out.with_name(f"{out.name}.new")
    whole.write_text(made.to_json(), "utf-8")
    whole.replace(out)
    part.unlink()
    return made


def load_run(path: Path) -> Run:
    """A run that was written. Raises GoldError if it is none."""
    try:
        with open_text(path) as text:
            return Run.from_json(text.read())
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise GoldError(f"{path} is not a run; `article-qa eval --out FILE` writes one") from error


def describe(gold: Sequence[Gold], library: Library | None, judge: Judge, system: str) -> Setting:
    """The setting of a run made here and now."""
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": f"{os.cpu_count()} x {_processor()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
    }
    return Setting(
        gold=fingerprint([*gold]),
        library=library_fingerprint(library) if library else "",
        judge=judge.name,
        system=system,
        machine=machine,
        questions=len(gold),
    )


def _processor() -> str:
    """What the processors are called."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def library_fingerprint(library: Library) -> str:
    """16 hexadecimal digits that change with any article or version of one."""
    known = sorted((item.id, item.version, item.characters) for item in library.summaries())
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]


def read_answers(path: Path) -> Ask:
    """Answers that any system gave, from JSON lines, to be scored without our pipeline.

    A line is a whole Answer as our records write it, with the gold's ``id``; or, plainer,
    ``{"id", "answer", "short"?, "confidence"?, "citations"?: [texts], "hits"?: [{"article_id",
    "text"}]}``, where an empty answer means that it abstained. Raises GoldError for other lines,
    and for a question that has no line: it would otherwise be dropped, which flatters.
    """
    answers: dict[str, Answer] = {}
    try:
        opened = open_text(path)
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror}") from error
    with opened as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise TypeError(f"expected an object, found {line.strip()[:40]!r}")
                json.dumps(row, ensure_ascii=False).encode()  # no half characters
                whole = "statements" in row
                answers[str(row["id"])] = Answer.from_dict(row) if whole else _plain(row)
            except KeyError as error:
                raise GoldError(f"{path}, line {number}: {error.args[0]} is missing") from error
            except json.JSONDecodeError as error:
                raise GoldError(f"{path}, line {number}: not JSON: {error}") from error
            except (ValueError, TypeError) as error:
                raise GoldError(f"{path}, line {number}: {error}") from error

    def ask(gold: Gold) -> Answer:
        if gold.id not in answers:
            raise GoldError(f"{path} has no answer to {gold.id!r}; an empty one means abstaining")
        return replace(answers[gold.id], question=gold.question)

    return ask


def _plain(row: Mapping[str, Any]) -> Answer:
    text, short = row["answer"], row.get("short", row["answer"])
    given = row.get("citations", [])
    if not isinstance(given, list) or not all(isinstance(each, str) for each in (text, *given)):
        raise TypeError("answer is no text, or citations no list of texts")
    quotes = [
        Citation(article_id="quoted", start=0, end=len(quote), quote=quote)
        for quote in given
        if quote
    ]
    passages = [
        Passage(article_id=str(hit["article_id"]), start=0, end=len(hit["text"]), text=hit["text"])
        for hit in row.get("hits", ())
    ]
    # What was quoted was retrieved, even if the system does not tell what else was.
    passages += [
        Passage(article_id="quoted", start=0, end=quote.end, text=quote.quote) for quote in quotes
    ]
    abstained = not text.strip()
    return Answer(
        question=str(row["id"]),
        short="" if abstained else short,
        statements=() if abstained else (Statement(text, tuple(quotes)),),
        hits=tuple(Hit(passage, 1 / rank) for rank, passage in enumerate(passages, start=1)),
        confidence=float(row.get("confidence", 0.0 if abstained else 1.0)),
        abstained=abstained,
        reason="it gave no answer" if abstained else "",
        took_ms=float(row.get("took_ms", 0.0)),
    )


def _resume(part: Path, setting: Setting) -> dict[str, Item]:
    """What an earlier run with the same setting left; whatever else stands there is dropped."""
    done: dict[str, Item] = {}
    if not part.exists():
        return done
    with part.open(encoding="utf-8") as lines:
        try:
            same = _whatever_runs(Setting.from_json(next(lines))) == _whatever_runs(setting)
        except (StopIteration, ValueError, KeyError):
            same = False
        for line in lines if same else ():
            try:
                item = Item.from_json(line)
            except (ValueError, KeyError):
                break  # the line that was being written when the run was killed
            done[item.gold.id] = item
    with part.open("w", encoding="utf-8") as kept:
        if done:
            _write(kept, setting)
            for item in done.values():
                _write(kept, item)
    return done


def _whatever_runs(setting: Setting) -> Setting:
    """Without what makes no other answers."""
    options = {name: value for name, value in setting.options.items() if name != "threads"}
    return replace(setting, machine={}, options=options)


def _write(lines: TextIO, record: Record) -> None:
    lines.write(record.to_json() + "\n")
    lines.flush()
