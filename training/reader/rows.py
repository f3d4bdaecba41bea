"""From the data sets to groups: a question with passages that answer it and passages that do not.

Every context is cut by the project's own splitter, so that training sees what serving sees.
"""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from eval.gold.files import json_lines
from eval.metrics.answer import normalize
from ingest.split import split
from qa import open_pipeline
from qa.language.lexicon import STOP_WORDS
from qa.question.understand import understand
from qa.readers.neural.encode import heading
from qa.records.answer import Hit
from qa.records.article import Article, Passage

from .bm25 import BM25

__all__ = ["Group", "Text", "read_groups", "shown", "write_groups"]

Row = dict[str, Any]
# Files of reading comprehension, and whether their questions mean something without the context.
READING = {
    "squad_v1.1_train_part": True,
    "squadshifts_new_wiki": True,
    "nq_open_oracle": True,
    "qed_dev": True,
    "mrqa_ood_small": False,
    "squadshifts_reddit": False,
    "squadshifts_amazon_reviews": False,
    "tweetqa_train": False,
    "tweetqa_dev": False,
}
SENTENCES = ("wikiqa_train", "trecqa_train")


@dataclass
class Text:
    """A passage with its heading; ``spans`` are the answers in it, ``evidence`` the sentences that
    a good answer quotes, half open, in characters.
    """

    heading: str
    text: str
    spans: list[tuple[int, int]] = field(default_factory=list)
    evidence: list[tuple[int, int]] = field(default_factory=list)


def shown(passage: Passage, spans: Sequence[tuple[int, int]] = ()) -> Text:
    """A passage as the reader is shown it; ``spans`` are the answers in it."""
    return Text(heading(passage), passage.text, [*spans])


@dataclass
class Group:
    """One question. Without ``positives`` nothing answers it; with ``ranked`` only, the positives
    are known to be relevant, but not where the answer stands. ``near_misses`` speak of what is
    asked and do not say it. ``kind`` of answer: ``span``, ``list`` (every span is needed), ``yes``
    or ``no``.
    """

    source: str
    question: str
    positives: list[Text] = field(default_factory=list)
    negatives: list[Text] = field(default_factory=list)
    ranked: bool = False
    near_misses: list[Text] = field(default_factory=list)
    kind: str = "span"


def write_groups(data: Path, library: Path, out: Path) -> None:
    """Everything there is to train on, one group a line."""
    with gzip.open(out, "wt", encoding="utf-8") as lines:
        for group in groups(data, library):
            lines.write(json.dumps(asdict(group)) + "\n")


def read_groups(path: Path) -> list[Group]:
    """What ``write_groups`` wrote."""
    read = []
    for row in json_lines(path):
        names = ("positives", "negatives", "near_misses")
        texts = {name: [Text(**text) for text in row.get(name, ())] for name in names}
        read.append(Group(**{**row, **texts}))
    return read


def groups(data: Path, library: Path) -> Iterator[Group]:
    """Reading comprehension, then news questions, then answer sentences."""
    chance = random.Random(0)
    for name, standalone in READING.items():
        rows = [*json_lines(data / "reading" / f"{name}.jsonl.gz")]
        yield from _reading(name, rows, standalone, chance)
    for name in SENTENCES:
        yield from _sentences(name, json_lines(data / "sentences" / f"{name}.jsonl.gz"))
    yield from _news(data, library)
    yield from _cloze(library, random.Random(0))


# Reading comprehension


def _reading(
    name: str, rows: Sequence[Row], standalone: bool, chance: random.Random
) -> Iterator[Group]:
    cut: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        cut.setdefault(row["context"], _cut(row["context"]))
    pool = [text for parts in cut.values() for _, text in parts]
    search = BM25(pool)
    questions = [_clean(row["question"]) for row in rows]
    swaps = _swaps(questions)
    for question, row in zip(questions, rows, strict=True):
        answer = _choose(row["answers"])
        parts = cut[row["context"]]
        group = Group(name, question)
        for start, text in parts:
            spans = _spans_within(answer, start, text)
            if spans:
                group.positives.append(Text("", text, spans))
            elif normalize(answer["text"]) not in normalize(text):
                group.negatives.append(Text("", text))
        if not group.positives:
            continue
        removed = _without_answer(group.positives[0], answer["text"])
        if removed:
            group.negatives.append(Text("", removed))
        if standalone:
            inside = {text for _, text in parts}
            for index in search.top(question, 6):
                text = pool[index]
                if text not in inside and normalize(answer["text"]) not in normalize(text):
                    group.negatives.append(Text("", text))
        yield group
        other = _swap(question, swaps, chance) if standalone else None
        if other:
            yield Group(f"{name}/swapped", other, negatives=[group.positives[0]])


