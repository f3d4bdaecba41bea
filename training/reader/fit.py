"""The training loop. Writes a checkpoint every few minutes and goes on from it after a kill."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from qa.readers.neural.encode import Encoded, Encoder

from .network import Network, Output, Targets, has_bfloat16, loss_of
from .rows import Group, Text

__all__ = ["FOUND", "OPEN", "WRITTEN", "Example", "Stage", "fit", "visits"]


@dataclass(frozen=True)
class Stage:
    """A part of the training: how often a group of each source is seen (below 1, that share of
    them is), when in the course it comes (over 1 rather early, under 1 rather late), and the
    learning rate at its peak.
    """

    name: str
    visits: Mapping[str, float]
    early: Mapping[str, float]
    peak: float


FOUND = Stage(
    "found",
    {
        "squad_v1.1_train_part": 2,
        "squad_v1.1_train_part/swapped": 0.5,
        "squadshifts_new_wiki": 2,
        "squadshifts_new_wiki/swapped": 0.4,
        "nq_open_oracle": 2,
        "nq_open_oracle/swapped": 0.3,
        "qed_dev": 1,
        "qed_dev/swapped": 0.3,
        "mrqa_ood_small": 1,
        "squadshifts_reddit": 0.7,
        "squadshifts_amazon_reviews": 0.6,
        "tweetqa_train": 0.8,
        "tweetqa_dev": 0.8,
        "wikiqa_train": 1,
        "trecqa_train": 1,
        "news": 4,
        "cloze": 1.5,
    },
    {"cloze": 1.5, "news": 0.5},
    1e-4,
)
"""Questions that were there already, most of them of quizzes and encyclopaedias."""
WRITTEN = Stage(
    "written",
    {
        "written": 2,
        "squad_v1.1_train_part": 0.4,
        "squad_v1.1_train_part/swapped": 0.2,
        "squadshifts_new_wiki": 0.25,
        "squadshifts_new_wiki/swapped": 0.1,
        "nq_open_oracle": 0.5,
        "nq_open_oracle/swapped": 0.1,
        "qed_dev": 0.5,
        "mrqa_ood_small": 0.5,
        "squadshifts_reddit": 0.1,
        "squadshifts_amazon_reviews": 0.1,
        "tweetqa_train": 0.1,
        "tweetqa_dev": 0.1,
        "wikiqa_train": 0.5,
        "trecqa_train": 0.5,
        "news": 1,
    },
    {"written": 0.8},
    5e-5,
)
"""Questions written for the reader, with some of the others, so that these are not forgotten."""
OPEN = Stage(
    "open",
    {
        "open": 3,
        "written": 0.75,
        "news": 2,
        "nq_open_oracle": 0.2,
        "qed_dev": 0.1,
        "squad_v1.1_train_part": 0.05,
    },
    {},
    3e-5,
)
"""Open questions, whose answers are sentences, with some of the others."""
TOKENS = 6400
WARM = 0.06


@dataclass
class Row:
    """A window with what is right for it; token places count from the row's first token, and are
    both of the range. ``relevant`` and ``answerable`` are None where nobody knows; ``marked`` tells
    whether ``inside`` and ``evidence`` are known.
    """

    window: Encoded
    spans: list[tuple[int, int]]
    inside: list[tuple[int, int]]
    evidence: list[tuple[int, int]]
    relevant: bool | None
    answerable: bool | None
    kind: int
    marked: tuple[bool, bool]


@dataclass
class Example:
    """A group as it is seen once; ``spans`` tells whether it is known where the answer stands."""

    rows: list[Row]
    spans: bool

    @property
    def length(self) -> int:
        """Of the longest row, in tokens."""
        return max(len(row.window.ids) for row in self.rows)


KINDS = {"span": 0, "list": 1, "yes": 2, "no": 3, "sentences": 4}
# Where a passage with the answer's words need not answer.
_UNSURE = ("news", "cloze")


def visits(groups: Sequence[Group], stage: Stage, seed: int) -> list[tuple[Group, int]]:
    """The course: which group is seen when, each time with another seed."""
    chance = random.Random(seed)
    course = []
    for group in groups:
        often = stage.visits.get(group.source, 0)
        times = int(often) + (chance.random() < often - int(often))
        for _ in range(times):
            place = chance.random() ** stage.early.get(group.source, 1)
            course.append((place, group, chance.randrange(1 << 30)))
    course.sort(key=lambda item: item[0])
    return [(group, seed) for _, group, seed in course]


def example(group: Group, seed: int, encoder: Encoder) -> Example | None:
    """Some of the group's passages, encoded; None if no row is left to learn from."""
    chance = random.Random(seed)
    positives, negatives = _sample(group, chance)
    rows = []
    near_misses = chance.sample(group.near_misses, min(2, len(group.near_misses)))
    for text in (*positives, *negatives, *near_misses):
        above = text.heading if chance.random() < 0.85 else ""
        made = [
            _row(window, text, group) for window in encoder.encode(group.question, above, text.text)
        ]
        if text in positives and not group.ranked:
            made = [row for row in made if row.spans or row.evidence][:1]
        rows += made[:1]
    located = group.source != "open" and not group.ranked and group.kind in ("span", "list")
    return Example(rows, located) if rows else None


