"""Take in damaged and blown-up copies of good sources, and count what that did to the process.

Run as a program: ``python mutation_trials.py FOLDER FIRST LAST SEED [SUFFIX…]``, of all formats
or of those named. Each trial is made from its number and the seed alone; what was counted is kept
in FOLDER after each batch, so that the same command goes on after a kill. Trials are taken in by
the batch, and each that looks wrong once more by a process of its own, with all that it starts
measured in seconds of the processor, so that a busy machine changes nothing. Prints a line of JSON
for each that is wrong, whose source is kept in FOLDER, and at the end a table by format.
"""

import gzip
import io
import json
import os
import random
import re
import resource
import signal
import sys
import time
import zipfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

from qa.errors import SourceError
from tests.ingest.rich_samples import rich_samples
from tests.ingest.samples import SAMPLES

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo" / "articles"
# CPU seconds, and some for each article, over which a trial counts as slow; MB over which it counts
# as large; CPU seconds after which it is hung, and seconds on the clock if it waits.
SLOW, LARGE, HUNG, WAITED = 5.0, 1024, 60, 900
# CPU seconds that an entry may take, and one that is a whole page.
ENTRY, PAGE = 0.001, 0.03
# By us, or by the limit on CPU seconds.
ENDED = (signal.SIGKILL, signal.SIGXCPU)
# Bytes of a mutated source; a mutation that makes more is cut.
MOST = 4_000_000
# What may be wrong: an error that nobody foresaw, the end of the process, one of ours over a limit
# of the program, or one of its workers over those that parsing has.
KINDS = ("traceback", "died", "hung", "slow", "large", "stopped")
BATCH = 50
WORDS = r"""<b> </i> <div> <p <!-- &amp; [ ] { " ' , # - : \ <item> <![CDATA[ ( ) /X0 9 -- . ``` a=1
    <time <!ENTITY '"; obj endobj <w:p/> ?! “ 。 ‘ { }"""
PARTS = re.compile(rb"<([A-Za-z][\w:.-]*)[^<>]{0,300}>|[\[{(\"]")
CLOSED = {b"[": b"]", b"{": b"}", b"(": b")"}
NAMES = re.compile(rb"(?<=[</\"\\])[A-Za-z][\w:.-]{1,30}|^[\w-]{2,30}(?=:)", re.MULTILINE)
TOKENS = [*WORDS.split(), "\n", " ", "\t", "\r", "\0", "\x80", "/X0 Do ", "- ", "a. ", "# a "]


def seeds() -> list[tuple[str, bytes]]:
    """Good sources with their suffixes, the packed ones made from others."""
    found = [*SAMPLES.items(), *rich_samples()]
    found += [
        (file.suffix, file.read_bytes())
        for file in sorted(DEMO.rglob("*"))
        if file.is_file() and file.suffix in SAMPLES
    ]
    found += [(f"{suffix}.gz", gzip.compress(data, mtime=0)) for suffix, data in found[:30]]
    for first in range(0, 24, 6):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (suffix, data) in enumerate(found[first : first + 6]):
                archive.writestr(zipfile.ZipInfo(f"{number}{suffix}"), data)
        found.append((".zip", packed.getvalue()))
    return found


def weight(suffix: str) -> int:
    """How often a format is tried: what its own parser reads most, then what packs others."""
    return {".gz": 1, ".zip": 6}.get(Path(suffix).suffix, 6)


def mutated(data: bytes, other: bytes, dice: random.Random) -> bytes:
    """The data after one to four mutations; of what is packed, mostly inside."""
    if data.startswith(b"PK") and dice.random() < 0.7:
        return repacked(data, other, dice)
    if data.startswith(b"\x1f\x8b") and dice.random() < 0.7:
        return gzip.compress(mutated(gzip.decompress(data), other, dice), mtime=0)
    for _ in range(dice.randint(1, 4)):
        data = dice.choice(MUTATIONS)(data, other, dice)[:MOST]
    return data


