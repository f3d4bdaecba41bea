"""The parts of the app's page in few requests: one stylesheet, one script, and what else the page
will ask for, told beforehand.

Gradio loads a stylesheet for each kind of component, unless the page has a link to it. So the page
has links to all of them that are switched off, and one to a stylesheet that holds them all. Where
Gradio's files are not as expected, it loads them itself.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import gradio

from ui.locales.wording import LANGUAGES, LOCALES, script_texts

__all__ = ["Bundle", "make_bundles"]

_ASSETS = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
_STATIC = Path(__file__).parents[1] / "static"
_SCRIPTS = (
    "words.js", "app.js", "where.js", "asking.js", "addresses.js", "listing.js", "library.js",
)  # fmt: skip
_ENTRY = re.compile(r'src="\./assets/(index-[\w-]+\.js)"')
_FILES = re.compile(r"m\.f=\[([^\]]*)\]")
_IMPORT = r"import\(`\./(?P<file>[\w.-]+)`\)"
_NEEDS = r"__vite__mapDeps\(\[(?P<needs>[\d,]*)\]\)"
_PART = re.compile(_IMPORT + r"(?:[^_]|_(?!_vite__mapDeps)){0,200}?" + _NEEDS)
_COMPONENT = re.compile(
    r"[{,](?P<type>\w+):\{(?:[^{}]{1,2000},)?component:\(\)=>\w+\(\(\)=>"
    + _IMPORT
    + r"(?:\.then\([^)]*\))?,"
    + _NEEDS
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """``files`` are media type and content by name, which has a hash of the content in it; ``head``
    goes at the end of the head of the app's page.
    """

    files: dict[str, tuple[str, bytes]]
    head: bytes


def make_bundles(types: Iterable[str], first: Iterable[str]) -> dict[str, Bundle]:
    """By language, for an app with components of these types; ``first`` are shown at once."""
    sheets = [name for name in _parts(types) if name.endswith(".css")]
    modules = [name for name in _parts(first) if name.endswith(".js")]
    styles = [(_ASSETS / name).read_text("utf-8") for name in sheets]
    # Its own come last: they have the last word.
    styles.append((_STATIC / "app.css").read_text("utf-8"))
    style, script = "\n".join(styles), "\n".join(_read(name) for name in _SCRIPTS)
    return {code: _make_bundle(code, style, script, sheets, modules) for code in LANGUAGES}


def _make_bundle(
    code: str, style: str, script: str, sheets: Sequence[str], modules: Sequence[str]
) -> Bundle:
    texts = json.dumps(script_texts(code, script), ensure_ascii=False, separators=(",", ":"))
    tag = LOCALES.get(code, code).replace("_", "-")
    script = f"const LANGUAGE = {json.dumps(tag)}, TEXTS = {texts};\n{script}"
    files = {
        _name(style, "css"): ("text/css", style.encode()),
        _name(script, "js"): ("text/javascript", script.encode()),
    }
    css, js = files
    head = [
        '<link rel="icon" href="static-ui/icon.svg">',
        f"<script>{_read('theme.js')}</script>",
        *(f'<link rel="stylesheet" disabled href="./assets/{name}">' for name in sheets),
        *(f'<link rel="modulepreload" href="./assets/{name}">' for name in modules),
        f'<link rel="stylesheet" href="bundle/{css}">',
        f'<script src="bundle/{js}" defer></script>',
    ]
    return Bundle(files, "".join(head).encode())


def _read(name: str) -> str:
    return (_STATIC / name).read_text("utf-8")


def _name(content: str, suffix: str) -> str:
    return f"{hashlib.sha256(content.encode()).hexdigest()[:16]}.{suffix}"


def _parts(types: Iterable[str]) -> list[str]:
    """The files that the page loads for components of these types; none where that is not known."""
    page = (_ASSETS.parent / "index.html").read_text("utf-8")
    entry = _ENTRY.search(page)
    if entry is None:
        return []
    names = dict.fromkeys([entry[1], *re.findall(r'href="\./assets/([\w.-]+\.css)"', page)])
    wanted = {*types}
    for name in _loaded_by(entry[1]):
        names |= dict.fromkeys([name, *_loaded_by(name)])
        source = (_ASSETS / name).read_text("utf-8") if name.endswith(".js") else ""
        for found in _COMPONENT.finditer(source):
            if found["type"] in wanted:
                names |= dict.fromkeys([found["file"], *_needed(source, found["needs"])])
    # The entry has a link of its own.
    return [name for name in names if name != entry[1] and (_ASSETS / name).is_file()]


def _loaded_by(name: str) -> list[str]:
    """What a module loads by and by, besides components."""
    source = (_ASSETS / name).read_text("utf-8") if name.endswith(".js") else ""
    if _COMPONENT.search(source):
        return []
    names: dict[str, None] = {}
    for found in _PART.finditer(source):
        if found["file"].startswith(("Index-", "core-", "Blocks-")):
            names |= dict.fromkeys([found["file"], *_needed(source, found["needs"])])
    return [*names]


def _needed(source: str, needs: str) -> list[str]:
    files = _FILES.search(source)
    known = re.findall(r'"\./([\w.-]+)"', files[1]) if files else []
    places = [int(each) for each in needs.split(",") if each]
    return [known[each] for each in places if each < len(known)]
