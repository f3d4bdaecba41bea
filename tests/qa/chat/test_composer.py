"""The chat composer against a server that does everything a server may do."""

import asyncio
import io
import json
import sys
import threading
import time
import warnings
from datetime import date

import pytest
from langchain_core.callbacks import BaseCallbackHandler

from qa import Answer, open_pipeline
from qa.chat.budget import Ledger, Price, Tally
from qa.chat.composer import ChatComposer
from qa.chat.models import make_chat_model
from qa.chat.prompt import NO_ANSWER
from qa.errors import ConfigError
from qa.pipeline import Found, Restart, Text
from qa.protocols import Composition
from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.article import Article
from qa.records.reading import UNANSWERED, Reading, Span
from qa.records.trace import Usage

QUESTION = understand("How many sailors died on the Maid of Orlen?", as_of=date(2024, 1, 1))
PRICE = Price(1.0, 10.0)
REPLY = "Nine\nNine sailors died when the ferry sank [1]. Its pump was broken [1, 2]."
SAID = ["Nine sailors died when the ferry sank.", "Its pump was broken."]
OWN = "Nine sailors died and 41 passengers were rescued."


@pytest.fixture
def reading(ferry, bridge):
    """Two passages, of which the first holds the answer, and the span that is it."""
    passages = [each.passage(0, len(each.text)) for each in (ferry, bridge)]
    low = ferry.text.index(OWN)
    span = Span(passages[0], low, low + 4, (low, low + len(OWN)), 0.9)
    return Reading(tuple(Hit(each, 1.0) for each in passages), (span,), 0.9)


@pytest.fixture
def composer(chat_server, tmp_path):
    """``composer(…)``: over the scripted server, with anything else than the usual."""

    def make(*script, timeout=20.0, budgets=(), price=PRICE, **options):
        chat_server.script = list(script)
        chat = make_chat_model("openai:m", base_url=chat_server.url, timeout=timeout)
        ledger = Ledger(tmp_path, *budgets, run=Tally())
        return ChatComposer(chat, ledger, price, timeout=timeout, **options)

    return make


def compose(composer, reading):
    """What was streamed and not taken back, the restarts, and the composition."""
    text, restarts = "", []
    for part in composer.compose(QUESTION, reading):
        if isinstance(part, str):
            text += part
        elif isinstance(part, Restart):
            text = ""
            restarts.append(part.reason)
    assert isinstance(part, Composition)
    return text, restarts, part


def why(composition):
    """The reason for which the chat model did not answer."""
    return " ".join(step.detail for step in composition.steps if step.name == "chat")


# Answers


def test_statements_cite_whole_passages(composer, chat_server, reading):
    _, _, last = compose(composer(chat_server.says(REPLY)), reading)
    assert [statement.text for statement in last.statements] == SAID
    assert [
        [(each.article_id, each.start) for each in said.citations] for said in last.statements
    ] == [[("ferry", 0)], [("ferry", 0), ("bridge", 0)]]
    for statement in last.statements:
        assert statement.support == "unsupported"
        assert all(each.quote in {hit.passage.text for hit in reading.hits}
                   for each in statement.citations)  # fmt: skip


def test_short_answer_is_the_first_line_and_not_in_the_text(composer, chat_server, reading):
    text, _, last = compose(composer(chat_server.says(REPLY)), reading)
    assert last.short == "Nine"
    assert text == "Nine sailors died when the ferry sank [1]. Its pump was broken [1][2]."


def test_text_comes_before_the_reply_is_complete(composer, chat_server, reading):
    half = chat_server.sends(["".join(
        f'data: {{"choices":[{{"index":0,"delta":{{"content":"{piece}"}}}}]}}\n\n'
        for piece in ("Nine\\n", "Nine sailors ", "died ")
    )], ends=False)  # fmt: skip
    stream = composer(half).compose(QUESTION, reading)
    assert next(stream) == "Nine sailors"
    stream.close()


