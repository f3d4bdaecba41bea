"""``python -m qa`` is ``article-qa``: it runs the command that the installed package names."""

import sys
from importlib.metadata import PackageNotFoundError, distribution

__all__ = ["main"]

_INSTALL = "run `pip install .` in the folder of its source"


def main() -> None:
    """Run the console script ``article-qa``, whichever module holds it.

    Looked up by name, since what lies below the command line does not import it.
    """
    try:
        entry_points = distribution("article-qa").entry_points
    except PackageNotFoundError:
        sys.exit(f"article-qa: the package article-qa is not installed; {_INSTALL}")
    for script in entry_points.select(group="console_scripts", name="article-qa"):
        # Versions before named this module, which would only call itself.
        if script.module not in ("qa.__main__", "eval.__main__"):
            script.load()()
            return
    sys.exit(f"article-qa: the package article-qa is installed from older source; {_INSTALL}")


if __name__ == "__main__":
    main()
