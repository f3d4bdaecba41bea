"""Questions with accepted answers, from the files people have. Knows nothing of who answers."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from eval.gold.files import open_text
from qa.errors import QAError
from qa.records.article import Article
from qa.records.serialization import Record

__all__ = ["Gold", "GoldError", "articles_of", "fingerprint", "load_gold"]


class GoldError(QAError):
    """A gold file that cannot be used; names the file, the line and the field."""


@dataclass(frozen=True, slots=True)
class Gold(Record):
    """A question and what is accepted as its answer; with neither ``answers`` nor ``articles``,
    abstaining is right.

    ``articles`` are the ids of articles that answer it (or their addresses, or the ends of the
    paths they were read from), empty when nobody noted them.
    ``as_of`` is the day it is asked. Unreviewed questions are scored apart and never gate.
    ``versions`` are those of the articles that the answer was judged against, where known.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: tuple[str, ...] = ()
    as_of: date | None = None
    kind: str = ""
    reviewed: bool = True
    versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        """Whether there is something to be found; for retrieval alone, without known answers."""
        return bool(self.answers or self.articles)


def load_gold(path: Path) -> list[Gold]:
    """The questions of a file or folder, in its order.

    - ``*.jsonl`` (or ``.jsonl.gz``): ours, a line each: ``{"id", "question", "answers": [...],
      "articles"?, "as_of"?, "kind"?, "reviewed"?}``. Without an ``id``, one is made from the
      question; ``answer``, ``ground_truth`` and ``reference`` stand for ``answers``, too
    - ``*.json``: SQuAD 1.1 or 2.0
    - a folder with ``questions.jsonl``: as RealTimeQA has them
    - a folder with ``queries.jsonl`` and ``qrels/``: BEIR; retrieval alone can be scored

    Raises GoldError for what cannot be read, is not valid, or names an id twice.
    """
    if path.is_dir():
        known = {"questions.jsonl": _news, "queries.jsonl": _beir}
        found = next((name for name in known if _either(path, name)), None)
        if found is None:
            raise GoldError(f"{path} holds neither questions.jsonl nor queries.jsonl")
        gold = [*known[found](path)]
    elif path.name.endswith((".jsonl", ".jsonl.gz")):
        gold = [*_rows(path, _ours)]
    elif path.name.endswith((".json", ".json.gz")):
        try:
            gold = [item for item, _ in _squad(path)]
        except KeyError as error:
            raise GoldError(f"{path} is not SQuAD's JSON: {error} is missing") from error
        except (TypeError, AttributeError) as error:
            raise GoldError(f"{path} is not SQuAD's JSON: {_SQUAD}") from error
    else:
        raise GoldError(f"{path}: gold is a .jsonl file, SQuAD's .json, or a folder")
    if not gold:
        raise GoldError(f"{path} holds no question")
    seen: set[str] = set()
    for item in gold:
        if item.id in seen:
            raise GoldError(f"{path}: the id {item.id!r} stands twice")
        seen.add(item.id)
    return gold


def articles_of(path: Path) -> Iterator[Article]:
    """The articles that come with the questions, to be ingested: SQuAD's contexts, BEIR's corpus.

    Nothing for other kinds of gold.
    """
    if path.is_dir() and (corpus := _either(path, "corpus.jsonl")):
        for _, row in _lines(corpus):
            yield Article.create(row["text"], title=row.get("title", ""), id=str(row["_id"]))
    elif path.name.endswith((".json", ".json.gz")):
        contexts = {article.id: article for _, article in _squad(path)}
        yield from contexts.values()


def fingerprint(gold: list[Gold]) -> str:
    """16 hexadecimal digits that change with any question, answer, or their order."""
    text = "\n".join(item.to_json() for item in gold)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# Ours

_FIELDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "id": ("a string", lambda value: isinstance(value, str) and bool(value)),
    "question": (
        "a string with words",
        lambda value: isinstance(value, str) and bool(value.strip()),
    ),
    "answers": ("a list of strings with words", lambda value: _strings(value)),
    "articles": ("a list of article ids", lambda value: _strings(value)),
    "as_of": ("a day such as 2024-06-13, or null", lambda value: value is None or _is_day(value)),
    "kind": ("a string", lambda value: isinstance(value, str)),
    "reviewed": ("true or false", lambda value: isinstance(value, bool)),
    "versions": ("an object of article ids and numbers", lambda value: _counts(value)),
}
_TOO_DEEP = "its lists and objects are nested too deep"
_NEEDED = ("question", "answers")
# What others call the answers, one or a list of them.
_ANSWERS = ("answer", "ground_truth", "ground_truths", "reference", "expected_answer")