def test_reply_without_a_short_answer_gets_the_readers_span(composer, chat_server, reading):
    reply = "On that day nine sailors died [1].\nThe pump was broken [1]."
    last = compose(composer(chat_server.says(reply)), reading)[2]
    assert last.short == "Nine"
    assert len(last.statements) == 2


def disagreeing(*told):
    """A weighed reading of articles of one sentence each, of which the number is the answer."""
    spans = []
    for day, (number, sentence) in enumerate(told, start=1):
        article = Article.create(sentence, source=f"Post {day}", published=date(2024, 1, day))
        low = sentence.index(number)
        spans.append(
            Span(
                article.passage(0, len(sentence)), low, low + len(number), (0, len(sentence)),
                1 / (day + 1),
            )
        )  # fmt: skip
    hits = tuple(Hit(span.passage, 1.0) for span in spans)
    return Reading(hits, tuple(spans), 0.9, weighed=True, rivals=tuple(spans[1:]))


TOLD = [
    ("Nine", "Nine sailors died on the Maid of Orlen."),
    ("eleven", "On the Maid of Orlen eleven sailors died."),
]


def test_passages_that_contradict_each_other_are_told_beside_the_reply(composer, chat_server):
    *_, last = compose(
        composer(chat_server.says("Nine\nNine sailors died [1].")), disagreeing(*TOLD)
    )
    (conflict,) = last.conflicts
    assert set(conflict.answers) == {"Nine", "eleven"}
    assert conflict.sides[0].citations[0].published > conflict.sides[1].citations[0].published


def test_contradiction_that_the_reply_does_not_touch_is_left_alone(composer, chat_server):
    says = chat_server.says("the sea\nThe Maid of Orlen was at sea [1].")
    assert compose(composer(says), disagreeing(*TOLD))[2].conflicts == ()


def test_unknown_markers_are_removed_and_counted(composer, chat_server, reading):
    text, _, last = compose(composer(chat_server.says("Nine\nNine died [1] [7][3-4].")), reading)
    assert text == "Nine died [1]."
    assert [step.detail for step in last.steps if step.name == "citations"] == [
        "removed from the reply, as they name no passage: 2 markers"
    ]


def test_fixed_sentence_is_an_abstention(composer, chat_server, reading):
    text, restarts, last = compose(composer(chat_server.says(NO_ANSWER)), reading)
    assert (text, restarts, last.statements) == ("", [], ())
    assert last.reason == UNANSWERED


def test_fixed_sentence_after_a_line_takes_that_back(composer, chat_server, reading):
    text, restarts, last = compose(composer(chat_server.says(f"None\n{NO_ANSWER}")), reading)
    assert (text, len(restarts), last.statements) == ("", 1, ())
    assert last.reason


def test_model_is_asked_though_the_reader_would_abstain(composer, chat_server, reading):
    unsure = Reading(reading.hits, (), 0.1, "No passage found answers this")
    assert compose(composer(chat_server.says(REPLY)), unsure)[2].short == "Nine"


def test_nothing_found_is_not_asked_about(composer, chat_server):
    last = compose(composer(chat_server.says(REPLY)), Reading((), (), 0.0, "Nothing"))[2]
    assert (last, chat_server.requests) == (Composition(reason="Nothing"), [])


# Requests


def test_request_is_a_stream_of_chat_completions_with_usage(composer, chat_server, reading):
    compose(composer(chat_server.says(REPLY)), reading)
    (request,) = chat_server.requests
    assert (request["model"], request["stream"], request["temperature"]) == ("m", True, 0)
    assert request["stream_options"] == {"include_usage": True}
    assert request["headers"]["authorization"] == "Bearer none"


def test_lowest_ranked_passages_are_left_out_for_the_budget(composer, chat_server, reading):
    compose(composer(chat_server.says(REPLY), prompt_tokens=100), reading)
    asked = chat_server.requests[0]["messages"][-1]["content"]
    assert "Ilse Brandvold" in asked
    assert "Kessel" not in asked


