"""Puts time on every response of a server: a proxy that lets each byte out some time after the server sent it.

A line that is long, not one that is narrow: requests go through at once, and responses do not wait for one another.
"""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

from cookie_harness.servers import HOST

_PIECE = 65_536


class LateResponses:
    """A port in front of a server's own; use it as a context manager. It knows TCP alone, and changes no byte."""

    def __init__(self, server: int, seconds: float, port: int = 0) -> None:
        """Describe it: `server` is the port of the server, `port` its own (0: any free one)."""
        self.port = port
        self._server = server
        self._seconds = seconds
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._door: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address of the server by way of this port, without a slash at its end."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Open the port; once only."""
        listener = socket.create_server((HOST, self.port), backlog=128)
        self.port = listener.getsockname()[1]
        self._thread.start()
        opening = asyncio.start_server(self._accept, sock=listener)
        self._door = asyncio.run_coroutine_threadsafe(opening, self._loop).result()

    def stop(self) -> None:
        """Close the port, and drop what is still on its way; nothing if that has been done."""
        if self._door is None:
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        """Take no more connections, and drop those that there are."""
        if self._door:
            self._door.close()
            self._door = None
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        """Pass a connection on in a task of its own: one of asyncio's would complain aloud when it is dropped."""
        connection = self._loop.create_task(self._pass_on(browser, to_browser))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _pass_on(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        """Pass both directions of one connection on, until both have ended or one was torn."""
        try:
            server, to_server = await asyncio.open_connection(HOST, self._server)
        except OSError:
            to_browser.transport.abort()
            return
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_copy(browser, to_server, 0))
                both.create_task(_copy(server, to_browser, self._seconds))
        except* OSError:
            to_browser.transport.abort()
        finally:
            to_server.close()
            to_browser.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Pass bytes on, each `seconds` after it came; then, at once, the end of the stream.

    An end that came late would have clients send requests into connections that the server has closed for want of any.
    """
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    clock = asyncio.get_running_loop().time

    async def read() -> None:
        piece = b"?"
        while piece:
            piece = await reader.read(_PIECE)
            pieces.put_nowait((clock(), piece))

    async def write() -> None:
        while True:
            came, piece = await pieces.get()
            if not piece:
                break
            await asyncio.sleep(came + seconds - clock())
            writer.write(piece)
            await writer.drain()
        writer.write_eof()

    async with asyncio.TaskGroup() as both:
        both.create_task(read())
        both.create_task(write())
