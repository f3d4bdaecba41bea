"""Where a run may be written: no other result is lost. Knows nothing of how it is made."""

from pathlib import Path

from eval.gold.questions import GoldError
from eval.runs.run import Setting, load_run

__all__ = ["check_out"]

# Options that make no other measurement.
_CHANGING = ("threads", "version")


def check_out(out: Path, setting: Setting) -> None:
    """Raise ValueError if ``out`` is there and is not an earlier run of the same questions by the
    same system with the same options and judge; on which library, machine and version is no matter.
    """
    if not out.exists():
        if not out.parent.is_dir():
            raise ValueError(f"{out.parent} is no folder; make it, or name another file by --out")
        return
    try:
        before = _measurement(load_run(out).setting)
    except GoldError:
        raise ValueError(f"{out} is there and is no run; name another file by --out") from None
    if before != (wanted := _measurement(setting)):
        differing = ", ".join(
            name for name in wanted | before if wanted.get(name) != before.get(name)
        )
        raise ValueError(
            f"{out} has the result of another evaluation (different: {differing}); "
            "name another file by --out, or move that one away"
        )


def _measurement(setting: Setting) -> dict[str, str]:
    """What makes one measurement another, besides what is measured."""
    ours = {"gold": setting.gold, "judge": setting.judge, "system": setting.system}
    options = {name: setting.options[name] for name in setting.options if name not in _CHANGING}
    return options | ours