def test_no_passage_is_ever_cut(composer, chat_server, reading):
    last = compose(composer(chat_server.says(REPLY), prompt_tokens=20), reading)[2]
    assert chat_server.requests == []
    assert "QA_CHAT_TOKENS=20 leaves no room" in why(last)


# Faults: the articles' own sentences answer, and the trace says why


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (lambda server: server.refuses(401, "Incorrect API key"), "refuses the key; check OPENAI_"),
        (lambda server: server.refuses(403), "may not use it"),
        (lambda server: server.refuses(404, "no such model"), "knows no openai:m; check QA_CHAT"),
        (lambda server: server.refuses(429, "slow down"), "too many requests"),
        (lambda server: server.refuses(400, "temperature is odd"), "temperature is odd"),
        (lambda server: server.refuses(500, "oops"), "the server failed"),
        (lambda server: server.refuses(503, "oops", **{"retry-after": "0.01"}), "server failed"),
        (lambda server: server.says(""), "empty"),
        (lambda server: server.says(" \n\n "), "empty"),
        (lambda server: server.says("Nine\n```\nNine died [1].\n```"), "empty"),
        (lambda server: server.says("<think>Nine, I think [1]."), "empty"),
        (lambda server: server.says("", finish="content_filter"), "content filter"),
        (lambda server: server.says("Nine\nNine sailors died."), "cites no passage"),
        (lambda server: server.says("Nine\nNine sailors died [8]."), "cites no passage"),
        (lambda server: server.sends(["data: {nonsense\n\n"]), "it failed with"),
        (lambda server: server.sends(["<html>welcome</html>"]), "empty"),
        (lambda server: server.sends(['data: {"error": {"message": "overloaded"}}\n\n']),
         "overloaded"),
        (lambda server: server.sends([b"data: \xff\xfe\n\n"]), "it failed with"),
        (lambda server: server.sends(["data: [DONE]\n\n"]), "empty"),
    ],
    ids=range(19),
)  # fmt: skip
def test_fault_ends_in_the_articles_own_sentences(composer, chat_server, reading, part, reason):
    text, restarts, last = compose(composer(part(chat_server)), reading)
    assert (text, last.short) == (OWN, "Nine")
    assert [statement.text for statement in last.statements] == [OWN]
    assert reason in why(last)
    assert why(last).startswith("answered without openai:m: ")
    assert all(reason in each for each in restarts)


@pytest.mark.parametrize("part", ["dies", "closes", "stalls", "drips"])
def test_fault_in_the_middle_takes_the_text_back(composer, chat_server, reading, part):
    begun = "Nine\nNine sailors died when the "
    parts = {
        "dies": chat_server.dies(begun),
        "closes": chat_server.sends(pieces_of(begun)),
        "stalls": chat_server.sends(pieces_of(begun), ends=False),
        "drips": chat_server.drips(begun),
    }
    text, restarts, last = compose(composer(parts[part], timeout=0.9), reading)
    assert (text, last.short, len(restarts)) == (OWN, "Nine", 1)
    assert restarts[0] in why(last)


def event(delta=None, finish=None):
    choices = [{"index": 0, "delta": delta or {}, "finish_reason": finish}]
    return f"data: {json.dumps({'choices': choices})}\n\n"


def pieces_of(text):
    return [event({"content": text})]


@pytest.mark.parametrize("part", ["stalls", "drips"])
def test_server_that_never_answers_is_not_waited_for(composer, chat_server, reading, part):
    parts = {"stalls": lambda handler: chat_server.released.wait(30), "drips": chat_server.drips()}
    last = compose(composer(parts[part], timeout=0.4), reading)[2]
    assert "took too long" in why(last) or "in time" in why(last)


