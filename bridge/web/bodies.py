"""Request bodies as the server hands them on: read on demand, never beyond their end."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from bridge.web.problems import BadRequest, TooSlow

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK_SIZE: Final = re.compile(rb"[0-9A-Fa-f]{1,15}")
LINE: Final = 1024
"""The longest line between two chunks, and the most bytes of trailers."""


class Source(Protocol):
    """What is read from: the connection."""

    def readinto1(self, buffer: memoryview, /) -> int:
        """Fill ``buffer`` by one system call at most."""
        ...

    def readline(self, limit: int = ..., /) -> bytes:
        """Return a line."""
        ...


class Body(io.RawIOBase):
    """The body of one request.

    Parameters
    ----------
    source
        The connection, right behind the headers.
    length
        How many bytes; None if they come in chunks.
    invite
        Called before the first byte is read.
    """

    def __init__(self, source: Source, length: int | None, invite: Callable[[], None]) -> None:
        self._source = source
        self._chunked = length is None
        self._left = length or 0
        self._invite: Callable[[], None] | None = invite
        self.finished = length == 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` as far as bytes are there; 0 at the end.

        Raises
        ------
        BadRequest
            If the body ends early or is not chunked as it should be.
        TooSlow
            If it stops coming.
        """
        view = memoryview(buffer)
        if self.finished or not len(view):
            return 0
        if self._invite is not None:
            self._invite()
            self._invite = None
        try:
            return self._read(view)
        except TimeoutError:
            raise TooSlow("The body of the request stopped coming.") from None

    def _read(self, buffer: memoryview) -> int:
        if self._chunked and not self._left:
            self._left = self._next_chunk()
            if self.finished:
                return 0
        count = self._source.readinto1(buffer[: self._left])
        if not count:
            raise BadRequest("The body of the request ends before it should.")
        self._left -= count
        if not self._left:
            if not self._chunked:
                self.finished = True
            elif self._line():
                raise BadRequest("A chunk of the body is longer than it says.")
        return count

    def _next_chunk(self) -> int:
        size = self._line().partition(b";")[0].strip()
        if not CHUNK_SIZE.fullmatch(size):
            raise BadRequest("The body is not chunked as HTTP demands.")
        number = int(size, 16)
        if number == 0:
            trailers = 0
            while line := self._line():
                trailers += len(line)
                if trailers > LINE:
                    raise BadRequest("The body has too many trailers.")
            self.finished = True
        return number

    def _line(self) -> bytes:
        line = self._source.readline(LINE)
        if not line.endswith(b"\r\n"):
            raise BadRequest("The body is not chunked as HTTP demands.")
        return line[:-2]