def _cut(context: str) -> list[tuple[int, str]]:
    """Passages as ``(start, text)``, with offsets into the context as it is written."""
    article = Article.create(context)
    shift = max(0, context.find(article.text[:40]))
    return [(shift + passage.start, passage.text) for passage in split(article)]


def _choose(answers: Sequence[Row]) -> Row:
    """Of several people's answers the commonest, and of equally common ones the shortest."""
    counts = Counter(normalize(answer["text"]) for answer in answers)
    return min(answers, key=lambda item: (-counts[normalize(item["text"])], len(item["text"])))


def _spans_within(answer: Row, start: int, text: str) -> list[tuple[int, int]]:
    low = answer["start"] - start
    high = low + len(answer["text"])
    if low >= 0 and high <= len(text) and text[low:high] == answer["text"]:
        return [(low, high)]
    return []


def _without_answer(passage: Text, answer: str) -> str | None:
    """The passage without the sentences that hold the answer, if something is left."""
    kept = [
        sentence
        for sentence in re.split(r"(?<=[.!?])\s+", passage.text)
        if normalize(answer) not in normalize(sentence)
    ]
    rest = " ".join(kept)
    low, high = passage.spans[0]
    return rest if len(rest) > 150 and passage.text[low:high] not in rest else None


def _clean(question: str) -> str:
    return re.sub(r"\s*\[MASK\]\.?", "", question).strip()


_NAME = re.compile(r"(?<!^)(?<=\s)[A-Z][\w'’-]+(?:\s+(?:of\s+)?[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_OPPOSITES = [
    ("first", "last"), ("most", "least"), ("largest", "smallest"), ("highest", "lowest"),
    ("before", "after"), ("increase", "decrease"), ("north", "south"), ("east", "west"),
    ("oldest", "youngest"), ("won", "lost"), ("win", "lose"), ("more", "fewer"),
    ("male", "female"), ("man", "woman"), ("best", "worst"), ("began", "ended"),
]  # fmt: skip
_OPPOSITE = dict(_OPPOSITES) | {right: left for left, right in _OPPOSITES}


def _swaps(questions: Sequence[str]) -> dict[str, list[str]]:
    return {
        "name": [name for question in questions for name in _NAME.findall(question)],
        "number": [number for question in questions for number in _NUMBER.findall(question)],
    }


def _swap(question: str, swaps: dict[str, list[str]], chance: random.Random) -> str | None:
    """The question about something else: a name, number or opposite exchanged."""
    ways: list[Callable[[], str]] = []
    for word in re.findall(r"\w+", question):
        if word in _OPPOSITE:
            ways.append(lambda word=word: re.sub(rf"\b{word}\b", _OPPOSITE[word], question))
    for kind, pattern in (("number", _NUMBER), ("name", _NAME)):
        for found in pattern.finditer(question):
            other = chance.choice(swaps[kind])
            if len(other.split()) <= 3 and other.lower() not in question.lower():
                ways.append(
                    lambda found=found, other=other: (
                        question[: found.start()] + other + question[found.end() :]
                    )
                )
    return chance.choice(ways)() if ways else None


# Answer sentences


def _sentences(name: str, rows: Iterator[Row]) -> Iterator[Group]:
    asked: dict[str, Group] = {}
    for row in rows:
        group = asked.setdefault(row["question"], Group(name, row["question"], ranked=True))
        (group.positives if row["label"] else group.negatives).append(Text("", row["sentence"]))
    yield from (group for group in asked.values() if group.positives and group.negatives)


# News questions of 2022 and 2023


def _news(data: Path, library: Path) -> Iterator[Group]:
    """The questions of those years against what our own search finds for them.

    Nothing of ``news-train`` is used: it is what thresholds are tuned on.
    """
    held = {row["question"] for row in json_lines(data / "news-train" / "questions.jsonl.gz")}
    with open_pipeline(library) as pipeline:
        for row in json_lines(data / "news-large" / "questions.jsonl.gz"):
            if row["question_date"] >= "2024" or row["question"] in held or row["image"]:
                continue
            accepted = [normalize(text) for text in (row["answer"], *row["aliases"])]
            accepted = [text for text in accepted if text]
            if not accepted or row["kind"] in ("yesno", "meta"):
                continue
            asked = understand(row["question"], as_of=date.fromisoformat(row["question_date"]))
            group = _against("news", row["question"], accepted, pipeline.search(asked, 30).hits)
            if row["evidence_has_answer"]:
                spans = _occurrences(row["evidence"], accepted)
                if spans:
                    group.positives.append(Text("", row["evidence"], spans))
            if group.positives:
                yield group