def test_empty_chunk_before_the_prompt_is_read_starts_no_clock(composer, chat_server, reading):
    def slow(handler):
        chat_server.sends([event({"role": "assistant", "content": ""})])(handler)
        time.sleep(0.8)
        for each in (event({"content": REPLY}), event(finish="stop")):
            handler.wfile.write(each.encode())

    last = compose(composer(slow, timeout=2.0), reading)[2]
    assert (why(last), last.short) == ("", "Nine")


def test_half_of_a_character_does_no_harm(composer, chat_server, reading):
    last = compose(composer(chat_server.says("Nine\nNine \ud83d\0 died [1].")), reading)[2]
    assert last.statements[0].text == "Nine \ufffd died."


def test_server_that_is_not_there_is_not_waited_for(reading, tmp_path):
    chat = make_chat_model("openai:m", base_url="http://127.0.0.1:9/v1")
    last = compose(ChatComposer(chat, Ledger(tmp_path)), reading)[2]
    assert "cannot be reached; check OPENAI_BASE_URL" in why(last)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_passing_trouble_is_tried_again(composer, chat_server, reading, status):
    script = [chat_server.refuses(status), chat_server.refuses(status), chat_server.says(REPLY)]
    last = compose(composer(*script), reading)[2]
    assert ([each.text for each in last.statements], why(last)) == (SAID, "")
    assert len(chat_server.requests) == 3


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("This model's maximum context length is 4096 tokens.", "context_length_exceeded"),
        ("maximum context length is 4096 tokens; you requested 5000", None),
        ("the request exceeds the available context size, try increasing it", None),
    ],
)
def test_prompt_too_long_is_asked_again_with_half(composer, chat_server, reading, message, code):
    script = [chat_server.refuses(400, message, code), chat_server.says(REPLY)]
    last = compose(composer(*script), reading)[2]
    first, second = (request["messages"][-1]["content"] for request in chat_server.requests)
    assert ("Kessel" in first, "Kessel" in second, "Orlen" in second) == (True, False, True)
    assert last.short == "Nine"
    assert any("half of the passages" in step.detail for step in last.steps)


def test_prompt_too_long_twice_is_not_asked_a_third_time(composer, chat_server, reading):
    long = chat_server.refuses(400, "maximum context length is 10 tokens")
    last = compose(composer(long), reading)[2]
    assert len(chat_server.requests) == 2
    assert "too long for it" in why(last)


def test_reply_that_was_cut_off_loses_its_last_sentence(composer, chat_server, reading):
    reply = "Nine\nNine sailors died [1]. The ferry Maid of"
    last = compose(composer(chat_server.says(reply, finish="length")), reading)[2]
    assert [statement.text for statement in last.statements] == ["Nine sailors died."]
    assert any("cut off" in step.detail for step in last.steps)


def test_reply_without_end_is_cut_off(composer, chat_server, reading):
    def endless(handler):
        chat_server.sends(pieces_of("Nine\nNine sailors died [1].\n"))(handler)
        while not chat_server.released.is_set():
            handler.wfile.write(pieces_of("and so on " * 100)[0].encode())

    last = compose(composer(endless), reading)[2]
    assert last.statements[0].text == "Nine sailors died."


def test_reader_that_would_abstain_and_a_model_that_fails_abstain(composer, chat_server, reading):
    unsure = Reading(reading.hits, (), 0.1, "No passage found answers this")
    last = compose(composer(chat_server.refuses(500)), unsure)[2]
    assert last.reason == "No passage found answers this"
    assert "the server failed" in why(last)


def test_stream_that_is_left_ends_its_thread(composer, chat_server, reading):
    before = threading.active_count()

    def endless(handler):
        chat_server.sends(pieces_of("Nine\nNine sailors died [1].\n"))(handler)
        while True:
            handler.wfile.write(pieces_of("and on ")[0].encode())
            time.sleep(0.01)

    stream = composer(endless).compose(QUESTION, reading)
    next(stream)
    stream.close()
    until = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.02)
    assert threading.active_count() <= before


# Usage and money


