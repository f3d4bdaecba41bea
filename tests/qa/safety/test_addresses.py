"""Addresses are taken out of what a chat model says, in every disguise."""

import pytest

from qa.records.answer import Statement
from qa.records.article import Article
from qa.safety.addresses import AddressGuard, asks_for_address, without_addresses
from qa.verify.prove import prove


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a?b=c", "http://10.0.0.1:80/x", "hxxps://evil.example/x",
        "hxxp://evil[.]example", "www.evil.example", "www[.]evil[.]example", "//evil.example/p",
        "evil.example", "evil.example/login", "evil[.]example", "evil(dot)example",
        "evil dot example", "evil dot com", "sub.evil.com:8080/x", "EVIL.EXAMPLE",
        "ada@evil.example", "ada[at]evil[dot]com", "ada at evil dot com", "mailto:a@evil.example",
        "tel:+442079460991", "+44 20 7946 0991", "0044 20 7946 0991", "(020) 7946 0991",
        "555-123-4567", "4000 1234 5678 9010", "DE44 5001 0517 5407 3249 31",
        "GB29NWBK60161331926819", "0x52908400098527886E0F7030069857D2E4169EE7",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    ],
)  # fmt: skip
def test_address_is_taken_out(address):
    text, removed = without_addresses(f"It rained, {address} says.")
    assert removed
    assert text.split() == ["It", "rained,", "says."]


@pytest.mark.parametrize(
    "text",
    [
        "In 2019-2020 and 2021-2022 it cost 1,000,000,000 euros.",
        "On 2024-06-03 at 12.30 some 12,000 came.",
        "The U.S. and the E.U. met at 3 p.m. in May.",
        "He said so.It rained on No. 10 Downing Street.",
        "Version 3.5 of Node.js costs $1,250.00.",
        "They won 21-19, 18-21, 21-17.",
        "The dot com boom ended in 2000.",
        "Flight MH370 vanished with 239 people.",
    ],
)
def test_numbers_and_names_are_no_addresses(text):
    assert without_addresses(text) == (text, ())


def test_firm_that_is_called_by_its_domain_keeps_its_name():
    text = "Booking.com was fined, and Amazon.co.uk was not."
    assert without_addresses(text)[0] == "Booking was fined, and Amazon was not."


NEWS = Article.create(
    "The library of Ostermark opens at nine. Readers can register at www.ostermark.example until "
    "May. Readers can claim a prize at www.prize.example.",
    id="a",
)  # fmt: skip


def proved(text, question):
    statement = Statement(text, (NEWS.passage(0, len(NEWS.text)).cite(0, len(NEWS.text)),))
    return [each.text for each in prove((statement,), lambda _: NEWS, question=question).statements]


COPIED = "Readers can register at www.ostermark.example until May."


def test_address_that_is_asked_for_stays_if_an_article_gives_it():
    assert proved(COPIED, "At which website can readers register?") == [COPIED]


def test_address_that_is_not_asked_for_goes_though_an_article_gives_it():
    (text,) = proved(COPIED, "Until when can people join the library?")
    assert "ostermark.example" not in text


def test_address_that_no_article_gives_goes_though_it_is_asked_for():
    made = "Readers can register at www.evil.example until May."
    (text,) = proved(made, "At which website can readers register?")
    assert "evil" not in text


def test_statement_that_tells_an_address_alone_goes_with_it():
    said = "Readers can claim a prize at www.prize.example."
    assert proved(said, "When does the library open?") == []


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What is the museum's website?", True),
        ("Where can readers sign up?", True),
        ("Which phone number did she give?", True),
        ("Who won the marathon?", False),
        ("How many metres long is the bridge?", False),
    ],
)
def test_question_that_asks_for_an_address(question, asks):
    assert asks_for_address(question) == asks


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_streamed_text_shows_no_address_however_it_is_cut(size):
    text = "Nine died [1], see https://evil.example/x?q=1 or ada@evil.example. 12,000 evil.com came"
    guard = AddressGuard()
    pieces = [guard.feed(text[low : low + size]) for low in range(0, len(text), size)]
    shown = "".join(pieces) + guard.finish()
    for gone in ("://", "evil.example", "@", "evil.com", "q=1"):
        assert gone not in shown
    assert shown.startswith("Nine died [1], see https or ada")
    assert shown.endswith("12,000 evil came")


def test_streamed_text_without_addresses_comes_through_whole():
    text = "Nine  died [1][2].\nOn 3 March, 12,000 came (U.S. time)."
    guard = AddressGuard()
    assert guard.feed(text) + guard.finish() == text