def _row(window: Encoded, text: Text, group: Group) -> Row:
    positive, near = text in group.positives, text in group.near_misses
    written = group.source == "written" and (near or positive)
    unsure = group.ranked or (positive and group.source in _UNSURE)
    spans = _token_spans(window, text.spans)
    return Row(
        window,
        spans if group.kind in ("span", "list") else [],
        spans,
        _token_spans(window, text.evidence, cut=True),
        relevant=None if near else positive,
        answerable=None if unsure else positive,
        kind=KINDS.get(group.kind, -1) if positive and not group.ranked else -1,
        marked=(written, written or group.source == "open"),
    )


def _sample(group: Group, chance: random.Random) -> tuple[list[Text], list[Text]]:
    def some(texts: Sequence[Text], most: int) -> list[Text]:
        return chance.sample(texts, min(most, len(texts)))

    if group.ranked:
        return some(group.positives, 2), some(group.negatives, 3)
    if group.source == "open":
        return some(group.positives, 2), some(group.negatives, 1)
    if group.source == "written":
        most = chance.choices((0, 1, 2), (0.6, 0.25, 0.15))[0]
        return list(group.positives), some(group.negatives, most)
    if not group.positives:
        return [], some(group.negatives, 1)
    if group.source == "news":
        if chance.random() < 0.15:
            return [], some(group.negatives, 4)
        return some(group.positives, 2), some(group.negatives, 3)
    if group.source == "cloze":
        return some(group.positives, chance.randint(1, 2)), some(group.negatives, 2)
    if group.negatives and chance.random() < 0.1:
        return [], some(group.negatives, 1)
    most = chance.choices((0, 1, 2), (0.45, 0.35, 0.2))[0]
    return some(group.positives, 1), some(group.negatives, most)


def _token_spans(
    window: Encoded, spans: Sequence[tuple[int, int]], *, cut: bool = False
) -> list[tuple[int, int]]:
    """Spans in characters as first and last token of the row; without those that the window ends
    in, or with ``cut`` as far as they are in it.
    """
    found = []
    for low, high in spans:
        inside = [
            number
            for number, (start, end) in enumerate(window.offsets)
            if start < high and low < end
        ]
        whole = inside and window.offsets[inside[0]][0] <= low
        if inside and (cut or (whole and high <= window.offsets[inside[-1]][1])):
            found.append((window.first + inside[0], window.first + inside[-1]))
    return found


