"""Rate limits as token buckets (GCRA) in memory: a ceiling against floods, not a quota.

A key has a debt: each request adds what it costs, time takes it away, and a debt larger than the burst is refused until
it has shrunk. So who was too fast waits for a moment, not for the end of a minute. Gateways that share a Redis tell
each other what was spent, in ``bot.gateway.cluster.shared_rate_limits``; the count here goes on without it.
"""

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from bot.services.core.context import Context
from bot.services.core.errors import TooMany

MOST_KEYS = 50_000
# How long the messages of a workspace may wait for their turn until its requests are refused.
LONGEST_BACKLOG_SECONDS = 600.0
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Limit:
    """``burst`` requests at once, refilled at ``per_second``."""

    burst: int
    per_second: float

    @classmethod
    def a_minute(cls, requests: int) -> "Limit":
        return cls(requests, requests / 60)

    @classmethod
    def an_hour(cls, requests: int) -> "Limit":
        return cls(requests, requests / 3600)

    @property
    def cost(self) -> float:
        """Return what one request adds to the debt, in seconds."""
        return 1 / self.per_second

    @property
    def most(self) -> float:
        """Return the largest debt, in seconds."""
        return self.burst * self.cost


def opening_limit(ctx: Context) -> Limit:
    """Conversations from one address."""
    return Limit.an_hour(ctx.support.limits.conversations_per_hour)


def writing_limit(ctx: Context) -> Limit:
    """Messages, and likewise files, of one conversation."""
    return Limit.a_minute(ctx.support.limits.messages_per_minute)


def request_limit(ctx: Context) -> Limit:
    """Requests of any kind with one token or desk session."""
    return Limit.a_minute(ctx.support.limits.requests_per_minute)


def address_limit(ctx: Context) -> Limit:
    """Requests of any kind from one address."""
    return Limit.a_minute(ctx.support.limits.address_requests_per_minute)


def search_limit(ctx: Context) -> Limit:
    """Searches from one address on the manual's own pages: each one is recorded."""
    return Limit.a_minute(ctx.support.limits.manual_searches_per_minute)


def transcript_limit(ctx: Context) -> Limit:
    """Copies of conversations by mail that one network address, or one customer of Slack or Teams, asks for."""
    return Limit.an_hour(ctx.support.limits.transcripts_per_hour)


def unproven_mail_limit(ctx: Context) -> Limit:
    """Mails that customers have us send to addresses which nobody has proven, of all customers together."""
    return Limit.an_hour(ctx.support.limits.unproven_mails_per_hour)


def workspace_limit(ctx: Context) -> Limit:
    """Messages of one Slack workspace or Teams tenant that are worked on at once."""
    return Limit.a_minute(ctx.support.limits.workspace_messages_per_minute)


@dataclass
class TokenBuckets:
    """The debts of one process: under each key the time at which it will have none."""

    _clear_at: dict[str, float] = field(default_factory=dict)
    _spent: dict[str, float] = field(default_factory=dict)
    shared: bool = False

    def wait_seconds(self, key: str, now: float) -> float:
        """Return the debt under ``key``, in seconds."""
        return max(0.0, self._clear_at.get(key, 0.0) - now)

    def add(self, key: str, seconds: float, now: float) -> None:
        if len(self._clear_at) >= MOST_KEYS and key not in self._clear_at:
            self._forget_some(now)
        self._clear_at[key] = now + self.wait_seconds(key, now) + seconds
        if self.shared:
            self._spent[key] = self._spent.get(key, 0.0) + seconds

    def take_spent(self) -> dict[str, float]:
        """Return what was added since this was asked last."""
        spent, self._spent = self._spent, {}
        return spent

    def learn(self, key: str, owed: float, now: float) -> None:
        """All gateways together owe so much, as of the last ``take_spent``."""
        self._clear_at[key] = max(self._clear_at.get(key, 0.0), now + owed + self._spent.get(key, 0.0))

    def reset(self) -> None:
        """Begin anew, as after a restart: the times that were noted no longer mean anything."""
        self._clear_at.clear()

    def _forget_some(self, now: float) -> None:
        """Those without a debt; if that is not enough the smaller half, so that a flood of new keys frees nobody."""
        owing = sorted((clear, key) for key, clear in self._clear_at.items() if clear > now)
        self._clear_at = {key: clear for clear, key in owing[-(MOST_KEYS // 2) :]}


_debts: WeakKeyDictionary[Context, TokenBuckets] = WeakKeyDictionary()


def token_buckets_of(ctx: Context) -> TokenBuckets:
    """Return the debts that this process counts."""
    found = _debts.get(ctx)
    if found is None:
        found = _debts[ctx] = TokenBuckets()
    return found


def check_limit(ctx: Context, key: str, limit: Limit) -> None:
    """Count one request under ``key``; raises TooMany with the seconds until the next may come."""
    debts, now = token_buckets_of(ctx), ctx.clock().timestamp()
    too_much = debts.wait_seconds(key, now) + limit.cost - limit.most
    if too_much > _ROUNDING:
        raise _too_many(too_much)
    debts.add(key, limit.cost, now)


def pace_message(ctx: Context, key: str, limit: Limit) -> float:
    """Count one message that is kept in any case; the seconds that its turn has to wait for those before it.

    Raises TooMany, and counts nothing, when ten minutes of messages are waiting already.
    """
    debts, now = token_buckets_of(ctx), ctx.clock().timestamp()
    too_much = debts.wait_seconds(key, now) + limit.cost - limit.most
    if too_much > LONGEST_BACKLOG_SECONDS:
        raise _too_many(too_much - LONGEST_BACKLOG_SECONDS)
    debts.add(key, limit.cost, now)
    return too_much if too_much > _ROUNDING else 0.0


def _too_many(seconds: float) -> TooMany:
    return TooMany("That was very fast. Nothing was stored; try again in a moment.", retry_after=int(seconds) + 1)
