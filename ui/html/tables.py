"""The library as HTML: its health, and what became of sources taken in.

The markup is in ``templates/library.jinja``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.accounting import UnusedInFile
from ingest.run import IngestReport, Progress
from ingest.sandbox.messages import LeftOut
from ingest.sources import Failure
from qa.index.doctor import Health
from qa.runtime.templates import macros
from ui.html.markup import remote_words
from ui.locales.wording import N_, TEMPLATE_WORDS, ngettext
from ui.locales.wording import gettext as _

__all__ = ["counts_html", "health_html", "intake_html", "progress_html"]


def progress_html(progress: Progress, sources: Sequence[str]) -> str:
    """How far an ingest is, in all and with each source."""
    share = min(progress.done_bytes / progress.total_bytes, 1) if progress.total_bytes else None
    read = [_outcome(each, progress.failed, _("read")) for each in sources[: progress.sources]]
    waiting = [_name(each) for each in sources[progress.sources :]]
    return str(_MACROS["progress"](progress, share, read, waiting))


def intake_html(report: IngestReport, sources: Sequence[str]) -> str:
    """What became of each source: taken in, unchanged, or why not."""
    unchanged = {*report.unchanged_files}
    left_out = {file.origin: _reason(file.reason) for file in report.left_out}
    outcomes = [
        _Outcome(_name(each), _("left out (%(reason)s)", reason=left_out[each]), left_out=True)
        if each in left_out
        else _outcome(
            each,
            report.failed,
            _("unchanged") if each in unchanged else _("taken in"),
            report.unused,
            report.left_out,
        )
        for each in sources
    ]
    reasons = [(_reason(each), count) for each, count in report.left_out_reasons.items()]
    return str(_MACROS["intake"](report, outcomes, reasons))


def health_html(health: Health, done: str = "") -> str:
    """How the library is, and what is wrong with it, in a librarian's words; ``done`` tells what
    was done to know it.
    """
    findings = [
        (
            _FINDINGS[each.name](each.count) if each.name in _FINDINGS else each.name,
            remote_words(each.detail),
        )
        for each in health.findings
    ]
    return str(_MACROS["health"](health, findings, done))


def counts_html(articles: int, passages: int) -> str:
    """How large the library is, while it is not known yet how it is."""
    return str(_MACROS["examining"](articles, passages))


# What each finding of the doctor means to whoever looks after the articles.
_FINDINGS: dict[str, Callable[[int], str]] = {
    "database": lambda num: _(
        "The file of the library is damaged. Repair tries to mend it; if that fails, bring "
        "back a backup."
    ),
    "damaged articles": lambda num: ngettext(
        "%(num)s article does not read as it was taken in. It is not cited. Take it in "
        "again from its source.",
        "%(num)s articles do not read as they were taken in. They are not cited. Take "
        "them in again from their source.",
        num,
    ),
    "earlier versions": lambda num: ngettext(
        "%(num)s earlier version of an article is damaged. Repair drops it; the current "
        "version is not concerned.",
        "%(num)s earlier versions of articles are damaged. Repair drops them; the current "
        "versions are not concerned.",
        num,
    ),
    "passages": lambda num: ngettext(
        "%(num)s article is cut into other passages than it should be. Repair cuts it again.",
        "%(num)s articles are cut into other passages than they should be. Repair cuts them again.",
        num,
    ),
    "pending": lambda num: ngettext(
        "%(num)s passage is found by its words, but not yet by its meaning. Repair, or "
        "the next article that is taken in, catches up.",
        "%(num)s passages are found by their words, but not yet by their meaning. Repair, "
        "or the next article that is taken in, catches up.",
        num,
    ),
    "pending words": lambda num: ngettext(
        "%(num)s passage is not found by its words yet. Repair catches up.",
        "%(num)s passages are not found by their words yet. Repair catches up.",
        num,
    ),
    "removals": lambda num: ngettext(
        "%(num)s trace of a removed article is left in the index. Repair clears it away.",
        "%(num)s traces of removed articles are left in the index. Repair clears them away.",
        num,
    ),
    "word index": lambda num: _("Search by words does not fit the articles. Repair makes it anew."),
    "copies": lambda num: ngettext(
        "%(num)s article was not yet compared with the others, so its copies are not "
        "known. Repair does it.",
        "%(num)s articles were not yet compared with the others, so their copies are not "
        "known. Repair does it.",
        num,
    ),
    "missing": lambda num: ngettext(
        "%(num)s passage is not found by its meaning. Repair puts it in.",
        "%(num)s passages are not found by their meaning. Repair puts them in.",
        num,
    ),
    "orphaned": lambda num: ngettext(
        "%(num)s entry of the index belongs to no article any more. Repair clears it away.",
        "%(num)s entries of the index belong to no article any more. Repair clears them away.",
        num,
    ),
    "stale": lambda num: ngettext(
        "%(num)s entry of the index is of an older text. Repair makes it anew.",
        "%(num)s entries of the index are of an older text. Repair makes them anew.",
        num,
    ),
    "unreachable": lambda num: ngettext(
        "%(num)s passage is hidden from search by meaning. Repair brings it back.",
        "%(num)s passages are hidden from search by meaning. Repair brings them back.",
        num,
    ),
    "fingerprint": lambda num: _(
        "Search by meaning was set up with another model than the one that is used now, so no "
        "question is answered. Repair sets it up anew from the articles: none is lost or has to be "
        "taken in again, but with many articles it takes minutes. If the model was changed by "
        "mistake, whoever runs the server can set it back instead."
    ),
    "unreadable": lambda num: _(
        "Search by meaning cannot be used. Repair makes it anew; until then words alone "
        "are searched."
    ),
}


# Parts of one source that are named when they were left out.
_MOST_PARTS = 20
# Why files are left out; other reasons name what of the file it is.
_REASONS = {"empty": N_("empty"), "hidden": N_("hidden"), "a hidden folder": N_("a hidden folder")}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one source: a state in words, and the parts of it that failed with reasons."""

    name: str
    state: str
    reasons: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    left_out: bool = False