def test_tokens_and_cost_are_told(composer, chat_server, reading):
    last = compose(composer(chat_server.says(REPLY)), reading)[2]
    assert last.usage == Usage(1000, 200, pytest.approx(0.003))
    assert any("1,000 tokens in, 200 out; 0.003000 dollars" in step.detail for step in last.steps)


def test_unknown_price_costs_nothing_and_is_said_to_be_unknown(composer, chat_server, reading):
    last = compose(composer(chat_server.says(REPLY), price=None), reading)[2]
    assert last.usage == Usage(1000, 200, 0.0)
    assert any("price unknown, see QA_CHAT_PRICE" in step.detail for step in last.steps)


def test_tokens_that_the_server_does_not_tell_are_estimated(composer, chat_server, reading):
    last = compose(composer(chat_server.says(REPLY, usage=None)), reading)[2]
    assert last.usage.input_tokens > 300
    assert last.usage.output_tokens > 10
    assert any("estimated" in step.detail for step in last.steps)


def test_reply_that_could_not_be_used_is_paid_for(composer, chat_server, reading):
    last = compose(composer(chat_server.says("Nine\nNine sailors died.")), reading)[2]
    assert last.usage == Usage(1000, 200, pytest.approx(0.003))


def test_refusal_costs_nothing(composer, chat_server, reading):
    assert compose(composer(chat_server.refuses(401)), reading)[2].usage == Usage()


@pytest.mark.parametrize(
    ("budgets", "name"), [((0.018, None), "BUDGET_RUN"), ((None, 0.018), "BUDGET_DAY")]
)
def test_budget_that_is_spent_leaves_the_articles_own_sentences(
    composer, chat_server, reading, budgets, name
):
    made = composer(chat_server.says(REPLY), budgets=budgets)
    outcomes = [compose(made, reading)[2] for _ in range(6)]
    # What an answer may cost, 1,000 tokens of reply at the most, is kept free.
    assert [why(each) == "" for each in outcomes] == [True] * 3 + [False] * 3
    assert f"QA_CHAT_{name} is 0.018 dollars, of which 0.0090 are spent" in why(outcomes[-1])
    assert len(chat_server.requests) == 3
    assert outcomes[-1].short == "Nine"
    assert outcomes[-1].usage == Usage()


def test_day_that_cannot_be_read_is_told(composer, chat_server, reading, tmp_path):
    (tmp_path / "spending").write_text(f"{date.today()} lots\n")
    last = compose(composer(chat_server.says(REPLY), budgets=(None, 1.0)), reading)[2]
    assert "damaged; remove it" in why(last)


# The pipeline


@pytest.fixture
def asked(chat_server, make_library, ferry, bridge, monkeypatch):
    """A pipeline as the settings make it."""
    chat_server.script = [chat_server.says(REPLY)]
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_CHAT", "openai:m")
    monkeypatch.setenv("QA_CHAT_PRICE", "1,10")
    monkeypatch.setenv("OPENAI_BASE_URL", chat_server.url)
    shop = make_library(ferry, bridge)
    with open_pipeline(shop.library.folder) as pipeline:
        yield pipeline


def test_answer_has_the_usage_and_the_trace(asked):
    answer = asked.ask(QUESTION.text)
    assert answer.usage == Usage(1000, 200, pytest.approx(0.003))
    assert {"prompt", "usage"} <= {step.name for step in answer.trace}
    assert Answer.from_json(answer.to_json()) == answer


def test_short_answer_in_other_letters_than_the_statement_is_kept(asked, chat_server):
    chat_server.script = [chat_server.says("nine\nNine sailors died and 41 were rescued [1].")]
    assert asked.ask(QUESTION.text).short == "nine"


def test_short_answer_that_stands_nowhere_is_dropped(asked, chat_server):
    chat_server.script = [chat_server.says("Twelve\nNine sailors died and 41 were rescued [1].")]
    assert asked.ask(QUESTION.text).short == ""


