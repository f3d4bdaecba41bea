"""Every text of the screen stands in every language, and nowhere but where texts are said."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.jslexer import tokenize
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from ui.locales.wording import LANGUAGES, script_texts
from ui.screen.bundle import _SCRIPTS

UI = Path(__file__).parents[3] / "ui"
OTHERS = [code for code in LANGUAGES if code != "en"]
REPORT = UI.parent / "eval" / "reports" / "templates" / "report.jinja"
TEMPLATES = sorted([*(UI / "html" / "templates").glob("*.jinja"), REPORT])
SCRIPTS = sorted((UI / "static").glob("*.js"))
# What says things: templates and scripts, and the modules behind them.
MODULES = sorted(
    [
        *(UI / "html").rglob("*.py"),
        *({*(UI / "screen").glob("*.py")} - {UI / "screen/file_guard.py"}),
    ]
)
# Buttons that scripts press, an example of an answer, a name, what pydantic says before its words.
UNSEEN = {
    "Reopen", "Refresh", "Renew", "How many leaflets were dropped near al-Tanf?", "Markdown",
    "Value error, ",
}  # fmt: skip
SAYING = ("_", "N_", "ngettext", "gettext")
WORD = re.compile(r"[^\W\d_]{2,}")
# Like words and none: names, units, values of attributes, what is never shown.
NAMES = {"article-qa", "ms", "UTC", "https://…", "openai:gpt-4o-mini", "http://127.0.0.1:8080/v1",
         "yes", "no", "descending", "ascending", "good", "bad"}  # fmt: skip


def extracted():
    """Every text with its plural, empty for none, that is said anywhere."""
    with (UI / "locales" / "extraction.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, "extraction.cfg")
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2),
                "clause": None, "number_clause": (1, 2)}  # fmt: skip
    found = extract_from_dir(UI.parent, methods, options, keywords)
    messages = {message for _file, _line, message, _comments, _context in found}
    return {each if isinstance(each, tuple) else (each, "") for each in messages}


def catalogue(code):
    with (UI / "locales" / f"{code}.po").open("rb") as file:
        return [each for each in read_po(file, locale=code) if each.id]


def placeholders(text):
    return {*re.findall(r"%\(\w+\)s", text)}


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_in_every_language_and_none_besides(code):
    known = {each.id if each.pluralizable else (each.id, "") for each in catalogue(code)}
    texts = extracted()
    assert len(texts) > 300
    assert texts - known == set()
    assert known - texts == set()


@pytest.mark.parametrize("code", OTHERS)
def test_translations_are_complete_and_keep_their_values(code):
    for each in catalogue(code):
        english = each.id if each.pluralizable else (each.id,)
        forms = each.string if each.pluralizable else (each.string,)
        assert all(forms), each.id
        assert not each.fuzzy, each.id
        assert [*map(placeholders, forms)] == [*map(placeholders, english)], each.id


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_template_has_no_text_of_its_own(path):
    source = path.read_text("utf-8")
    assert [*own_words(source)] == []


def test_words_of_a_template_are_noticed():
    assert [*own_words("<p>Hello {{ name }}</p>")] == ["Hello"]
    assert [*own_words('<a aria-label="Close {{ name }}">{{ _("Close") }}</a>')] == ["Close"]
    assert [*own_words('{{ title or "Untitled" }}{{ name }}')] == ["Untitled"]


def own_words(source):
    """What a template says by itself: between tags, in attributes that are read out or shown, in
    what expressions give.
    """
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    parts = []
    for _line, kind, value in environment.lex(source):
        # Between the branches of a condition in a tag stands nothing.
        parts.append(value if kind == "data" else "\0" if kind == "variable_begin" else "")
    markup = re.sub("\0+", "\0", "".join(parts))
    parser = Shown()
    parser.feed(markup)
    yield from (word for word in parser.words if word not in NAMES)
    for node in environment.parse(source).find_all(nodes.Output):
        for each in node.nodes:
            yield from (
                value
                for value in given(each)
                # What begins with white space is part of a tag, or is the value of an attribute.
                if WORD.search(value) and value not in NAMES and value.strip() == value
            )


def given(node):
    """The texts that an expression may give."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, nodes.CondExpr):
        for each in (node.expr1, node.expr2):
            yield from given(each) if each else ()
    if isinstance(node, nodes.Or | nodes.And):
        for each in (node.left, node.right):
            yield from given(each)


class Shown(HTMLParser):
    ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-done", "data-confirm")

    def __init__(self):
        super().__init__()
        self.words = []
        self.quiet = 0

    def handle_starttag(self, tag, attributes):
        self.quiet += tag in ("code", "feed", "author")
        for name, value in attributes:
            if name in self.ATTRIBUTES:
                self.take(value or "")

    def handle_endtag(self, tag):
        self.quiet -= tag in ("code", "feed", "author")

    def handle_data(self, data):
        if not self.quiet:
            self.take(data)

    def take(self, text):
        for part in re.split("[\0 ·\n,.;:()]+|…", text):
            if WORD.search(part) and text.strip("\0 ·\n") not in NAMES:
                self.words.append(part)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_script_has_no_text_of_its_own(path):
    assert [*own_phrases(path.read_text("utf-8"))] == []


def test_phrases_of_a_script_are_noticed():
    assert [*own_phrases('say("Not now", _("Later on"), `${name}`)')] == ["Not now"]


def own_phrases(source):
    said = False
    for token in tokenize(source):
        if token.type == "name":
            said = token.value in SAYING
        elif token.type in ("string", "template_string"):
            text = token.value.strip("\"'`")
            # A sentence or the beginning of one; not a selector, a type, an event, a key.
            if not said and re.match(r"[A-Z][a-z]+ ?(?![\w-]*[#.\[:=])", text) and text not in KEYS:
                yield text


KEYS = {"Escape", "Enter", "Home", "End"} | {f"Arrow{way}" for way in ("Up", "Left", "Right")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(UI)))
def test_module_has_no_text_of_its_own(path):
    tree = ast.parse(path.read_text("utf-8"))
    said = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SAYING
        for argument in ast.walk(node)
    }
    # Docstrings, and names.
    others = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr | ast.AnnAssign | ast.Assign)
        and (isinstance(node, ast.Expr) or "__all__" in ast.unparse(node))
        for part in (node.value, *ast.walk(node.value))
        if not isinstance(node.value, ast.Call)
    }
    phrases = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in said | others
        and re.match(r"[A-Z][a-z]+( [a-z]+.*)?$", node.value)
    ]
    assert [each for each in phrases if each not in UNSEEN] == []


def test_scripts_are_given_what_they_say():
    source = "\n".join((UI / "static" / name).read_text("utf-8") for name in _SCRIPTS)
    texts = script_texts("de", source)
    said = {
        token
        for path in SCRIPTS
        for token in re.findall(r'(?<![\w.])_\("([^"]+)"', path.read_text("utf-8"))
    }
    assert said <= {*texts}
    assert texts["Close"] == "Schließen"
    assert texts["%(num)s passage found"] == [
        "%(num)s Textstelle gefunden",
        "%(num)s Textstellen gefunden",
    ]
    assert script_texts("en", source) == {}


def test_french_signs_are_kept_on_the_line_of_their_words():
    strings = [each.string for each in catalogue("fr")]
    texts = [text for each in strings for text in ([each] if isinstance(each, str) else each)]
    assert [
        text for text in texts if re.search(r"[ \xa0][:;?!»]|«[ \xa0]|\w[;?!»]|«\w", text)
    ] == []
