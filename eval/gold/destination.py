"""Where gold questions may be written: nothing else is lost."""

from collections.abc import Callable
from pathlib import Path

from eval.gold.questions import Gold, GoldError, load_gold

__all__ = ["check_gold_out"]

_OTHER = "name another file by --out"


def check_gold_out(out: Path, is_ours: Callable[[Gold], bool]) -> None:
    """Raise ValueError if ``out`` cannot be a file of gold, or is one with questions that are not
    ours to write over, or is anything else.
    """
    if out.is_dir():
        raise ValueError(f"{out} is a folder; name a file by --out")
    if not out.parent.is_dir():
        raise ValueError(f"{out.parent} is no folder; make it, or {_OTHER}")
    if out.exists() and not out.is_file():
        return  # a pipe or a terminal
    if out.suffix != ".jsonl":
        raise ValueError(f"{out} is no name for gold questions; name a .jsonl file by --out")
    if not out.exists() or not out.stat().st_size:
        return
    try:
        questions = load_gold(out)
    except GoldError:
        raise ValueError(f"{out} is there and holds no gold questions; {_OTHER}") from None
    others = sum(not is_ours(each) for each in questions)
    if others:
        raise ValueError(
            f"{out} has {others:,} question{'s' * (others > 1)} that would be lost, reviewed or of "
            f"other origin; {_OTHER}, or move that one away"
        )