def test_stream_restarts_before_the_other_text(asked, chat_server):
    chat_server.script = [chat_server.dies("Nine\nNine sailors died when the ferry sank ")]
    kinds = [type(each) for each in asked.stream(QUESTION.text)]
    assert kinds[0] is Found
    assert kinds[-3:] == [Restart, Text, Answer]


def test_answer_without_the_model_says_so_in_its_trace(asked, chat_server):
    chat_server.script = [chat_server.refuses(401)]
    answer = asked.ask(QUESTION.text)
    assert (answer.short, answer.abstained) == ("Nine", False)
    assert any(step.name == "chat" and "refuses the key" in step.detail for step in answer.trace)


def test_threads_share_a_pipeline(asked):
    answers = asked.batch([QUESTION.text] * 12, threads=6)
    assert {answer.text for answer in answers} == {answers[0].text}
    assert sum(answer.usage.input_tokens for answer in answers) == 12_000


# LangChain


class Watching(BaseCallbackHandler):
    def __init__(self):
        self.seen = []

    def on_chat_model_start(self, *arguments, **more):
        self.seen.append("start")

    def on_llm_new_token(self, *arguments, **more):
        self.seen.append("token")

    def on_llm_end(self, *arguments, **more):
        self.seen.append("end")

    def on_llm_error(self, *arguments, **more):
        self.seen.append("error")


@pytest.mark.parametrize("call", ["invoke", "stream", "batch", "ainvoke", "astream"])
def test_callbacks_see_the_chat_model(asked, call):
    watching, runnable = Watching(), asked.as_runnable()
    config = {"callbacks": [watching]}

    async def astream():
        return [each async for each in runnable.astream(QUESTION.text, config)]

    calls = {
        "invoke": lambda: runnable.invoke(QUESTION.text, config),
        "stream": lambda: list(runnable.stream(QUESTION.text, config)),
        "batch": lambda: runnable.batch([QUESTION.text], config),
        "ainvoke": lambda: asyncio.run(runnable.ainvoke(QUESTION.text, config)),
        "astream": lambda: asyncio.run(astream()),
    }
    calls[call]()
    assert (watching.seen[0], watching.seen[-1]) == ("start", "end")
    assert watching.seen.count("token") > 5


def test_events_show_the_chat_model_as_a_child_of_the_pipeline(asked):
    async def events():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # LangChain calls this interface beta
            runnable = asked.as_runnable()
            return [each async for each in runnable.astream_events(QUESTION.text, version="v2")]

    told = asyncio.run(events())
    (root,) = {each["run_id"] for each in told if each["event"] == "on_chain_start"}
    started = [each for each in told if each["event"] == "on_chat_model_start"]
    assert [each["parent_ids"] for each in started] == [[root]]
    assert {"on_chat_model_stream", "on_chat_model_end"} <= {each["event"] for each in told}


# Settings


@pytest.fixture
def library(make_library, ferry, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    return make_library(ferry).library.folder


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"QA_CHAT": "gpt-4o"}, "'gpt-4o' should be provider:model"),
        ({"QA_CHAT": "openai:gpt-4o"}, "needs OPENAI_API_KEY, or OPENAI_BASE_URL"),
        ({"QA_CHAT": "openai:m", "OPENAI_BASE_URL": "localhost:80"}, "OPENAI_BASE_URL is 'localh"),
        ({"QA_CHAT": "nonsense:m"}, "'nonsense:m' cannot be used"),
        ({"QA_CHAT": "anthropic:m"}, "langchain-anthropic"),
        ({"QA_CHAT": "openai:m", "OPENAI_API_KEY": "k", "QA_CHAT_PRICE": "cheap"}, "QA_CHAT_PRICE"),
        ({"QA_CHAT": "openai:m", "OPENAI_API_KEY": "k", "QA_CHAT_BUDGET_DAY": "2"},
         "QA_CHAT_BUDGET_DAY is 2, which means nothing without QA_CHAT_PRICE"),
        ({"QA_CHAT_TIMEOUT": "0"}, "QA_CHAT_TIMEOUT is '0'"),
    ],
    ids=range(8),
)  # fmt: skip
def test_setting_that_cannot_be_used_is_named(library, monkeypatch, variables, message):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=message):
        open_pipeline(library)


