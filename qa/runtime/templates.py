"""Jinja2 templates that escape every value. Needs Jinja2, which the extras bring."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from qa.language.cleaning import replace_controls

__all__ = ["macros"]


def macros(package: str, name: str, **functions: Callable[..., object]) -> Mapping[str, Any]:
    """The macros of ``templates/NAME.jinja`` in a package, each a function that returns HTML.

    Values are escaped, and control characters in them replaced, unless they are HTML already
    (`markupsafe.Markup`, as macros return). ``functions`` can be called in the templates.
    Raises jinja2.TemplateNotFound, and jinja2.UndefinedError where a name is not known.
    """
    template = _environment(package).get_template(f"{name}.jinja", globals=functions)
    # A module of its own: that of the template keeps the functions it was first made with.
    return vars(template.make_module(functions))


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_replace_controls,
    )


def _replace_controls(value: object) -> object:
    # A page turns a carriage return into a line feed by itself, a pair of them into one.
    return replace_controls(value).replace("\r", " ") if type(value) is str else value