def batches(course: Sequence[tuple[Group, int]], encoder: Encoder) -> Iterator[list[Example]]:
    """Examples of like length together, at most TOKENS padded tokens in each batch."""
    for begin in range(0, len(course), 384):
        part = [example(*visit, encoder) for visit in course[begin : begin + 384]]
        ready = sorted((item for item in part if item), key=lambda item: item.length)
        made: list[list[Example]] = [[]]
        for item in ready:
            rows = sum(len(other.rows) for other in made[-1]) + len(item.rows)
            if made[-1] and rows * item.length > TOKENS:
                made.append([])
            made[-1].append(item)
        random.Random(begin).shuffle(made)
        yield from made


def tensors(batch: Sequence[Example]) -> tuple[tuple[Tensor, Tensor, Tensor], Targets]:
    """The network's input, and what is right."""
    rows = [row for item in batch for row in item.rows]
    shape = (len(rows), max(len(row.window.ids) for row in rows))
    ids, types, mask = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    readable, starts, ends, inside, evidence = (
        torch.zeros(shape, dtype=torch.bool) for _ in range(5)
    )
    for number, row in enumerate(rows):
        window, size = row.window, len(row.window.ids)
        ids[number, :size] = torch.tensor(window.ids)
        types[number, :size] = torch.tensor(window.types)
        mask[number, :size] = 1
        readable[number, window.first : window.first + len(window.offsets)] = True
        for low, high in row.spans:
            starts[number, low] = True
            ends[number, high] = True
        for low, high in row.inside:
            inside[number, low : high + 1] = True
        for low, high in row.evidence:
            evidence[number, low : high + 1] = True
    return (ids, types, mask), Targets(
        readable,
        starts,
        ends,
        inside,
        evidence,
        relevant=_flags([row.relevant for row in rows]),
        answerable=_flags([row.answerable for row in rows]),
        kind=torch.tensor([row.kind for row in rows]),
        marked=torch.tensor([row.marked for row in rows]),
        sizes=[len(item.rows) for item in batch],
        spans=[item.spans for item in batch],
    )


def _flags(flags: Sequence[bool | None]) -> Tensor:
    return torch.tensor([-1.0 if flag is None else float(flag) for flag in flags])


def fit(
    network: Network,
    groups: Sequence[Group],
    stage: Stage,
    encoder: Encoder,
    folder: Path,
    *,
    seed: int = 0,
) -> Network:
    """Train a network on; ``folder`` keeps the stage's checkpoint and log. About 40 rows of 200
    tokens a second on two cores with bfloat16 matrix units, 14 without.
    """
    torch.manual_seed(seed)
    course = visits(groups, stage, seed)
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=stage.peak, weight_decay=0.01, fused=True
    )
    done, seen = 0, 0
    checkpoint = folder / f"{stage.name}.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        done, seen = saved["done"], saved["seen"]
    network.train()
    log = folder / f"{stage.name}.log"
    average, rows, saved_at, started = 0.0, 0, time.monotonic(), time.monotonic()
    skip = done // 384 * 384
    position = skip
    for number, batch in enumerate(batches(course[skip:], encoder)):
        position += len(batch)
        if position <= done:
            continue
        share = position / len(course)
        for part in optimizer.param_groups:
            part["lr"] = stage.peak * min(share / WARM, (1 - share) / (1 - WARM))
        inputs, targets = tensors(batch)
        with torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16()):
            output = network(*inputs)
        loss = loss_of(Output(*(part.float() for part in output)), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        rows += len(inputs[0])
        average += (loss.item() - average) * (0.01 if number > 100 else 1 / (number + 1))
        if number % 50 == 0:
            speed = rows / (time.monotonic() - started)
            with log.open("a") as lines:
                lines.write(
                    f"{position}/{len(course)} rows {seen + rows} loss {average:.3f}"
                    f" {speed:.1f} rows/s\n"
                )
        if time.monotonic() - saved_at > 240:
            saved_at = time.monotonic()
            _save(checkpoint, network, optimizer, position, seen + rows)
    _save(checkpoint, network, optimizer, len(course), seen + rows)
    return network.eval()


def _save(
    path: Path, network: Network, optimizer: torch.optim.Optimizer, done: int, seen: int
) -> None:
    state = {
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "done": done,
        "seen": seen,
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)
