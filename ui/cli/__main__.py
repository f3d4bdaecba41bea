"""The command line without an installed ``article-qa``: ``python -m ui.cli``."""

from ui.cli.app import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