def _outcome(
    source: str,
    failed: Sequence[Failure],
    done: str,
    unused: Sequence[UnusedInFile] = (),
    left_out: Sequence[LeftOut] = (),
) -> _Outcome:
    name = _name(source)
    own = [failure for failure in failed if _is_of(failure.origin, source)]
    notes = [_unused_text(each) for each in unused if _is_of(each.origin, source)]
    parts = [each for each in left_out if _is_of(each.origin, source)]
    notes += [
        _(
            "not read: %(name)s (%(reason)s)",
            name=_part(each.origin, source),
            reason=_reason(each.reason),
        )
        for each in parts[:_MOST_PARTS]
    ]
    if not own:
        return _Outcome(name, done, notes=notes)
    reasons = [
        (_part(each.origin, source) or name, remote_words(each.reason.replace(source, name)))
        for each in own
    ]
    whole = any(failure.origin == source for failure in own)
    partly = ngettext(
        "%(done)s, but %(num)s part of it failed",
        "%(done)s, but %(num)s parts of it failed",
        len(own),
        done=done,
    )
    return _Outcome(name, _("failed") if whole else partly, reasons, notes)


def _is_of(origin: str, source: str) -> bool:
    """Whether an entry is one of a source, after which it is named: a.zip!b.txt, news.jsonl:17,
    folder/b.txt.
    """
    return origin == source or origin.startswith(tuple(source + sign for sign in "!:/"))


def _unused_text(unused: UnusedInFile) -> str:
    names = ", ".join(map(repr, unused.names))
    if unused.kind == "columns":
        return ngettext(
            "not used: column %(names)s",
            "not used: columns %(names)s",
            len(unused.names),
            names=names,
        )
    return ngettext(
        "not used: field %(names)s", "not used: fields %(names)s", len(unused.names), names=names
    )


def _reason(left_out: str) -> str:
    """Why a file was left out."""
    return _(_REASONS[left_out]) if left_out in _REASONS else left_out


def _part(origin: str, source: str) -> str:
    """What of a source is meant: an entry by its path, a line by its number."""
    part = origin.removeprefix(source).lstrip("!:/")
    return _("line %(number)s", number=part) if part.isdecimal() else part


def _name(source: str) -> str:
    return source if "://" in source else Path(source).name


_MACROS = macros("ui.html", "library", **TEMPLATE_WORDS)
