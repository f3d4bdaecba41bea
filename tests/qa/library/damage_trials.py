"""Damage the files of a small library at random, and try every command on what is left.

Run as a program: ``python damage_trials.py FOLDER TRIALS SEED``. Forks from one warm process.
Prints a line of JSON for each trial: what was damaged, how each command ended, and what is wrong:
a crash, a traceback, more than a line of complaint, or a citation that the articles as they were
taken in do not bear out.
"""

import io
import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import chromadb  # noqa: F401  - imported before the forks, used by none
import sentencex  # noqa: F401

from ingest import ingest
from qa.language.cleaning import one_line
from qa.records.answer import Answer
from qa.records.article import Article
from ui.cli.app import main as article_qa

os.environ["QA_EMBEDDER"] = "hashing"
os.environ["QA_READER"] = "sentence"

_PAGE = 4096
# Tried on each damaged library.
_COMMANDS = 5
_TOWNS = ("Kessel", "Orlen", "Tarrow", "Linden", "Brasso", "Veyra", "Harmon", "Quill")


def articles(state: int) -> list[dict[str, str]]:
    """Eight articles; in the second state two of them were corrected."""
    made = []
    for number, town in enumerate(_TOWNS):
        share = 13 + number + (20 if state and number < 2 else 0)
        made.append(
            {
                "id": f"a{number}",
                "title": f"{town} council on its harbour",
                "text": f"The council of {town} said that {share}% of its ferries were late. "
                f"The harbour of {town} was built in {1830 + number} by the engineer Ada Brock. "
                + f"Growers near {town} expect a small harvest after the frost in April. "
                * 12,
                "source": f"{town} Gazette",
                "published": f"2024-05-{10 + number}",
                "url": f"https://{town.lower()}.example/news",
                "language": "en",
            }
        )
    return made


def main() -> None:
    folder, trials, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    sources = [folder / "first.jsonl", folder / "second.jsonl"]
    for state, source in enumerate(sources):
        source.write_text("".join(json.dumps(each) + "\n" for each in articles(state)))
    start, library = folder / "start", folder / "library"
    for source in sources:
        _forked(lambda source=source: ingest([source], library=start))
    dice = random.Random(seed)
    for number in range(trials):
        shutil.rmtree(library, ignore_errors=True)
        shutil.copytree(start, library)
        what = damage(library, dice)
        ran, wrong = {}, []
        for name, arguments in _commands(sources[1], dice):
            log = folder / "log.json"
            log.unlink(missing_ok=True)
            status = _forked(lambda arguments=arguments, log=log: _run(arguments, library, log))
            ran[name] = "crashed" if status else json.loads(log.read_text())["status"]
            if status:
                wrong.append(f"{name}: ended with status {status}")
            else:
                wrong += [f"{name}: {fault}" for fault in _faults(json.loads(log.read_text()))]
        print(
            json.dumps({"trial": number, "damage": what, "ran": ran, "problems": wrong}), flush=True
        )


def damage(library: Path, dice: random.Random) -> str:
    """Change one file or two of the library; returns what was done."""
    files = [path for path in sorted(library.rglob("*")) if path.is_file()]
    database = library / "library.db"
    done = []
    for _ in range(dice.choice((1, 1, 2))):
        # Most of what can go wrong is in the database.
        path = dice.choice([database, dice.choice(files)])
        if not path.is_file():
            continue
        data = bytearray(path.read_bytes())
        kind = dice.choice(("flip", "flip", "flip", "page", "truncate", "empty", "other"))
        if kind == "flip" and data:
            for _ in range(dice.randint(1, 40)):
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        elif kind == "page" and data:
            first = dice.randrange(0, len(data), _PAGE)
            size = len(data[first : first + _PAGE])
            data[first : first + size] = dice.choice((bytes(size), dice.randbytes(size)))
        elif kind == "truncate" and data:
            del data[dice.randrange(len(data)) :]
        elif kind == "empty":
            data.clear()
        else:
            data[:] = dice.randbytes(3000)
        path.write_bytes(data)
        done.append(f"{kind} {path.relative_to(library)}")
    return ", ".join(done)


def _commands(source: Path, dice: random.Random) -> list[tuple[str, list[str]]]:
    town = dice.choice(_TOWNS)
    late = ["ask", f"What share of the ferries of {town} were late?", "--json"]
    built = ["ask", f"Who built the harbour of {dice.choice(_TOWNS)}?", "--json"]
    every = [
        ("ask", late),
        ("ask in a scope", [*built, "--source", f"{town} Gazette"]),
        ("list", ["list"]),
        ("list --copies", ["list", "--copies"]),
        ("show", ["show", f"a{dice.randrange(8)}"]),
        ("doctor", ["doctor"]),
        ("ingest", ["ingest", str(source)]),
        ("ask after ingest", late),
        ("repair", ["doctor", "--repair"]),
        ("ask after repair", built),
        ("remove", ["remove", f"a{dice.randrange(8)}"]),
        ("rebuild", ["rebuild"]),
        ("ask after rebuild", late),
    ]
    # Some of them in this order: all would take a minute.
    return [every[place] for place in sorted(dice.sample(range(len(every)), _COMMANDS))]


def _run(arguments: list[str], library: Path, log: Path) -> None:
    sys.argv = ["article-qa", *arguments, "--library", str(library)]
    out, err = io.StringIO(), io.StringIO()
    status: object = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            article_qa()
        except SystemExit as stop:
            status = stop.code or 0
        except BaseException as error:
            status = f"{type(error).__name__}: {error}"
    log.write_text(
        json.dumps(
            {"status": status, "out": out.getvalue(), "err": err.getvalue(), "given": arguments}
        )
    )


def _faults(log: dict) -> list[str]:
    status, complaint = log["status"], log["err"].strip().splitlines()
    if not isinstance(status, int):
        return [f"it raised {status}"]
    if any("Traceback" in line for line in complaint):
        return ["it printed a traceback"]
    if status and log["given"][0] not in ("doctor", "ingest") and len(complaint) != 1:
        return [f"it complained in {len(complaint)} lines: {complaint}"]
    if "internal" in log["err"] or "(--debug shows where)" in log["err"]:
        return [f"it did not expect: {complaint}"]
    if log["given"][0] == "ask" and status == 0:
        return [*_wrong_citations(Answer.from_json(log["out"]))]
    return []


def _wrong_citations(answer: Answer) -> list[str]:
    # Each article as it was taken in, in either state, by what a citation says of it.
    whole = {
        (made.id, made.title, made.url, made.source, made.published): (made, other)
        for made, other in zip(_made(1), _made(0), strict=True)
    }
    wrong = []
    for citation in answer.citations:
        about = (citation.article_id, citation.title, citation.url, citation.source,
                 citation.published)  # fmt: skip
        texts = [each.text for each in whole.get(about, ())]
        if not any(text[citation.start : citation.end] == citation.quote for text in texts):
            wrong.append(f"a wrong citation: {citation}")
    everything = " ".join(one_line(each.text) for state in (0, 1) for each in _made(state))
    for statement in answer.statements:
        if one_line(statement.text) not in everything:
            wrong.append(f"a wrong statement: {statement.text!r}")
    return wrong


def _made(state: int) -> list[Article]:
    from datetime import date

    return [
        Article.create(**{**each, "published": date.fromisoformat(each["published"])})
        for each in articles(state)
    ]


def _forked(work: Callable[[], object]) -> int:
    """Run in a child process; its raw status, 0 when it ended by itself."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitpid(pid, 0)[1]


if __name__ == "__main__":
    main()
