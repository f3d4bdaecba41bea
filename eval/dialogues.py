"""``python -m eval.dialogues``, the earlier name of ``python -m eval.benchmarks.follow_ups``."""

from eval.benchmarks.follow_ups import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
