"""The command line: what it prints, where, and with which exit status."""

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from ingest import ingest
from qa.index.vector_index import ChromaIndex
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.records.answer import Answer
from qa.records.article import Article

FERRY = {
    "id": "ferry",
    "title": "Ferry lost",
    "text": "The ferry Maid of Orlen sank off Cape Tarrow. Nine sailors died.",
    "published": "2021-03-04",
    "source": "Gazette",
    "url": "https://gazette.example/ferry",
}
BRIDGE = {"id": "bridge", "text": "Repairs to the Kessel Bridge will cost 12 million euros."}
HOSTILE = {
    "id": "evil",
    "title": "Red \u202etxt \x9b31m",
    "text": "The hacker \x1b[31mHarmon\x1b[0m said \x1b]0;owned\x07 nothing \x9b2J of it.",
    "author": "\x1b[2J",
    "source": "Ev\x1bil",
}
CONTROLS = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u202e"} - {"\n"}
SAILORS = "How many sailors died on the Maid of Orlen?"


@pytest.fixture
def run(article_qa):
    return article_qa


@pytest.fixture
def lines(tmp_path):
    """``lines(*articles)``: a JSONL file that holds them."""

    def write(*articles):
        file = tmp_path / "news.jsonl"
        file.write_text("".join(json.dumps(article) + "\n" for article in articles))
        return file

    return write


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A library folder with two articles, to be copied."""
    folder = tmp_path_factory.mktemp("shelf")
    stdin = io.BytesIO("".join(json.dumps(each) + "\n" for each in (FERRY, BRIDGE)).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_EMBEDDER", "hashing")
        ingest(["-"], library=folder, stdin=stdin)
    return folder


@pytest.fixture
def filled(shelf, library_folder):
    shutil.copytree(shelf, library_folder)


@pytest.fixture
def unprobed(monkeypatch):
    """Without the child process that opens the index first; it takes two seconds."""
    monkeypatch.setattr(ChromaIndex, "check", lambda index: None)


# Ingest


def test_ingest_counts(run, lines):
    ran = run("ingest", lines(FERRY, BRIDGE))
    assert ran.out.splitlines() == [
        "2 articles added, 0 updated, 0 unchanged; 2 passages embedded",
        "files: 1 taken in, 0 unchanged, 0 left out, 0 failed",
    ]
    assert (ran.status, ran.err) == (0, "")


def test_ingest_again_changes_nothing(run, lines):
    run("ingest", lines(FERRY))
    assert run("ingest", lines(FERRY), "--json").json == {
        "added": 0, "updated": 0, "unchanged": 1, "copies": 0, "embedded": 0,
        "files": {"taken_in": 0, "unchanged": 1, "left_out": 0, "failed": 0},
        "failed": [], "left_out": [], "left_out_reasons": {}, "clashes": [], "clash_count": 0,
        "unused": [],
    }  # fmt: skip


def test_columns_that_are_not_used_are_told(run, tmp_path):
    table = tmp_path / "news.csv"
    table.write_text("title,text,views,section\nA,It rained.,1,Local\nB,It snowed.,2,Local\n")
    ran = run("ingest", table)
    assert (ran.status, ran.err) == (0, f"not used: columns 'views', 'section' of {table}\n")
    told = run("ingest", table, "--json").json
    assert told["unused"] == [
        {"origin": str(table), "kind": "columns", "names": ["views", "section"]}
    ]
    first, second = run("ingest", table, "--dry-run", "--json").json["articles"]
    assert "not used: columns 'views', 'section'" in first["warnings"]
    assert not any("not used" in each for each in second["warnings"])


def test_ingest_names_what_it_leaves_out(run, lines, tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    lines(FERRY).rename(folder / "news.jsonl")
    (folder / "film.mp4").write_bytes(b"x")
    ran = run("ingest", folder)
    assert ran.status == 0
    assert f"left out: {folder}/film.mp4: unknown suffix '.mp4'" in ran.err
    assert "1 taken in, 0 unchanged, 1 left out, 0 failed" in ran.out


def test_ingest_of_nothing_that_can_be_read_is_a_failure(run, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "film.mp4").write_bytes(b"x")
    ran = run("ingest", tmp_path / "folder")
    assert ran.status == 3
    assert "nothing was read" in ran.err


def test_ingest_of_a_source_without_a_name_says_so(run):
    ran = run("ingest", "")
    assert ran.status == 3
    assert "failed: '': a source without a name; give a file" in ran.err
    assert "'': a source without a name" in run("ingest", "--enqueue", "").err


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("given", ["", " "])
@pytest.mark.parametrize(
    "command", [("list", "--library"), ("collection", "list", "--library"), ("copy", "x")], ids=str
)
def test_library_of_no_name_is_not_the_one_that_is_set(run, command, given):
    ran = run(*command, given)
    assert ran.status == 2
    assert "names no library" in ran.err


def test_ingest_names_what_it_keeps_apart(run, lines):
    other = {**BRIDGE, "id": "ferry", "title": "Bridge"}
    ran = run("ingest", lines(FERRY, other))
    assert ran.status == 0
    assert "news.jsonl:2: ferry is the id or link of another article too" in ran.err


def test_ingest_tells_what_failed_and_goes_on(run, lines, tmp_path):
    ran = run("ingest", tmp_path / "none.txt", lines(FERRY))
    assert ran.status == 3
    assert ran.out.startswith("1 article")
    assert ran.err.startswith("failed: ")
    assert "none.txt" in ran.err


def test_ingest_tells_what_failed_in_json(run, lines, tmp_path):
    ran = run("ingest", tmp_path / "none.txt", lines(FERRY), "--json")
    assert ran.status == 3
    (failed,) = ran.json["failed"]
    assert failed["origin"].endswith("none.txt")
    assert failed["reason"]


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("content", ["It rained.", " "], ids=["good", "failed"])
def test_file_of_any_name_is_taken_in_or_told(run, tmp_path, content, options):
    folder = tmp_path / "news"
    folder.mkdir()
    with open(os.fsencode(folder) + b"/caf\xe9.txt", "w") as file:  # noqa: PTH123
        file.write(content)
    ran = run("ingest", folder, *options)
    assert ran.status == (0 if content.strip() else 3)
    (ran.out + ran.err).encode()


def test_library_option_names_the_folder(run, lines, tmp_path):
    run("ingest", lines(FERRY), "--library", tmp_path / "other")
    assert (tmp_path / "other" / "library.db").is_file()
    assert not (tmp_path / "library").exists()


def test_busy_library_is_an_error_that_names_the_writer(run, lines, library_folder):
    library = Library.open(library_folder, create=True)
    with open_writer(library):
        ran = run("ingest", lines(FERRY))
    library.close()
    assert ran.status == 1
    assert f"process {os.getpid()} is writing" in ran.err
    assert "--wait" in ran.err


# Ask


@pytest.mark.usefixtures("filled")
def test_ask_answers_with_sources(run):
    ran = run("ask", SAILORS)
    assert ran.out.splitlines() == [
        "Nine sailors died. [1]",
        "",
        "Sources",
        "[1] Gazette, 2021-03-04: Ferry lost",
        "    “Nine sailors died.”",
        "    https://gazette.example/ferry",
    ]
    assert (ran.status, ran.err) == (0, "")


@pytest.mark.usefixtures("filled")
def test_ask_in_json_is_the_answer(run):
    ran = run("ask", SAILORS, "--json")
    answer = Answer.from_json(ran.out)
    assert (answer.short, answer.citations[0].quote) == ("Nine", "Nine sailors died.")


@pytest.mark.usefixtures("filled")
def test_ask_abstains_with_status_zero(run):
    ran = run("ask", "Who painted the ceiling of the Zanthor Palace?")
    assert ran.status == 0
    assert "Nearest passages" in ran.out


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "options",
    [("--since", "2022-01-01"), ("--until", "2020-01-01"), ("--source", "")],
    ids=lambda options: options[0],
)
def test_ask_keeps_to_the_window(run, options):
    assert run("ask", SAILORS, *options, "--json").json["abstained"]


@pytest.mark.usefixtures("filled")
def test_ask_takes_several_sources_and_a_day(run):
    ran = run("ask", SAILORS, "--source", "", "--source", "gazette", "--as-of", "2021-04-01",
              "--json")  # fmt: skip
    assert ran.json["short"] == "Nine"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("command", ["ask", ("question", "add")], ids=str)
def test_outlet_without_an_article_is_named_with_those_there_are(run, command):
    command = (command,) if isinstance(command, str) else command
    ran = run(*command, SAILORS, "--source", "Gazette", "--source", "Times")
    assert ran.status == 1
    assert "no outlet is called 'Times'; there are " in ran.err


@pytest.mark.usefixtures("filled")
def test_ask_shows_the_window_of_the_question(run):
    asked = f"{SAILORS[:-1]} in March 2021?"
    assert "“in March 2021” taken as 2021-03-01 to 2021-03-31" in run("ask", asked).out
    assert "taken as" not in run("ask", asked, "--no-window").out


@pytest.mark.usefixtures("filled")
def test_ask_puts_days_in_front(run):
    assert run("ask", SAILORS, "--timeline").out.startswith("2021-03-04: Nine sailors died. [1]")


# Check


@pytest.mark.usefixtures("filled")
def test_check_of_a_kept_answer(run, lines, tmp_path):
    answer = tmp_path / "answer.json"
    answer.write_text(run("ask", SAILORS, "--json").out)
    ran = run("check", answer)
    assert (ran.status, ran.out.splitlines()[-2:]) == (
        0, ["    still there", "still valid: 1 of 1 citation"],
    )  # fmt: skip
    fixed = {**FERRY, "text": "The ferry sank. Ten sailors died.", "updated": "2021-03-09"}
    assert run("ingest", lines(fixed)).status == 0
    ran = run("check", answer)
    assert ran.status == 1
    assert "no longer in the article, which was corrected on 2021-03-09" in ran.out
    (item,) = run("check", answer, "--json").json
    assert (item["standing"], item["on"]) == ("changed", "2021-03-09")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("content", ["", "{}", "[]", '{"question": 1}', "nonsense"])
def test_check_of_what_is_no_answer_is_a_mistake(run, tmp_path, content):
    file = tmp_path / "answer.json"
    file.write_text(content)
    ran = run("check", file)
    assert (ran.status, ran.out) == (2, "")
    assert "is not an answer" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda answer: [answer], "it is not a JSON object"),
        (lambda answer: 5, "it is not a JSON object"),
        (lambda answer: None, "it is not a JSON object"),
        (lambda answer: {}, "question: this field is missing"),
        (lambda answer: {**answer, "statements": 5}, "statements: 5 is no list"),
        (
            lambda answer: {**answer, "statements": [{"text": "It sank.", "citations": ["x"]}]},
            "statements.0.citations.0: 'x' is no object",
        ),
    ],
    ids=["list", "number", "null", "empty", "no list", "no citation"],
)
def test_check_tells_what_is_wrong_with_a_file(run, tmp_path, change, fault):
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(change(run("ask", SAILORS, "--json").json)))
    ran = run("check", file)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"article-qa: {file} is not an answer: {fault}; save one with")


@pytest.mark.usefixtures("filled")
def test_check_of_a_file_that_is_not_there_says_so(run, tmp_path):
    ran = run("check", tmp_path / "none.json")
    assert (ran.status, ran.out) == (2, "")
    assert "none.json cannot be read: No such file or directory" in ran.err


@pytest.mark.usefixtures("filled")
def test_source_that_was_corrected_says_when(run, lines):
    assert run("ingest", lines({**FERRY, "updated": "2021-03-09"})).status == 0
    assert "Gazette, 2021-03-04 (corrected on 2021-03-09): Ferry lost" in run("ask", SAILORS).out


@pytest.mark.usefixtures("filled")
def test_ask_shows_the_trace(run):
    assert "search by words: 1 passage" in run("ask", SAILORS, "--trace").out


def test_ask_without_a_library_is_an_error_with_the_way_out(run):
    ran = run("ask", SAILORS)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("article-qa: no library in")
    assert "article-qa ingest" in ran.err


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", ""),
        ("ask", SAILORS, "--since", "2022-01-01", "--until", "2021-01-01"),
        ("ask", SAILORS, "--as-of", "yesterday"),
        ("ask",),
        ("nonsense",),
        ("ask", SAILORS, "--nonsense"),
        ("ingest",),
    ],
    ids=range(7),
)
def test_mistaken_use_has_status_two(run, arguments):
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", SAILORS, "--as-of", "13/6/2024"), "'13/6/2024' is no day; write it as in 2024-06"),
        (("ask", SAILORS, "--since", "2024-02-30"), "'2024-02-30' is no day; write it as in"),
        (("ask", SAILORS, "--until", "1.2.2024"), "'1.2.2024' is no day; write it as in"),
        (("chat", "--as-of", "today"), "'today' is no day; write it as in"),
        (("feedback", SAILORS, "right", "--as-of", "13.6."), "'13.6.' is no day; write it as in"),
        (("collection", "put", "A", "--since", "2024"), "'2024' is no day; write it as in"),
        (("gold-draft", "--n", "0"), "0 is too low; at least 1"),
        (("gold-draft", "--n", "-3"), "-3 is too low; at least 1"),
        (("gold-draft", "--n", "some"), "'some' is no whole number"),
        (("compare", "a.json", "b.json", "--alpha", "5"), "5 is too high; at most 1"),
    ],
)
def test_value_that_an_option_does_not_take_is_named(run, arguments, words):
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert words in " ".join(re.sub("[│╭╮╰╯─]", "", ran.err).split())
    assert "%" not in ran.err


@pytest.mark.parametrize(
    ("variable", "value"), [("QA_HITS", "many"), ("QA_EMBEDDER", "nonsense"), ("QA_READER", "x")]
)
@pytest.mark.usefixtures("filled")
def test_bad_setting_is_named(run, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    ran = run("ask", SAILORS)
    assert ran.status == 1
    assert ran.err.startswith(f"article-qa: {variable} is {value!r}")


def test_port_that_is_taken_is_told_before_anything_is_opened(run, library_folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("serve", "--port", port)
    assert (ran.status, ran.out) == (1, "")
    assert f"127.0.0.1, port {port} cannot be listened on: Address already in use" in ran.err
    assert not library_folder.exists()


def test_debug_shows_the_traceback(run):
    with pytest.raises(Exception, match="no library in"):
        run("--debug", "ask", SAILORS)


# Chat


@pytest.mark.usefixtures("filled")
def test_chat_answers_until_an_empty_line(run, monkeypatch):
    asked = iter([SAILORS, "How much will repairs to the Kessel Bridge cost?", ""])
    monkeypatch.setattr("builtins.input", lambda prompt: next(asked))
    ran = run("chat")
    assert "Nine sailors died. [1]" in ran.out
    assert "12 million euros" in ran.out


@pytest.mark.usefixtures("filled")
def test_chat_understands_a_follow_up_and_shows_how(run, monkeypatch):
    asked = iter(["When did the Maid of Orlen sink?", "How many sailors died on it?", ""])
    monkeypatch.setattr("builtins.input", lambda prompt: next(asked))
    ran = run("chat")
    assert "(How many sailors died on the Maid of Orlen?)" in ran.out.splitlines()


# List, show, remove


@pytest.mark.usefixtures("filled")
def test_list_is_a_line_for_each_article(run):
    assert run("list").out.splitlines() == [
        "ferry  2021-03-04  Gazette: Ferry lost",
        "bridge  undated     unknown source: "
        "Repairs to the Kessel Bridge will cost 12 million euros",
    ]


@pytest.mark.usefixtures("filled")
def test_list_in_json(run):
    listed = run("list", "--json").json
    assert [(each["id"], each["published"], each["passages"]) for each in listed] == [
        ("ferry", "2021-03-04", 1), ("bridge", None, 1),
    ]  # fmt: skip


@pytest.mark.usefixtures("filled")
def test_show_tells_what_is_known_and_the_text(run):
    out = run("show", "ferry").out
    assert "published  2021-03-04" in out
    assert "author     unknown" in out
    assert "version    1 of 1" in out
    assert out.endswith(FERRY["text"] + "\n")


@pytest.mark.usefixtures("filled")
def test_show_in_json_is_the_article_and_its_passages(run):
    shown = run("show", "ferry", "--json").json
    assert shown.pop("passages") == [[0, len(FERRY["text"])]]
    assert Article.from_dict(shown).text == FERRY["text"]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("command", ["show", "remove"])
def test_unknown_id_is_an_error(run, command):
    ran = run(command, "nope")
    assert ran.status == 1
    assert "no article with the id 'nope'" in ran.err


@pytest.mark.usefixtures("filled")
def test_remove_takes_articles_out(run):
    ran = run("remove", "ferry")
    assert (ran.status, ran.out) == (0, "removed ferry: Ferry lost\n")
    assert [each["id"] for each in run("list", "--json").json] == ["bridge"]


@pytest.mark.usefixtures("filled")
def test_remove_takes_all_or_none(run):
    assert run("remove", "ferry", "nope").status == 1
    assert len(run("list", "--json").json) == 2


@pytest.mark.usefixtures("filled")
def test_remove_of_one_article_named_twice_is_one_removal(run):
    assert run("remove", "ferry", "ferry").status == 0
    assert [each["id"] for each in run("list", "--json").json] == ["bridge"]


# Doctor and rebuild


@pytest.mark.usefixtures("filled")
def test_doctor_of_a_healthy_library(run):
    ran = run("doctor", "--json")
    assert (ran.status, ran.json) == (
        0,
        {"articles": 2, "passages": 2, "vectors": 2, "findings": [], "healthy": True},
    )


@pytest.mark.usefixtures("filled", "unprobed")
def test_doctor_finds_with_status_one_and_says_what_mends(run, library_folder):
    break_words(library_folder)
    ran = run("doctor")
    assert ran.status == 1
    assert "word index: 1 passages" in ran.out
    assert "article-qa doctor --repair" in ran.out


@pytest.mark.usefixtures("filled", "unprobed")
def test_doctor_mends_and_prints_nothing_but_json(run, library_folder):
    break_words(library_folder)
    ran = run("doctor", "--repair", "--json")
    assert ran.status == 0
    assert ran.json["healthy"]


def break_words(folder):
    library = Library.open(folder)
    library.lexical_index.delete([1])
    library.close()


@pytest.mark.usefixtures("filled")
def test_rebuild_makes_the_index_for_the_embedder_that_is_set(run, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "static")
    mismatch = run("ask", SAILORS)
    rebuilt = run("rebuild")
    assert mismatch.status == 1
    assert "article-qa rebuild" in mismatch.err
    assert rebuilt.out.startswith("2 passages embedded with static-")
    assert "Nine" in run("ask", SAILORS).out


# What others see of it


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("show", "evil"), ("ask", "What did Harmon the hacker say?"),
     ("ask", "What did Harmon the hacker say?", "--trace"), ("remove", "evil")],
    ids=" ".join,
)  # fmt: skip
def test_article_cannot_drive_the_terminal(run, lines, arguments):
    run("ingest", lines(HOSTILE, FERRY))
    ran = run(*arguments)
    assert ran.status == 0
    assert not CONTROLS & set(ran.out + ran.err)


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("show", "evil"), ("ask", "What did Harmon the hacker say?")],
    ids=" ".join,
)
def test_article_cannot_drive_the_terminal_through_json(run, lines, arguments):
    run("ingest", lines(HOSTILE))
    ran = run(*arguments, "--json")
    assert ran.status == 0
    assert not CONTROLS & set(ran.out)
    assert ran.json


def test_name_of_a_source_cannot_drive_the_terminal(run, tmp_path):
    ran = run("ingest", tmp_path / "\x1b[31mred.txt")
    assert ran.status == 3
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.usefixtures("filled")
def test_question_cannot_drive_the_terminal(run):
    ran = run("ask", "Who is \x1b[31mZanthor\x9b?", "--trace")
    assert not CONTROLS & set(ran.out + ran.err)


def test_help_names_every_command(run):
    out = run("--help").out
    assert all(
        f" {name} " in out
        for name in (
            "ingest",
            "ask",
            "check",
            "chat",
            "list",
            "show",
            "remove",
            "doctor",
            "rebuild",
        )
    )


# As a process


@pytest.fixture
def shell(tmp_path):
    """``shell(*arguments)``: a process with pipes and no colours asked for."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", *map(str, arguments)],
            env={**os.environ, "QA_EMBEDDER": "hashing"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            # A job in the background inherits a deaf ear for SIGINT.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_process_takes_in_and_answers_through_pipes(shell, lines):
    out, err = shell("ingest", "-").communicate(lines(FERRY).read_bytes())
    assert (out[:9], err) == (b"1 article", b"")
    out, err = shell("ask", SAILORS).communicate()
    assert out.decode().startswith("Nine sailors died. [1]\n")
    assert err == b""


def test_errors_of_a_process_are_one_line_without_a_traceback(shell):
    process = shell("ask", SAILORS)
    out, err = process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert err.decode().count("\n") == 1


def test_interrupted_process_ends_in_one_line(shell, library_folder):
    process = shell("ingest", "-")
    while not (library_folder / "writer.lock").exists():
        assert process.poll() is None
    process.stdin.write(b'{"text": "It rained."}\n')
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert b"stopped" in err
    assert err.count(b"\n") == 1


def test_reader_that_goes_away_is_no_error(run, shell, lines):
    many = [{"id": str(number), "text": "It rained.", "title": "x" * 999} for number in range(200)]
    run("ingest", lines(*many))
    process = shell("list")
    process.stdout.readline()
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()


# Copies

NOTICE = " ".join(f"The harbour board notes that berth {number} is closed." for number in range(20))
BERTHS = {"id": "wire", "title": "Berths closed", "text": NOTICE, "source": "Wire"}
CARRIED = {**BERTHS, "id": "post", "title": "Port shuts berths", "source": "Post"}


@pytest.fixture
def carried(run, lines, library_folder):
    dated = {**BERTHS, "published": "2024-05-01"}, {**CARRIED, "published": "2024-05-02"}
    assert run("ingest", lines(*dated, FERRY), "--library", library_folder).status == 0
    return library_folder


def test_ingest_says_how_many_are_copies(run, lines, library_folder):
    ran = run("ingest", lines(BERTHS, CARRIED), "--library", library_folder)
    assert "2 articles added, 0 updated, 1 of them copies of others" in ran.out


def test_list_of_copies_shows_clusters(run, carried):
    assert run("list", "--copies", "--library", carried).out.splitlines() == [
        "2 articles with the same text",
        "  wire  2024-05-01  Wire: Berths closed",
        "  post  2024-05-02  Post: Port shuts berths",
    ]
    ((first, second),) = run("list", "--copies", "--json", "--library", carried).json
    assert (first["article_id"], second["published"]) == ("wire", "2024-05-02")


def test_show_names_the_copies(run, carried):
    assert (
        "copy of    Wire, 2024-05-01 (wire): Berths closed"
        in run("show", "post", "--library", carried).out.splitlines()
    )
    (copy,) = run("show", "post", "--json", "--library", carried).json["copies"]
    assert copy["article_id"] == "wire"


def test_ask_names_every_outlet_of_a_text(run, carried):
    ran = run("ask", "What does the harbour board note of berth 7?", "--library", carried)
    assert "Sources (2 outlets, 1 text)" in ran.out
    assert "also carried by: Post, 2024-05-02 (post)" in ran.out
    found = run("ask", "Is berth 7 closed?", "--json", "--library", carried).json
    assert found["hits"][0]["copies"][0]["source"] == "Post"


# Previews


def test_dry_run_shows_what_would_be_and_writes_nothing(run, lines, library_folder):
    ran = run("ingest", lines(FERRY, BRIDGE), "--dry-run")
    assert ran.status == 0
    assert FERRY["title"] in ran.out
    assert "2 articles would be taken in; nothing was written" in ran.out
    assert not library_folder.exists()


def test_dry_run_in_json_has_a_record_for_each(run, lines, tmp_path):
    ran = run("ingest", tmp_path / "none.txt", lines(FERRY), "--dry-run", "--json")
    assert ran.status == 3
    (article,) = ran.json["articles"]
    assert (article["title"], article["characters"]) == (FERRY["title"], len(FERRY["text"]))
    (failure,) = ran.json["failed"]
    assert failure["origin"].endswith("none.txt")


def test_dry_run_tells_what_is_left_out_from_what_fails_as_ingest_does(run, tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "ferry.txt").write_text(FERRY["text"])
    (folder / "tool.exe").write_bytes(b"MZ")
    told = [json.loads(run("ingest", folder, "--json", *more).out) for more in (["--dry-run"], [])]
    assert [report["failed"] for report in told] == [[], []]
    assert told[0]["left_out"] == told[1]["left_out"] != []


def test_dry_run_drives_no_terminal(run, lines):
    ran = run("ingest", lines(HOSTILE), "--dry-run")
    assert not CONTROLS & {*ran.out}