def repacked(data: bytes, other: bytes, dice: random.Random) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        parts = before.infolist()
        likely = [part for part in parts if "document" in part.filename] or parts
        chosen = dice.choice(likely if dice.random() < 0.6 else parts)
        for part in parts:
            inner = before.read(part)
            if part is chosen:
                for _ in range(dice.randint(1, 3)):
                    inner = dice.choice(MUTATIONS)(inner, other, dice)[:MOST]
            after.writestr(zipfile.ZipInfo(part.filename), inner)
    return made.getvalue()


def flip(data: bytes, _: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 3, 20)) if data else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def truncate(data: bytes, _: bytes, dice: random.Random) -> bytes:
    start, end = cut(data, dice)
    return data[:end] if dice.random() < 0.7 else data[start:]


def repeat_slice(data: bytes, _: bytes, dice: random.Random) -> bytes:
    start, end = cut(data, dice)
    times = dice.choice((2, 10, 1000, 20_000))
    return data[:start] + data[start : min(end, start + 2000)] * times + data[end:]


def splice(data: bytes, other: bytes, dice: random.Random) -> bytes:
    start, end = cut(data, dice)
    low, high = cut(other, dice)
    return data[:start] + other[low:high] + data[end:]


def remove_slice(data: bytes, _: bytes, dice: random.Random) -> bytes:
    start, end = cut(data, dice)
    return data[:start] + data[end:]


def blow_up_number(data: bytes, _: bytes, dice: random.Random) -> bytes:
    places = [place for place, sign in enumerate(data[:200_000]) if 48 <= sign <= 57]
    if not places:
        return data
    place = dice.choice(places)
    number = dice.choice((b"0", b"-1", b"2147483648", b"9" * 20, b"9" * 5000, b"1e999", b"NaN"))
    return data[:place] + number + data[place + 1 :]


def repeat_token(data: bytes, _: bytes, dice: random.Random) -> bytes:
    token = dice.choice(TOKENS).encode()
    if dice.random() < 0.4:
        start, end = cut(data, dice)
        token = data[start : min(end, start + dice.randint(1, 12))] or token
    place = dice.randint(0, len(data))
    times = dice.choice((10, 1000, 30_000, 200_000))
    return data[:place] + token * times + data[place:]


def double(data: bytes, _: bytes, dice: random.Random) -> bytes:
    return data * dice.choice((2, 5, 200))


def noise(data: bytes, _: bytes, dice: random.Random) -> bytes:
    place = dice.randint(0, len(data))
    return data[:place] + dice.randbytes(dice.choice((1, 30, 3000))) + data[place:]


def nest(data: bytes, _: bytes, dice: random.Random) -> bytes:
    """An element or a value within itself, many times."""
    parts = [*PARTS.finditer(data[:200_000])]
    if not parts:
        return data
    part = dice.choice(parts)
    times = dice.choice((2, 100, 5000, 50_000))
    head, tail = (
        (part[0], b"</%b>" % part[1]) if part[1] else (part[0], CLOSED.get(part[0], part[0]))
    )
    inside = data[part.end() : part.end() + 60]
    return data[: part.start()] + head * times + inside + tail * times + data[part.end() :]


def move(data: bytes, _: bytes, dice: random.Random) -> bytes:
    """Two lines, elements, values or records in each other's place."""
    mark = dice.choice((b"\n", b"<", b",", b"{", b"obj", b"--b"))
    parts = data.split(mark, 2000)
    one, other = dice.randrange(len(parts)), dice.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return mark.join(parts)


def rename(data: bytes, _: bytes, dice: random.Random) -> bytes:
    """One name of the format in the place of another, everywhere."""
    names = sorted({found[0] for found in NAMES.finditer(data[:200_000])})
    return data.replace(dice.choice(names), dice.choice(names))[:MOST] if names else data


