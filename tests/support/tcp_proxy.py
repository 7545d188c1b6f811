"""TCP proxy to a server on loopback, which a test can cut or stall."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress


class TcpProxy:
    """Forward connections from ``port`` to ``to``: aborts them while cut, forwards no byte while stalled."""

    def __init__(self, to: int) -> None:
        self._to, self.port = to, 0
        self._loop, self.closed = asyncio.get_running_loop(), asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self._moves = asyncio.Event()
        self._moves.set()
        self.is_cut = False

    def cut(self) -> None:
        """Abort every connection, and every new one, until ``restore``."""
        self.is_cut = True
        self._loop.call_soon_threadsafe(self.drop_all)

    def stall(self) -> None:
        """Accept and keep connections, but forward nothing until ``restore``."""
        self._loop.call_soon_threadsafe(self._moves.clear)

    def restore(self) -> None:
        self.is_cut = False
        self._loop.call_soon_threadsafe(self._moves.set)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._moves.set)
        self._loop.call_soon_threadsafe(self.closed.set)

    def drop_all(self) -> None:
        for one in self._open:
            one.transport.abort()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        there_reads, there_writes = await asyncio.open_connection("127.0.0.1", self._to)
        ends = {writer, there_writes}
        self._open |= ends
        try:
            await asyncio.gather(self._pass(reader, there_writes), self._pass(there_reads, writer))
        finally:
            self._open -= ends
            for end in ends:
                end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._moves.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort()


@contextmanager
def tcp_proxy(to: int) -> Iterator[TcpProxy]:
    """Run a proxy in a thread of its own, so that it works while the test blocks its event loop."""
    ready: Future[TcpProxy] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(to, ready)), daemon=True)
    thread.start()
    proxy = ready.result(10)
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join(10)


async def _serve(to: int, ready: "Future[TcpProxy]") -> None:
    proxy = TcpProxy(to)
    server = await asyncio.start_server(proxy.connected, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    ready.set_result(proxy)
    async with server:
        await proxy.closed.wait()
    proxy.drop_all()
    await asyncio.sleep(0.05)