def _against(source: str, question: str, accepted: list[str], hits: Sequence[Hit]) -> Group:
    """Passages with an accepted answer and enough of the question are positives; those with
    none of the answers are negatives; the rest teaches nothing certain.
    """
    group = Group(source, question)
    words = _content(question)
    for hit in hits:
        passage = hit.passage
        spans = _occurrences(passage.text, accepted)
        if not spans:
            group.negatives.append(shown(passage))
            continue
        near = words & _content(f"{passage.title} {passage.text}")
        if len(near) >= 0.4 * len(words):
            group.positives.append(shown(passage, spans))
    return group


def _content(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return {re.sub(r"(ies|es|s|ed|ing)$", "", word) for word in words if word not in STOP_WORDS}


_TOKEN = re.compile(r"[^\W_]+(?:[.,’'-][^\W_]+)*")


def _occurrences(text: str, accepted: Sequence[str]) -> list[tuple[int, int]]:
    """Where an accepted answer (normalised) stands, as whole words."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    plain = [normalize(text[low:high]) for low, high in tokens]
    found = set()
    for answer in accepted:
        length = len(answer.split())
        for first in range(len(tokens)):
            for last in range(first, min(len(tokens), first + length + 3)):
                if " ".join(filter(None, plain[first : last + 1])) != answer:
                    continue
                if plain[first] and plain[last]:
                    low, high = tokens[first][0], tokens[last][1]
                    low -= low > 0 and text[low - 1] in "$£€" and answer[0].isdigit()
                    high += high < len(text) and text[high] == "%" and answer[-1].isdigit()
                    found.add((low, high))
    return sorted(found)[:8]


# Questions made from sentences of the articles


# Agencies that sign every article, and words with capitals that name nothing.
_COMMON = STOP_WORDS | {"cnn", "ap", "reuters", "npr", "us", "u.s", "wednesday", "cnet", "getty"}
_ENTITY = re.compile(
    r"[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'-]+){0,3}|\$?\b\d[\d,.]*\d\b%?"
)


def _cloze(library: Path, chance: random.Random, wanted: int = 1875) -> Iterator[Group]:
    """A sentence that opens an article loses a name or number; other articles answer it."""
    with open_pipeline(library) as pipeline:
        articles = [row for row in pipeline.library.summaries() if row.published]
        chance.shuffle(articles)
        made = 0
        for summary in articles:
            if made == wanted:
                return
            article = pipeline.library.article(summary.id)
            cloze = _blank(article, chance)
            if cloze is None or article.published is None:
                continue
            question, answer = cloze
            asked = understand(question, as_of=article.published + timedelta(days=2))
            hits = [
                hit
                for hit in pipeline.search(asked, 20).hits
                if hit.passage.article_id != article.id
                and hit.passage.title != article.title
                and article.text[:200] not in hit.passage.text
            ]
            group = _against("cloze", question, [normalize(answer)], hits)
            if group.positives and len(group.negatives) >= 2:
                made += 1
                yield group


def _blank(article: Article, chance: random.Random) -> tuple[str, str] | None:
    sentences = [article.title, *re.split(r"(?<=[.!?])\s+", article.text[:1500])[:5]]
    sentence = chance.choice(sentences)
    words = sentence.split()
    if not 7 <= len(words) <= 35:
        return None
    found = [
        match
        for match in _ENTITY.finditer(sentence)
        if (match.start() > 0 or match.group() in article.text[len(sentence) :])
        and normalize(match.group())
        and not set(match.group().lower().split()) & _COMMON
        and len(match.group()) > 1
    ]
    if not found:
        return None
    gap = chance.choice(found)
    answer = gap.group().strip(" ,.")
    before, after = sentence[: gap.start()].split(), sentence[gap.end() :].split()
    if normalize(answer) in normalize(" ".join([*before, *after])):
        return None
    number = answer.lstrip("$")[0].isdigit()
    blank = "how many" if number else chance.choice(("who", "which", "what", "what", "where"))
    # Questions are shorter than the sentences that answer them.
    keep = chance.uniform(0.6, 1.0)
    before = [word for word in before if chance.random() < keep]
    after = [word for word in after if chance.random() < keep]
    if chance.random() < 0.5:
        return " ".join([blank, *after, *before]).strip(" .") + "?", answer
    return " ".join([*before, blank, *after]).strip(" .") + "?", answer
