"""``python -m eval`` is ``article-qa``, whose commands the evaluation's are."""

from qa.__main__ import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
