"""A small library whose words are known."""

import pytest

from qa.records.article import Article

TEXTS = (
    "The council of Marlow Quay closed the swing bridge in Hallam Street after an inspection.",
    "Mayor Odile Branner of Marlow Quay said that the Hallam Street swing bridge is unsafe.",
    "An outbreak of salmonella in Marlow Quay ended, the government said. Malmö sent help to us.",
)


@pytest.fixture
def library(make_library):
    articles = (
        Article.create(text, id=str(number), language="en") for number, text in enumerate(TEXTS)
    )
    return make_library(*articles).library
