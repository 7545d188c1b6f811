"""Parse foreign files in a child process, which may crash, hang or exhaust its memory without harm to ours.

Parsers of PDF, Word and HTML have had decompression bombs, and will have more. The child has a ceiling on memory, and
is killed at its timeout. In each case the file is named in the report and the import goes on with the next.
"""

import multiprocessing
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from knowledge_base.importers.document import NotImported, Whole

SECONDS_A_FILE = 60.0
MEMORY = 2_000_000_000
_SPAWN = multiprocessing.get_context("spawn")


class IsolatedReader:
    """One child, started when it is first needed and again after it was killed."""

    def __init__(self, seconds: float = SECONDS_A_FILE, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._child: tuple[BaseProcess, Connection] | None = None

    def read(self, content: bytes, name: str, kind: str, charset: str | None = None) -> list[Whole]:
        """Return the documents of ``readers.read_file``. Raises NotImported."""
        pipe = self._pipe()
        try:
            pipe.send((content, name, kind, charset))
            if not pipe.poll(self._seconds):
                self.close()
                raise NotImported(f"broken: reading it took more than {self._seconds:.0f} seconds")
            answer: list[Whole] | str = pipe.recv()
        except (EOFError, OSError):
            self.close()
            raise NotImported("broken: reading it needed too much memory, or the reader died of it") from None
        if isinstance(answer, str):
            raise NotImported(answer)
        return answer

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is None:
            return
        process, pipe = self._child
        self._child = None
        process.kill()
        process.join()
        pipe.close()

    def _pipe(self) -> Connection:
        if self._child is None:
            ours, theirs = _SPAWN.Pipe()
            process = _SPAWN.Process(target=_serve, args=(theirs, self._memory), daemon=True)
            process.start()
            theirs.close()
            self._child = process, ours
        return self._child[1]


@contextmanager
def isolated_reader() -> Iterator[IsolatedReader]:
    """Yield a reader and close it at the end."""
    reader = IsolatedReader()
    try:
        yield reader
    finally:
        reader.close()


def _serve(pipe: Connection, memory: int) -> None:
    """Run the child: parse each file received, until the parent closes the pipe."""
    # Not at the top: only the child may hold the parsers' memory, the parent lives as long as the gateway.
    from knowledge_base.importers.readers import read_file

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while True:
        try:
            content, name, kind, charset = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(read_file, content, name, kind, charset))


def _answer(
    read: Callable[..., list[Whole]], content: bytes, name: str, kind: str, charset: str | None
) -> list[Whole] | str:
    try:
        return read(content, name, kind, charset)
    except NotImported as error:
        return str(error)
    except MemoryError:
        return "huge: reading it needed too much memory"
    except Exception as error:  # noqa: BLE001 - one bad file must not end the import of the others
        return f"broken: it cannot be read ({type(error).__name__})"
