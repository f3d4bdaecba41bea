"""No regular expression that reads what others wrote takes more than one pass over it.

Counted in steps of a matcher that backtracks as Python's does, over texts made of what the
pattern itself looks for.
"""

import ast
import importlib
import re
import re._constants as sre
import re._parser as parser
import string
import sys
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.backtracking import ONE, Matcher, TooManySteps, written

ROOT = Path(__file__).resolve().parents[3]
# What of `qa` reads whole articles when they are taken in.
QA = ("qa.language.cleaning", "qa.language.sentences", "qa.language.similarity")
# Whose input is cut to a few hundred characters before they see it, and where that is done.
SHORT = {
    "ingest.parsing.dates": "a text of 60 characters",
    "ingest.parsing.language": "a sample of 400 characters",
    "ingest.pages.paywall._PROMPT": "a line of 250 characters",
    "qa.language.similarity._SENTENCE_END": "a sentence of a passage, when a question is asked",
}
# Twice and a little, for what a match costs by itself.
LINEAR = 2.6
METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "split")


def files():
    for file in sorted((ROOT / "ingest").rglob("*.py")):
        if file.name != "__init__.py":
            yield ".".join(file.relative_to(ROOT).with_suffix("").parts), file
    for name in QA:
        yield name, ROOT / f"{name.replace('.', '/')}.py"


def patterns():
    """Name, pattern and whether it is only ever tried at one place, for each in use."""
    for module, file in files():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        values = vars(importlib.import_module(module))
        used: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner, method = ast.unparse(node.func.value), node.func.attr
            if owner == "re" and method in METHODS:
                source = eval(ast.unparse(node.args[0]), values)
                flags = next(
                    (eval(ast.unparse(k.value), values) for k in node.keywords if k.arg == "flags"),
                    0,
                )
                yield f"{module}:{node.lineno}", re.compile(source, flags), {method}
            elif method in METHODS:
                used.setdefault(owner, set()).add(method)
        for name, value in values.items():
            if isinstance(value, re.Pattern) and name in used:
                yield f"{module}.{name}", value, used[name]


PATTERNS = {
    name: (pattern, methods <= {"match", "fullmatch"})
    for name, pattern, methods in patterns()
    if not any(name.startswith(short) for short in SHORT)
}


SIGNS = "a1 \n\t\"\\<>/=.-#':;&!()[]{}%?xA\u00ad"

OTHERS = string.ascii_letters + "\ufffe\ud800\u3040\x00\x80\xc3\xe3\xf1"


def example(items):
    """A short text that the items of a pattern match."""
    text = ""
    for operator, argument in items:
        if operator in ONE:
            one = re.compile(written(operator, argument), re.DOTALL)
            named = chr(argument) if operator is sre.LITERAL else ""
            text += named or next(sign for sign in [*SIGNS, *OTHERS] if one.match(sign))
        elif operator is sre.BRANCH:
            text += max(map(example, argument[1]), key=len)
        elif operator is sre.SUBPATTERN:
            text += example(argument[3])
        elif operator is sre.ATOMIC_GROUP:
            text += example(argument)
        elif operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            text += example(argument[2]) * max(1, argument[0])
    return text


def beginnings(items, before=""):
    """What leads a match to each of its places: where a repeat begins, above all."""
    for item in items:
        yield before
        operator, argument = item
        if operator is sre.BRANCH:
            for branch in argument[1]:
                yield from beginnings(branch, before)
        elif operator in (sre.SUBPATTERN, sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield from beginnings(argument[-1], before)
        elif operator is sre.ATOMIC_GROUP:
            yield from beginnings(argument, before)
        before += example([item])
    yield before


def steps(matcher, text, anchored, *, most=float("inf")):
    """Steps taken, as far as ``most``."""
    matcher.most_steps = most
    text = text.encode("latin-1", "replace") if matcher.of_bytes else text
    with suppress(TooManySteps):
        if anchored:
            matcher.match(text)
        else:
            matcher.spans(text)
    return matcher.steps


def worst_growth(pattern, *, anchored, size=16):
    """By how much the steps grow, at worst, when a text is twice as long, and for which text."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    starts = list(dict.fromkeys(beginnings(tree)))
    matcher = Matcher(pattern)
    signs = list(dict.fromkeys([*"a1 \n", *"".join(starts), *SIGNS[4:]]))[:12]
    units = [*signs, *map("".join, product(signs[:5], repeat=2)), *starts[1:]]
    worst = (0.0, "")
    for start, unit in product([each for each in starts if len(each) < 99][:8], units):
        count = max(4, size // len(unit))
        one = steps(matcher, start + unit * count + "\x01", anchored)
        twice = start + unit * 2 * count + "\x01"
        two = steps(matcher, twice, anchored, most=4 * one)
        if two > 10 * size:  # fewer are those of the start
            worst = max(worst, (two / one, start + unit))
        if worst[0] > LINEAR:
            break
    return worst


@pytest.fixture(autouse=True)
def _deep():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize("name", PATTERNS)
def test_twice_the_text_takes_no_more_than_twice_the_steps(name):
    pattern, anchored = PATTERNS[name]
    growth, text = worst_growth(pattern, anchored=anchored)
    assert growth <= LINEAR, f"{name} takes {growth:.1f} times the steps on {text!r} repeated"


@pytest.mark.parametrize(
    "slow",
    [
        r"(?m)^ {0,3}#{1,6}[ \t]+(\S.*?)[ \t]*#*[ \t]*$",
        r"([A-Za-z][\w .-]*?)[ \t]*:(?:[ \t]+(.*)|)\Z",
        r"[ \t]+$",
        r"(?:a|aa)+b",
        r'"(?:[^"\\]++|\\.)*+"',
        r"(?s)<!--.*?-->",
        rb"(?i)<meta[^>]+charset\s*=\s*[\"']?\s*([\w:.-]+)",
    ],
)
def test_a_slow_pattern_is_known_when_it_is_seen(slow):
    assert worst_growth(re.compile(slow), anchored=False)[0] > LINEAR


@given(
    st.sampled_from(list(PATTERNS.values())),
    st.text("ab1 \n\t\"'<>/=-#:;&!.*()\\[]{}x", max_size=24),
)
def test_the_counting_matcher_finds_what_python_finds(chosen, text):
    pattern, _ = chosen
    text = text.encode("latin-1") if isinstance(pattern.pattern, bytes) else text
    assert Matcher(pattern).spans(text) == [found.span() for found in pattern.finditer(text)]


def test_all_patterns_in_use_are_looked_at():
    assert len(PATTERNS) > 40