def test_missing_extra_is_named(library, monkeypatch):
    monkeypatch.setenv("QA_CHAT", "openai:m")
    monkeypatch.setitem(sys.modules, "langchain.chat_models", None)
    with pytest.raises(ConfigError, match=r"pip install 'article-qa\[openai\]'"):
        open_pipeline(library)


def test_key_and_address_may_stand_in_the_file_of_the_library(library, chat_server):
    chat_server.script = [chat_server.says(REPLY)]
    (library / ".env").write_text(
        f"QA_CHAT=openai:m\nOPENAI_API_KEY=secret\nOPENAI_BASE_URL={chat_server.url}\n"
    )
    with open_pipeline(library) as pipeline:
        pipeline.ask(QUESTION.text)
    assert chat_server.requests[0]["headers"]["authorization"] == "Bearer secret"


def test_gateway_of_others_is_not_gone_through(monkeypatch):
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "theirs")
    made = make_chat_model("openai:gpt-4o", key="ours").model
    assert made.openai_api_base == "https://api.openai.com/v1"
    assert made.openai_api_key.get_secret_value() == "ours"


def test_key_is_not_shown():
    made = make_chat_model("openai:gpt-4o", key="our-secret")
    assert "our-secret" not in repr(made)


@pytest.mark.parametrize(("name", "sent"), [("gpt-4o", 0), ("o3-mini", None), ("gpt-5", None)])
def test_reasoning_models_get_no_temperature_and_room_to_think(name, sent):
    made = make_chat_model(f"openai:{name}", key="k", reply_tokens=100)
    assert made.model.temperature == sent
    assert made.reply_tokens == (100 if sent == 0 else 800)


def test_colons_in_the_name_of_a_model_are_its_own():
    made = make_chat_model("openai:llama3.2:1b", base_url="http://127.0.0.1:11434/v1")
    assert made.model.model_name == "llama3.2:1b"


# The command line


def test_ask_prints_the_answer_and_notes_nothing(asked, article_qa):
    ran = article_qa("ask", QUESTION.text, "--as-of", "2024-01-01")
    # That the pump was broken is no answer to how many died.
    assert ran.out.startswith("Nine sailors died when the ferry sank. [1]\n\nSources\n")
    assert ran.err == ""


def test_ask_says_on_standard_error_why_the_model_did_not_answer(asked, article_qa, chat_server):
    chat_server.script = [chat_server.refuses(401)]
    ran = article_qa("ask", QUESTION.text)
    assert (ran.status, ran.out[: len(OWN)]) == (0, OWN)
    assert ran.err.startswith("answered without openai:m: the server refuses the key")


def test_ask_in_json_has_the_usage(asked, article_qa):
    assert article_qa("ask", QUESTION.text, "--json").json["usage"]["output_tokens"] == 200


def test_chat_answers_each_question(asked, article_qa, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{QUESTION.text}\n{QUESTION.text}\n"))
    assert article_qa("chat").out.count("Nine sailors died when the ferry sank. [1]") == 2


def test_setting_that_cannot_be_used_is_one_line(asked, article_qa, monkeypatch):
    monkeypatch.setenv("QA_CHAT", "gpt-4o")
    ran = article_qa("ask", QUESTION.text)
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert "provider:model" in ran.err


# Addresses


def test_streamed_text_has_no_address(composer, chat_server, reading):
    reply = "Nine\nNine sailors died [1], see https://evil.example/x?q=1 or evil.com/y now."
    text, _, _ = compose(composer(chat_server.says(reply)), reading)
    assert text.startswith("Nine sailors died [1], see")
    assert text.endswith(" now.")
    assert not any(sign in text for sign in ("://", "evil.", "q=1"))
