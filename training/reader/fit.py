"""The training loop. Writes a checkpoint every few minutes and goes on from it after a kill."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from qa.readers.encode import Encoded, Encoder

from .network import Network, load_pretrained, loss_of
from .rows import Group, Text

__all__ = ["Example", "fit", "visits"]

# How often a group of each source is seen; below 1, that share of them is.
VISITS = {
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
}
# When in the course a source comes: over 1 rather early, under 1 rather late.
EARLY = {"cloze": 1.5, "news": 0.5}
TOKENS = 6400
PEAK, WARM = 1e-4, 0.06


@dataclass
class Example:
    """A group as it is seen once: windows with the token spans of the answers in them."""

    rows: list[tuple[Encoded, list[tuple[int, int]]]]
    relevant: list[bool]
    ranked: bool

    @property
    def length(self) -> int:
        """Of the longest row, in tokens."""
        return max(len(row.ids) for row, _ in self.rows)


def visits(groups: Sequence[Group], seed: int) -> list[tuple[Group, int]]:
    """The course: which group is seen when, each time with another seed."""
    chance = random.Random(seed)
    course = []
    for group in groups:
        often = VISITS[group.source]
        times = int(often) + (chance.random() < often - int(often))
        for _ in range(times):
            place = chance.random() ** EARLY.get(group.source, 1)
            course.append((place, group, chance.randrange(1 << 30)))
    course.sort(key=lambda item: item[0])
    return [(group, seed) for _, group, seed in course]


def example(group: Group, seed: int, encoder: Encoder) -> Example | None:
    """Some of the group's passages, encoded; None if no row is left to learn from."""
    chance = random.Random(seed)
    positives, negatives = _sample(group, chance)
    rows, relevant = [], []
    for text in (*positives, *negatives):
        above = text.heading if chance.random() < 0.85 else ""
        windows = encoder.encode(group.question, above, text.text)
        found = [(window, _token_spans(window, text.spans)) for window in windows]
        if text in positives and not group.ranked:
            found = [row for row in found if row[1]][:1]
        rows += found[:1]
        relevant += [text in positives] * len(found[:1])
    return Example(rows, relevant, group.ranked) if rows else None


def _sample(group: Group, chance: random.Random) -> tuple[list[Text], list[Text]]:
    def some(texts: Sequence[Text], most: int) -> list[Text]:
        return chance.sample(texts, min(most, len(texts)))

    if group.ranked:
        return some(group.positives, 2), some(group.negatives, 3)
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


def _token_spans(window: Encoded, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in characters as first and last token of the row; without those cut off."""
    found = []
    for low, high in spans:
        inside = [
            number
            for number, (start, end) in enumerate(window.offsets)
            if start < high and low < end
        ]
        whole = inside and window.offsets[inside[0]][0] <= low
        if whole and high <= window.offsets[inside[-1]][1]:
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


def tensors(batch: Sequence[Example]) -> tuple[tuple[Tensor, ...], dict[str, object]]:
    """The network's input, and what the loss needs beside its output."""
    rows = [row for item in batch for row in item.rows]
    shape = (len(rows), max(len(row.ids) for row, _ in rows))
    ids, types, mask = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    readable, starts, ends = (torch.zeros(shape, dtype=torch.bool) for _ in range(3))
    for number, (row, spans) in enumerate(rows):
        size = len(row.ids)
        ids[number, :size] = torch.tensor(row.ids)
        types[number, :size] = torch.tensor(row.types)
        mask[number, :size] = 1
        readable[number, row.first : row.first + len(row.offsets)] = True
        for low, high in spans:
            starts[number, low] = True
            ends[number, high] = True
    relevant = torch.tensor([float(flag) for item in batch for flag in item.relevant])
    return (ids, types, mask), {
        "readable": readable,
        "starts": starts,
        "ends": ends,
        "relevant": relevant,
        "sizes": [len(item.rows) for item in batch],
        "ranked": [item.ranked for item in batch],
    }


def fit(
    groups: Sequence[Group], encoder: Encoder, wheel: Path, folder: Path, *, seed: int = 0
) -> Network:
    """Train on the course; ``folder`` keeps checkpoint and log. About 40 rows a second on two
    cores with bfloat16 matrix units, 14 without.
    """
    torch.manual_seed(seed)
    network = Network()
    load_pretrained(network, wheel)
    course = visits(groups, seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK, weight_decay=0.01, fused=True)
    done, seen = 0, 0
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        done, seen = saved["done"], saved["seen"]
    network.train()
    log = folder / "fit.log"
    average, rows, saved_at, started = 0.0, 0, time.monotonic(), time.monotonic()
    skip = done // 384 * 384
    position = skip
    for number, batch in enumerate(batches(course[skip:], encoder)):
        position += len(batch)
        if position <= done:
            continue
        share = position / len(course)
        for part in optimizer.param_groups:
            part["lr"] = PEAK * min(share / WARM, (1 - share) / (1 - WARM))
        inputs, targets = tensors(batch)
        with torch.autocast("cpu", torch.bfloat16):
            relevance, start, end = network(*inputs)
        loss = loss_of(relevance.float(), start.float(), end.float(), **targets)
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
