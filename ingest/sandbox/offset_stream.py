"""What streams with an offset of their own have in common. Standard library only."""

import io

__all__ = ["OffsetStream"]


class OffsetStream(io.RawIOBase):
    """A stream to read, which can be sought in; ``seek`` and ``readinto`` are its maker's."""

    def __init__(self) -> None:
        self._offset = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._offset