def _ours(row: Mapping[str, Any]) -> Gold:
    row = _completed(row)
    for name in _NEEDED:
        if name not in row:
            raise GoldError(f"{name} is missing")
    for name, (wanted, fits) in _FIELDS.items():
        if name in row and not fits(row[name]):
            raise GoldError(f"{name} is {row[name]!r}; expected {wanted}")
    return Gold.from_dict({**{"articles": [], "kind": "", "reviewed": True, "versions": {}}, **row})


def _completed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of others with its answers as ours, and an id that stays while its question does."""
    given = next((row[name] for name in _ANSWERS if name in row), None)
    completed = dict(row)
    if "answers" not in row and given is not None:
        completed["answers"] = given if isinstance(given, list) else [given] if given else []
    if "id" not in row and isinstance(row.get("question"), str):
        completed["id"] = hashlib.sha256(row["question"].encode()).hexdigest()[:12]
    return completed


def _strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) and part.strip() for part in value)


def _counts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(part, int) for part in value.values())


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


# Others'

_SQUAD = (
    "expected an object with a list named data, of objects with paragraphs; questions one a line "
    "are a .jsonl file"
)


def _news(folder: Path) -> Iterator[Gold]:
    path = _either(folder, "questions.jsonl")
    assert path
    yield from _rows(path, _news_row)


def _news_row(row: Mapping[str, Any]) -> Gold:
    answers = [row["answer"], *row.get("aliases", ())] if row.get("answerable", True) else []
    articles = [*row.get("gold_articles", ()), *(item["id"] for item in row.get("support", ()))]
    day = row.get("question_date")
    return Gold(
        id=str(row["id"]),
        question=row["question"],
        answers=tuple(dict.fromkeys(answers)),
        articles=tuple(dict.fromkeys(articles if answers else ())),
        as_of=date.fromisoformat(day) if day else None,
        kind=row.get("kind", ""),
    )


def _squad(path: Path) -> Iterator[tuple[Gold, Article]]:
    with _open(path) as text:
        try:
            whole = json.load(text)
        except ValueError as error:
            raise GoldError(f"{path} is not JSON: {error}") from error
        except RecursionError as error:
            raise GoldError(f"{path}: {_TOO_DEEP}") from error
        if not isinstance(whole, dict) or not isinstance(data := whole.get("data"), list):
            raise GoldError(f"{path} is not SQuAD's JSON: {_SQUAD}")
    for entry in data:
        for paragraph in entry["paragraphs"]:
            article = Article.create(paragraph["context"], title=entry.get("title", ""))
            for asked in paragraph["qas"]:
                impossible = asked.get("is_impossible", False)
                texts = [] if impossible else [answer["text"] for answer in asked["answers"]]
                yield (
                    Gold(
                        id=str(asked["id"]),
                        question=asked["question"],
                        answers=tuple(dict.fromkeys(texts)),
                        articles=() if impossible else (article.id,),
                    ),
                    article,
                )


def _beir(folder: Path) -> Iterator[Gold]:
    relevant: dict[str, list[str]] = {}
    judged = folder / "qrels" / "test.tsv"
    if not judged.exists():
        raise GoldError(f"{folder} has no qrels/test.tsv")
    with judged.open(encoding="utf-8", newline="") as lines:
        for judged_row in csv.DictReader(lines, delimiter="\t"):
            if int(judged_row["score"]) > 0:
                found = relevant.setdefault(judged_row["query-id"], [])
                found.append(judged_row["corpus-id"])
    path = _either(folder, "queries.jsonl")
    assert path
    for _, row in _lines(path):
        if row["_id"] in relevant:
            yield Gold(
                str(row["_id"]), row["text"], (), tuple(relevant[row["_id"]]), kind="retrieval"
            )


def _rows(path: Path, read: Callable[[Mapping[str, Any]], Gold]) -> Iterator[Gold]:
    for number, row in _lines(path):
        try:
            yield read(row)
        except GoldError as error:
            raise GoldError(f"{path}, line {number}: {error}") from error
        except KeyError as error:
            raise GoldError(f"{path}, line {number}: {error.args[0]} is missing") from error
        except (TypeError, ValueError) as error:
            raise GoldError(f"{path}, line {number}: {error}") from error


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with _open(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise GoldError(f"{path}, line {number}: not JSON: {error}") from error
            except RecursionError as error:
                raise GoldError(f"{path}, line {number}: {_TOO_DEEP}") from error
            if not isinstance(row, dict):
                raise GoldError(f"{path}, line {number}: expected an object, found {line[:40]!r}")
            yield number, row


def _either(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.exists()), None)


def _open(path: Path) -> TextIO:
    try:
        return open_text(path)
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror}") from error
