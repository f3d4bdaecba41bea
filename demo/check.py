"""Check the demo collection: is gold.jsonl well-formed, and do its answers occur in the articles it names? And
do dialogues.jsonl and multi.jsonl name articles that exist, and answers that stand there?

    .venv/bin/python demo/check.py        prints what is wrong; exit status 1 if anything is

It reads the raw text of the files (markup removed, nothing else), not through the project's loaders, so
that it judges the collection and not the code. PDF and DOCX need pypdfium2 and python-docx, which the
project has anyway.
"""

import html
import json
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date
from pathlib import Path

import docx
import pypdfium2

HERE = Path(__file__).parent
ARTICLES = HERE / "articles"
KINDS = {"entity", "number", "date", "phrase", "list", "unanswerable"}
KEYS = {"id", "question", "answers", "articles", "as_of", "kind"}
RSS_BODY = "{http://purl.org/rss/1.0/modules/content/}encoded"


def plain(markup: str) -> str:
    """Text of an HTML string: scripts, styles and tags removed, entities decoded."""
    markup = re.sub(r"<(script|style)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", markup))


def fold(text: str) -> str:
    """Lower case, single spaces, straight quotes."""
    text = text.translate(str.maketrans("“”„’‘", '"""\'\''))
    return " ".join(text.lower().split())


def articles() -> dict[str, str]:
    """Every article of the collection: canonical URL (else path under articles/) → raw text."""
    found: dict[str, str] = {}

    def add(key: str, text: str) -> None:
        if key in found:
            raise SystemExit(f"two articles are called {key}")
        found[key] = fold(text)

    for path in sorted(p for p in ARTICLES.rglob("*") if p.is_file()):
        name = path.relative_to(ARTICLES).as_posix()
        match path.suffix:
            case ".html":
                source = path.read_text("utf-8")
                canonical = re.search(r'rel="canonical" href="([^"]+)"', source)
                add(canonical[1] if canonical else name, plain(source))
            case ".md":
                source = path.read_text("utf-8")
                url = re.search(r'^url: "?([^\s"]+)', source, re.MULTILINE)
                add(url[1] if url else name, source)
            case ".txt":
                add(name, path.read_text("utf-8"))
            case ".jsonl":
                for line in path.read_text("utf-8").splitlines():
                    row = json.loads(line)
                    add(row["url"], " ".join(str(value) for value in row.values()))
            case ".xml":
                for item in ET.parse(path).iter("item"):
                    add(item.findtext("link", ""), plain(item.findtext(RSS_BODY, "")))
            case ".pdf":
                pages = pypdfium2.PdfDocument(path)
                add(name, " ".join(page.get_textpage().get_text_range() for page in pages))
            case ".docx":
                add(name, " ".join(p.text for p in docx.Document(str(path)).paragraphs))
            case other:
                raise SystemExit(f"{name}: no rule for {other}")
    return found


def problems(texts: dict[str, str]) -> list[str]:
    out: list[str] = []
    rows = []
    for number, line in enumerate((HERE / "gold.jsonl").read_text("utf-8").splitlines(), 1):
        try:
            rows.append(json.loads(line))
        except ValueError as error:
            out.append(f"line {number}: {error}")
    if len(rows) != 60:
        out.append(f"{len(rows)} questions, not 60")
    out += [
        f"id {key} is used {n} times"
        for key, n in Counter(r.get("id") for r in rows).items()
        if n > 1
    ]
    empty = sum(not r.get("answers") for r in rows)
    if empty != 12:
        out.append(f"{empty} unanswerable questions, not 12")
    for row in rows:
        name = row.get("id")
        if extra := set(row) - KEYS:
            out.append(f"{name}: unknown keys {sorted(extra)}")
        if missing := {"id", "question", "answers", "articles", "kind"} - set(row):
            out.append(f"{name}: missing keys {sorted(missing)}")
            continue
        if row["kind"] not in KINDS:
            out.append(f"{name}: unknown kind {row['kind']}")
        if (row["kind"] == "unanswerable") != (not row["answers"]):
            out.append(f"{name}: kind and answers disagree")
        if not row["question"].endswith("?"):
            out.append(f"{name}: the question does not end in a question mark")
        if "as_of" in row:
            date.fromisoformat(row["as_of"])
        out += [f"{name}: no article {key}" for key in row["articles"] if key not in texts]
        if row["answers"]:
            named = [texts[key] for key in row["articles"] if key in texts]
            first = fold(row["answers"][0])
            if not any(first in text for text in named):
                out.append(f"{name}: {row['answers'][0]!r} is in none of its articles")
            for key, text in zip(row["articles"], named, strict=False):
                if not any(fold(answer) in text for answer in row["answers"]):
                    out.append(f"{name}: none of the answers is in {key}")
    return out


def rows_of(name: str) -> list[dict]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def problems_of_dialogues(texts: dict[str, str]) -> list[str]:
    out: list[str] = []
    dialogues = rows_of("dialogues.jsonl")
    if (len(dialogues), sum(row["tuning"] for row in dialogues)) != (60, 20):
        out.append("not 60 dialogues, 20 of them for tuning")
    for row in dialogues:
        if not 2 <= len(row["turns"]) <= 3:
            out.append(f"{row['id']}: {len(row['turns'])} turns")
        for turn in row["turns"]:
            named = [texts.get(key, "") for key in turn["articles"]]
            if not all(named):
                out.append(f"{row['id']}: an article of {turn['question']!r} does not exist")
            if not any(fold(answer) in text for answer in turn["answers"] for text in named):
                out.append(f"{row['id']}: no article holds an answer to {turn['question']!r}")
    return out


def problems_of_multi(texts: dict[str, str]) -> list[str]:
    out: list[str] = []
    rows = rows_of("multi.jsonl")
    if Counter(row["kind"] for row in rows) != {"multi": 25, "multi-tuning": 15}:
        out.append("not 40 questions of several articles, 15 of them for tuning")
    for row in rows:
        named = [texts.get(key, "") for key in row["articles"]]
        if len(named) < 2 or not all(named):
            out.append(f"{row['id']}: needs two articles that exist")
        # What is worked out (a difference, "No") stands nowhere; parts do.
        lists = [answer.split(";") for answer in row["answers"] if ";" in answer]
        if lists and not any(
            all(any(fold(part) in text for text in named) for part in parts) for parts in lists
        ):
            out.append(f"{row['id']}: none of its answers is in its articles")
    return out


if __name__ == "__main__":
    texts = articles()
    found = [*problems(texts), *problems_of_dialogues(texts), *problems_of_multi(texts)]
    print("\n".join(found) or f"{len(texts)} articles, questions and dialogues: nothing wrong")
    sys.exit(bool(found))
