"""When a run has cost enough. Knows nothing of who answers."""

from collections.abc import Callable

from eval.runs.run import Item

__all__ = ["cost_limit"]


def cost_limit(dollars: float | None) -> Callable[[Item], bool]:
    """A ``stop`` for one run: true once the answers given so far cost ``dollars`` (USD) or more.

    Answers that cost nothing reach no limit, not even 0; None is no limit.
    """
    spent = 0.0

    def stop(item: Item) -> bool:
        nonlocal spent
        spent += item.answer.usage.cost
        return dollars is not None and spent >= dollars and spent > 0

    return stop