MUTATIONS = (
    flip, truncate, repeat_slice, splice, remove_slice, blow_up_number, repeat_token, repeat_token,
    double, noise, nest, move, rename,
)  # fmt: skip


def cut(data: bytes, dice: random.Random) -> tuple[int, int]:
    one, other = dice.randint(0, len(data)), dice.randint(0, len(data))
    if dice.random() < 0.5:
        other = min(len(data), one + dice.randint(0, 60))
    return min(one, other), max(one, other)


def take_in(files: list[Path], report: Path) -> None:
    """Read, split and sign what files hold; write down what became of each, in their order."""
    from ingest.sources import Failure, Intake
    from ingest.split import split
    from qa.language.similarity import sign

    outcomes: list[dict[str, object]] = [
        {"articles": 0, "failures": 0, "traceback": "", "stopped": "", "clock": 0.0} for _ in files
    ]
    intake = Intake(files)
    began, number = time.monotonic(), 0
    try:
        for item in intake:
            now = time.monotonic()
            number = min(intake.sources_read, len(files) - 1)
            outcome = outcomes[number]
            outcome["clock"] += now - began
            began = now
            if isinstance(item, Failure):
                outcome["failures"] += 1
                if "its reader failed" in item.reason:
                    outcome["traceback"] = item.reason
                if "QA_PARSE_" in item.reason:
                    outcome["stopped"] = item.reason
            else:
                split(item.article)
                sign(item.article.title, item.article.text)
                outcome["articles"] += 1
    except Exception as error:
        outcomes[number]["traceback"] = f"{type(error).__name__}: {error}"
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    report.write_text(json.dumps({"outcomes": outcomes, "mb": children.ru_maxrss // 1024}))


def run_trials(files: list[Path], report: Path) -> list[dict[str, object]]:
    """Take files in by one process of their own; the outcome of each, none if it did not end.

    The seconds are those of the CPU, the MB the most that one process took.
    """
    report.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_CPU, (HUNG * len(files), HUNG * len(files)))
            take_in(files, report)
        finally:
            os._exit(0)
    began, ended = time.monotonic(), 0
    while not ended:
        ended, status, used = os.wait4(pid, os.WNOHANG)
        if not ended and time.monotonic() - began > WAITED:
            os.killpg(pid, signal.SIGKILL)
            ended, status, used = os.wait4(pid, 0)
        if not ended:
            time.sleep(0.002)
    ended_by_limit = os.WIFSIGNALED(status) and os.WTERMSIG(status) in ENDED
    taken = {
        "seconds": round(used.ru_utime + used.ru_stime, 2),
        "mb": used.ru_maxrss // 1024,
        "hung": ended_by_limit,
    }
    if not report.exists():
        return [{**taken, "died": not ended_by_limit} for _ in files]
    told = json.loads(report.read_text())
    taken["mb"] = max(taken["mb"], told["mb"])
    return [{**outcome, **taken} for outcome in told["outcomes"]]


def looks_wrong(outcome: dict[str, object]) -> bool:
    """Whether a trial of a batch is worth a process of its own."""
    return (
        "articles" not in outcome
        or bool(outcome["traceback"] or outcome["stopped"])
        or outcome["clock"] > SLOW
        or outcome["mb"] > LARGE
    )


def kinds_of(outcome: dict[str, object], share: float) -> list[str]:
    """What is wrong with a trial that had a process of its own."""
    entries = outcome.get("articles", 0) + outcome.get("failures", 0)
    wrong = {**outcome, "large": outcome["mb"] > LARGE}
    wrong["slow"] = outcome["seconds"] > SLOW + entries * share
    return [kind for kind in KINDS if wrong.get(kind)]


def main() -> None:
    folder, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    seed, chosen = int(sys.argv[4]), sys.argv[5:]
    folder.mkdir(parents=True, exist_ok=True)
    import_parsers()
    sources: dict[str, list[bytes]] = {}
    for suffix, data in seeds():
        sources.setdefault(suffix, []).append(data)
    name = "-".join([*map(str, (seed, first, last)), *(suffix[1:] for suffix in chosen)])
    report, kept = folder / f"report-{name}.json", folder / f"counts-{name}.json"
    counts: dict[str, Counter[str]] = {}
    start = first
    if kept.exists():
        start, rows = json.loads(kept.read_text())
        counts = {suffix: Counter(row) for suffix, row in rows.items()}
    for begin in range(start, last, BATCH):
        numbers = range(begin, min(begin + BATCH, last))
        trials = [make_trial(folder, sources, f"{seed}-{number}", chosen) for number in numbers]
        count(trials, report, counts)
        written = kept.with_suffix(".new")
        written.write_text(json.dumps([numbers.stop, counts]))
        written.replace(kept)
    print_table(counts)


def count(trials: list[tuple[Path, str]], report: Path, counts: dict[str, Counter[str]]) -> None:
    """Take in a batch, tell what is wrong, and remove what is not."""
    outcomes = run_trials([file for file, _ in trials], report)
    for (file, suffix), outcome in zip(trials, outcomes, strict=True):
        kinds: list[str] = []
        if looks_wrong(outcome):
            (outcome,) = run_trials([file], report)
            kinds = kinds_of(outcome, PAGE if ".warc" in suffix else ENTRY)
        row = counts.setdefault(suffix, Counter())
        row.update(["trials", *kinds])
        row["articles"] += outcome.get("articles", 0)
        row["failures"] += outcome.get("failures", 0)
        if kinds:
            size = file.stat().st_size
            told = {"trial": file.name, "bytes": size, "kinds": kinds, **outcome}
            print(json.dumps(told), flush=True)
        else:
            file.unlink()


def make_trial(
    folder: Path, sources: dict[str, list[bytes]], name: str, chosen: list[str]
) -> tuple[Path, str]:
    """The file of a trial, and its format, one of those chosen if there are any."""
    dice = random.Random(name)
    # By format first: most of the sources are pages.
    suffix, other = dice.choices(list(sources), [weight(each) for each in sources], k=2)
    suffix = dice.choice(chosen) if chosen else suffix
    file = folder / f"trial-{name}{suffix}"
    file.write_bytes(mutated(dice.choice(sources[suffix]), dice.choice(sources[other]), dice))
    return file, suffix


def print_table(counts: dict[str, Counter[str]]) -> None:
    columns = ("trials", "articles", "failures", *KINDS)
    print(f"{'format':14}", *(f"{column:>10}" for column in columns))
    for suffix, row in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        print(f"{suffix:14}", *(f"{row[column]:10,}" for column in columns))


def import_parsers() -> None:
    """Once, before the forks: a trial costs milliseconds and not the imports."""
    import chardet  # noqa: F401
    import dateparser  # noqa: F401
    import docx  # noqa: F401
    import feedparser  # noqa: F401
    import lxml.html  # noqa: F401
    import py3langid  # noqa: F401
    import pypdfium2  # noqa: F401
    import rensa  # noqa: F401
    import sentencex  # noqa: F401
    import striprtf.striprtf  # noqa: F401
    import trafilatura  # noqa: F401
    import warcio.archiveiterator  # noqa: F401

    import ingest.sources
    import ingest.split  # noqa: F401
    import qa.language.similarity  # noqa: F401

    # Their own loading, of languages above all, is not what a trial measures.
    from ingest.loaders import LOADERS, Source
    from ingest.parsing.dates import parse_day
    from ingest.parsing.language import language_of

    parse_day("13 qqq 2024")
    language_of("Der Ausschuss sagte am Montag, er werde den Bericht vorlegen. " * 9)
    for suffix, data in SAMPLES.items():
        with suppress(SourceError):  # lists hold no article
            list(LOADERS[suffix](Source.from_bytes(f"story{suffix}", data)))


if __name__ == "__main__":
    main()
