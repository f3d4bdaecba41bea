"""The processes that parse: what they are given, how they end, and what they may send back."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest import ingest
from ingest.loaders import LOADERS
from ingest.parsing.source import Entry
from ingest.sandbox.messages import Job, MessageError, loaded_of, message_of
from ingest.sandbox.parse import messages
from ingest.sources import Failure, Intake, Loaded
from qa.build import ParseLimits
from qa.records.article import Article

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

PATIENT = ParseLimits(memory=1024, seconds=120)
SLEEP = "import time\ndef load(source):\n    time.sleep(600)\n    yield"
BUSY = """
def load(source):
    held = bytearray(b"x") * 300_000_000
    while held:
        pass
    yield
"""


def children(parent=None):
    """The parsing processes that ``parent`` (default: this one) started and that are still there,
    the dead among them whose end was not asked for included. Other tests start others."""
    pids = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        is_parser = b"ingest.sandbox.child" in command or (fields[0] == "Z" and not command)
        if int(fields[1]) == (parent or os.getpid()) and is_parser:
            pids.append(int(folder.name))
    return pids


def wait_for(condition):
    """Until it holds, at most for two minutes."""
    patience = time.monotonic() + 120
    while not (value := condition()):
        assert time.monotonic() < patience
        time.sleep(0.05)
    return value


def is_gone(pid):
    return not Path(f"/proc/{pid}").exists()


@pytest.fixture(autouse=True)
def _no_child_is_left():
    before = set(children())
    yield
    assert set(children()) == before


@pytest.fixture
def files(tmp_path):
    """A file that ``odd_loader`` reads, between two that need no care."""
    for name in ("a.txt", "b.odd", "c.txt"):
        (tmp_path / "files" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "files" / name).write_text(name)
    return tmp_path / "files"


def outcome(results):
    return [
        result.article.text if isinstance(result, Loaded) else result.reason for result in results
    ]


# Crashes


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def load(source):\n    import os, signal\n    os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("def load(source):\n    import os, signal\n    os.kill(os.getpid(), 9)", "SIGKILL"),
        ("def load(source):\n    import sys\n    sys.exit(3)", "exit status 3"),
        ("def load(source):\n    raise KeyboardInterrupt", "crashed"),
        ("def load(source):\n    raise MemoryError", "QA_PARSE_MEMORY, 1,024 MB"),
        ("def load(source):\n    return [bytes(2**30)]", "QA_PARSE_MEMORY, 1,024 MB"),
        ("def load(source):\n    raise KeyError('x')", "its reader failed (KeyError"),
        ("def load(source):\n    return load(source)", "its reader failed (RecursionError"),
        ("def load(source):\n    import os\n    os.closerange(3, 99)\n    yield", "crashed"),
    ],
)
def test_parser_that_breaks_in_any_way_is_one_failure(odd_loader, files, code, said):
    odd_loader(code)
    first, reason, last = outcome(Intake([files], limits=PATIENT))
    assert (first, last) == ("a.txt", "c.txt")
    assert said in reason


def test_crash_among_many_small_files_is_that_of_the_file_at_fault(odd_loader, tmp_path):
    odd_loader("def load(source):\n    import os\n    os.kill(os.getpid(), 11)")
    for number in range(60):
        suffix = "odd" if number % 20 == 7 else "txt"
        (tmp_path / f"{number:02}.{suffix}").write_text(f"Text {number}.")
    results = list(Intake([tmp_path], limits=PATIENT))
    expected = [f"{number:02}" for number in range(60)]
    assert [Path(result.origin).stem for result in results] == expected
    faults = [place for place, result in enumerate(results) if isinstance(result, Failure)]
    assert faults == [7, 27, 47]


def test_worker_that_is_killed_costs_at_most_the_entry_at_hand(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(json.dumps({"text": f"{number}"}) for number in range(20_000)))
    results = []
    for result in Intake([path], limits=PATIENT):
        if not results:
            (pid,) = children()
            os.kill(pid, signal.SIGKILL)
        results.append(result)
    (failure,) = [result for result in results if isinstance(result, Failure)]
    assert failure.origin.startswith(str(path))
    assert "SIGKILL" in failure.reason
    numbers = [int(result.article.text) for result in results if isinstance(result, Loaded)]
    assert len(numbers) >= 19_999
    assert numbers == sorted(set(numbers))


def test_worker_that_dies_between_two_files_is_no_failure(files):
    intake = iter(Intake([files / "a.txt", files / "c.txt"], limits=PATIENT))
    results = [next(intake)]
    (pid,) = children()
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: ") Z" in Path(f"/proc/{pid}/stat").read_text())
    results += intake
    # The first may count as crashed, since its end was still to be told.
    assert outcome(results)[0] == "a.txt"
    assert outcome(results)[-1] == "c.txt"


def test_file_whose_worker_waits_for_the_processor_is_not_given_up(odd_loader, files, monkeypatch):
    odd_loader(
        "import time\n"
        "from ingest.parsing.article import make_article\n"
        "from ingest.parsing.source import Entry\n"
        "def load(source):\n"
        "    busy = time.process_time() + 1.5\n"
        "    while time.process_time() < busy:\n"
        "        pass\n"
        "    yield Entry(make_article(source, 'Late.'))\n"
    )
    # What it takes of the processor seems next to nothing, as where others take it all.
    monkeypatch.setattr("ingest.sandbox.worker._TICKS", 1e9)
    assert "Late." in outcome(Intake([files], limits=ParseLimits(memory=1024, seconds=0.25)))


def test_file_of_many_slow_entries_is_given_up(odd_loader, files):
    odd_loader(
        "import time\n"
        "from ingest.parsing.article import make_article\n"
        "from ingest.parsing.source import Entry\n"
        "def load(source):\n"
        "    for number in range(10_000):\n"
        "        busy = time.process_time() + 1\n"
        "        while time.process_time() < busy:\n"
        "            pass\n"
        "        yield Entry(make_article(source, 'Slow.'), str(number))\n"
    )
    limits = ParseLimits(memory=1024, seconds=5)
    results = outcome(Intake([files], limits=limits))
    # Each takes less of the processor than the limit; together they do not.
    assert 0 < results.count("Slow.") < 6
    assert "QA_PARSE_SECONDS" in results[-2]
    assert "what comes after it is unread" in results[-2]


# Confinement


def test_worker_knows_no_keys_and_no_tokens(tmp_path, monkeypatch):
    for name in ("QA_TOKEN", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "QA_CHAT"):
        monkeypatch.setenv(name, "very-secret")
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n' * 5_000)
    results = iter(Intake([tmp_path / "a.jsonl"], limits=PATIENT))
    next(results)
    (pid,) = children()
    told = Path(f"/proc/{pid}/environ").read_bytes()
    descriptors = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
    results.close()
    assert b"PYTHONPATH" in told
    assert b"very-secret" not in told
    assert [name for name in descriptors if str(tmp_path) in name or "socket" in name] == []


@pytest.mark.parametrize(
    "attempt",
    ["import socket; socket.socket()", "import subprocess; subprocess.run(['true'])"],
)
def test_worker_reaches_no_network_and_starts_no_program(odd_loader, files, attempt):
    odd_loader(f"def load(source):\n    {attempt}\n    yield")
    _, reason, _ = outcome(Intake([files], limits=PATIENT))
    assert "Operation not permitted" in reason


def test_what_parsers_print_and_read_does_not_disturb(odd_loader, files):
    odd_loader(
        "from ingest.parsing.article import make_article\n"
        "from ingest.parsing.source import Entry\n"
        "def load(source):\n"
        "    import os, sys\n"
        "    print('x' * 99999, flush=True)\n"
        "    print('y' * 99999, file=sys.stderr, flush=True)\n"
        "    os.write(1, b'z' * 99999)\n"
        "    text = sys.stdin.read() + source.read().decode()\n"
        "    yield Entry(make_article(source, text))\n"
    )
    assert outcome(Intake([files], limits=PATIENT)) == ["a.txt", "b.odd", "c.txt"]


def test_module_that_lies_in_the_folder_at_hand_is_not_imported(tmp_path, monkeypatch):
    for name in ("json.py", "trafilatura.py", "ingest/__init__.py", "sitecustomize.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("open('was-here', 'w')")
    (tmp_path / "a.html").write_text("<p>It rained.</p>")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert outcome(Intake(["a.html"], limits=PATIENT)) == ["It rained."]
    assert not Path("was-here").exists()


# Stop


class Stopped(Exception):
    pass


def stop_at_third_call():
    calls = []

    def on_wait():
        calls.append(1)
        if len(calls) == 3:
            raise Stopped

    return on_wait


def test_iteration_is_stopped_in_the_middle_of_a_file(odd_loader, files):
    odd_loader(SLEEP)
    results = []
    with pytest.raises(Stopped):
        results.extend(Intake([files], limits=PATIENT, on_wait=stop_at_third_call()))
    assert children() == []


def test_ingest_is_stopped_in_the_middle_of_a_file_and_the_next_one_finishes(
    odd_loader, files, library_folder, monkeypatch
):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    odd_loader(SLEEP)
    told = []

    def on_progress(progress):
        told.append(progress)
        if len(told) == 4:
            raise Stopped

    with pytest.raises(Stopped):
        ingest([files / "b.odd", files / "a.txt"], library=library_folder, on_progress=on_progress)
    assert children() == []
    odd_loader("from ingest.loaders import load_text as load")
    report = ingest([files], library=library_folder)
    assert (report.added, report.failed) == (3, ())


def test_iteration_that_is_abandoned_ends_the_worker(files):
    results = iter(Intake([files / "a.txt", files / "c.txt"], limits=PATIENT))
    next(results)
    assert len(children()) == 1
    del results
    assert children() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_worker_that_is_busy_ends_with_its_parent(tmp_path, python, number):
    (tmp_path / "a.odd").write_text("a")
    program = (
        f"{BUSY}\nimport ingest.loaders\ningest.loaders.LOADERS['.odd'] = load\n"
        "from ingest.sandbox.child import main\nmain()"
    )
    code = (
        # Whoever runs the tests in the background ignores it.
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys\nimport ingest.sandbox.worker\nfrom ingest.loaders import LOADERS\n"
        "from ingest.sources import Intake\nfrom qa.build import ParseLimits\n"
        "LOADERS['.odd'] = LOADERS['.txt']\n"
        f"ingest.sandbox.worker._COMMAND = (sys.executable, '-P', '-c', {program!r})\n"
        "list(Intake(sys.argv[1:], limits=ParseLimits(8192, 600)))"
    )
    parent = python(code, tmp_path / "a.odd")
    (pid,) = wait_for(lambda: children(parent.pid))
    # It works, and what it holds takes memory.
    wait_for(lambda: int(Path(f"/proc/{pid}/statm").read_text().split()[1]) > 50_000)
    os.kill(parent.pid, number)
    parent.wait(120)
    wait_for(lambda: is_gone(pid))


def test_ingests_in_several_threads_have_workers_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(f"It rained {number} times in Port Selby.")

    def run(number):
        return ingest([tmp_path / f"{number}.txt"], library=tmp_path / f"library{number}")

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(run, range(4)))
    assert [(report.added, report.failed) for report in reports] == [(1, ())] * 4


# Messages


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"oops",
        b"[" * 99_999,
        b'{"kind": 3}',
        b'{"kind": "unheard-of"}',
        b'{"kind": "article", "place": "", "article": {"id": "x", "title": "", "text": 5}}',
        b'{"kind": "article", "place": "", "article": {"id": "x", "title": "", "text": "x",'
        b' "published": "yesterday"}}',
        b'{"kind": "failure", "place": 7, "reason": ""}',
        b'{"kind": "read", "offset": -1, "size": 9}',
        b'{"kind": "read", "offset": 0, "size": 1e99}',
        None,
    ],
)
def test_worker_that_was_taken_over_is_one_failure(odd_loader, files, sent):
    frame = b"\xff\xff\xff\xff" if sent is None else len(sent).to_bytes(4, "big") + sent
    odd_loader(
        "import os, stat\n"
        "def load(source):\n"
        "    for name in os.listdir('/proc/self/fd'):\n"
        "        try:\n"
        "            if stat.S_ISFIFO(os.fstat(int(name)).st_mode):\n"
        f"                os.write(int(name), {frame!r})\n"
        "        except OSError:\n"
        "            pass\n"
        "    yield\n"
    )
    first, reason, last = outcome(Intake([files], limits=PATIENT))
    assert (first, last) == ("a.txt", "c.txt")
    assert "made to harm" in reason


def test_article_from_a_worker_is_cleaned_again():
    fields = {"id": "x", "title": "a\nb", "text": "x\0", "url": "javascript:alert(1)"}
    message = {"kind": "article", "place": ":1", "alone": False, "article": fields}
    loaded = loaded_of(message_of(json.dumps(message).encode()), "/news.jsonl")
    assert loaded.origin == "/news.jsonl:1"
    assert (loaded.article.title, loaded.article.text, loaded.article.url) == ("a b", "x", None)


def test_deep_message_is_no_message():
    with pytest.raises(MessageError):
        message_of(b'{"kind": ' + b"[" * 200_000)


@pytest.mark.parametrize(
    "article",
    [
        Article.create("It rained."),
        Article.create(
            "Ö\u2028\x01 🎉", title="Ö", url="https://www.a.example/x y?q=1#z", author="Å"
        ),
        Article.create("x", id="given", source="www.Gazette", language="de"),
    ],
)
def test_article_comes_over_as_it_was(article, monkeypatch):
    monkeypatch.setitem(LOADERS, ".odd", lambda source: iter([Entry(article, "7")]))
    *_, message = messages(Job("a.odd", ".odd"), None)
    assert loaded_of(message_of(json.dumps(message).encode()), "a") == Loaded(
        article, "a:7", alone=False
    )


def test_interrupt_is_no_failure(monkeypatch):
    def load(source):
        raise KeyboardInterrupt

    monkeypatch.setitem(LOADERS, ".odd", load)
    with pytest.raises(KeyboardInterrupt):
        list(messages(Job("a.odd", ".odd"), None))


def test_starting_a_worker_imports_nothing_heavy():
    heavy = ["chromadb", "gradio", "numpy", "onnxruntime", "pydantic", "trafilatura"]
    code = f"import sys, ingest.sandbox.child; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
