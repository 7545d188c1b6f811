"""A use case is one transaction that can be run again: nothing outside the session happens before its commit."""

import random
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

# Not more: whoever meets so many transactions that undo each other is better served by an error.
ATTEMPTS = 5
BACKOFF_SECONDS = 0.01
# PostgreSQL's deadlock_detected and serialization_failure
# (https://www.postgresql.org/docs/current/errcodes-appendix.html): run again, the transaction can succeed.
RETRIED_SQLSTATES = ("40P01", "40001")
_AFTER_COMMIT = "after_commit"

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Superseded(Exception):
    """A read made before the lock is out of date: the use case must be run again."""


class Transactions(Protocol):
    """The part of Database that runs use cases."""

    async def run(
        self,
        use_case: Callable[[AsyncSession], Awaitable[Result]],
        *,
        priority: bool = False,
        retried: tuple[type[DBAPIError], ...] = (),
    ) -> Result:
        """Run a use case in a transaction."""


class HasDatabase(Protocol):
    """A context that knows its database."""

    @property
    def db(self) -> Transactions: ...


Ctx = TypeVar("Ctx", bound=HasDatabase)


def unit_of_work(
    *, priority: bool = False, retried: tuple[type[DBAPIError], ...] = ()
) -> Callable[
    [Callable[Concatenate[AsyncSession, Ctx, Arguments], Awaitable[Result]]],
    Callable[Concatenate[Ctx, Arguments], Coroutine[Any, Any, Result]],
]:
    """Make a use case ``(session, ctx, …)`` a function ``(ctx, …)`` that runs it in one transaction.

    A deadlock, a serialisation failure, Superseded and the errors in ``retried`` roll it back and run it again, so it
    may change nothing but the session: what is to be sent or woken goes through ``after_commit``. ``priority``:
    somebody outside waits for this one.
    """

    def decorate(
        use_case: Callable[Concatenate[AsyncSession, Ctx, Arguments], Awaitable[Result]],
    ) -> Callable[Concatenate[Ctx, Arguments], Coroutine[Any, Any, Result]]:
        @wraps(use_case)
        async def run(ctx: Ctx, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            return await ctx.db.run(
                lambda session: use_case(session, ctx, *args, **kwargs), priority=priority, retried=retried
            )

        return run

    return decorate


def after_commit(session: AsyncSession, callback: Callable[..., None], *args: Any) -> None:
    """Call back once the session's transaction is committed; never when it is rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append((callback, args))


def call_back(session: AsyncSession) -> None:
    """Make the calls that the committed transaction has asked for, in their order."""
    for callback, args in session.info.pop(_AFTER_COMMIT, ()):
        callback(*args)


def can_run_again(error: Exception, retried: tuple[type[DBAPIError], ...]) -> bool:
    """Return whether the same transaction may succeed when it is run again."""
    if isinstance(error, (Superseded, *retried)):
        return True
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in RETRIED_SQLSTATES


def backoff(attempt: int) -> float:
    """Return the seconds to wait after failed attempt ``attempt``, counted from 1, at random so that two part."""
    return random.uniform(0, BACKOFF_SECONDS * 2**attempt)  # noqa: S311 - spreads load, guards nothing
