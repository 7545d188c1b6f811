"""The gateway's Sanic application: the only process that the public talks to."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from sanic import Request, Sanic
from sanic.exceptions import NotFound as NoRoute
from sanic.response import BaseHTTPResponse

from bot.channels.registry import outside_channels
from bot.channels.web.api import api
from bot.desk.blueprint import desk_blueprint
from bot.desk.presence import Presence
from bot.gateway import rate_limit
from bot.gateway.cluster.no_cluster import NullCluster
from bot.gateway.routes import brand, health, manual, metrics, openapi, pay, trackers
from bot.gateway.supervise import Loop, Supervisor, every
from bot.gateway.workers import clock_watch, manual_upkeep, outbox_worker, requested_work, scheduler, support_watch
from bot.gateway.workers.clock_watch import ClockWatch
from bot.gateway.workers.outbox_worker import OutboxWorker
from bot.gateway.workers.scheduler import Scheduler
from bot.gateway.workers.senders import senders
from bot.gateway.workers.turn_worker import SWEEP_SECONDS, TurnWorker
from bot.gateway.workers.typing_indicator import TypingIndicator
from bot.gateway.workers.watcher import Watcher
from bot.http import errors
from bot.http.client_address import GatewayRequest
from bot.http.hub import Hub
from bot.machine_api.blueprint import machine_api
from bot.processes.only_one import only_process
from bot.services.core.context import Context, wire
from bot.services.desk import delayed_actions
from bot.services.outbox import leases
from bot.services.turn import conversation_lease
from bot.services.turn.engine_client import Engine
from bot.settings.env.settings import Settings
from bot.widget.blueprint import widget_blueprint

if TYPE_CHECKING:
    from bot.gateway.cluster.pubsub import OtherGateways

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(), microphone=()",
}
BODY_LIMIT_OVERHEAD = 1_000_000
LEASES = "leases"
DELAYED_LOOK_SECONDS = 0.5


def create_app(settings: Settings, wiring: Callable[[Settings], Context] = wire) -> Sanic[Any, Any]:
    """Return the application; database, engine and background tasks are opened when the server starts.

    Tests pass another ``wiring`` to put, say, a fixed clock into the same program.
    """
    context = wiring(settings)
    app = Sanic("techref", configure_logging=False, request_class=GatewayRequest)
    app.config.REQUEST_MAX_SIZE = context.support.limits.file_bytes + BODY_LIMIT_OVERHEAD
    app.config.RESPONSE_TIMEOUT = 60
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 3.0
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.techref = context
    app.ctx.channels = channels = outside_channels(context)
    errors.install(app)
    for blueprint in (
        api,
        machine_api(),
        health.health,
        brand.brand,
        metrics.metrics,
        openapi.description,
        pay.pay,
        trackers.trackers,
        widget_blueprint(),
        manual.manual(context),
        desk := desk_blueprint(),
        *(channel.blueprint for channel in channels),
    ):
        app.blueprint(blueprint)
    app.error_handler.add(NoRoute, desk.ctx.unknown_address)
    app.register_listener(_open, "before_server_start")
    app.register_listener(_close, "before_server_stop")
    app.register_middleware(rate_limit.count, "request")
    app.register_middleware(_safe_headers, "response")
    return app


async def _open(app: Sanic[Any, Any]) -> None:
    context: Context = app.ctx.techref
    app.ctx.alone = ExitStack()
    app.ctx.hub = hub = Hub()
    app.ctx.engine = engine = Engine.connect(context.settings)
    app.ctx.worker = worker = TurnWorker(context, engine, hub)
    deliver = {one.name: one.deliver for one in app.ctx.channels if one.deliver}
    staff = {one.name: one.staff for one in app.ctx.channels if one.staff}
    looking = partial(app.ctx.desk_presence.is_looking, hub)
    app.ctx.outbox = sender = OutboxWorker(context, senders(context, deliver, staff, looking))
    app.ctx.typing = indicator = TypingIndicator(context, deliver)

    app.ctx.other_gateways = others = _others(context, hub, app.ctx.desk_presence)
    watcher = Watcher(context, hub, others.receiving)

    def wake(topic: str) -> None:
        hub.wake(topic)
        sender.kick()
        others.wake(topic)

    def typing(topic: str, author: str, name: str, on: bool) -> None:
        if author != "customer":
            indicator.typing(topic, on)
        others.typing(topic, author, name, on)

    app.ctx.clock_watch = ClockWatch(context)
    context.wake, context.work = wake, worker.kick
    hub.on_typing, hub.on_presence = typing, others.came_or_left
    if context.db.is_sqlite:
        # One gateway only, held to that by the kernel: a lease found now was held by a process that is gone.
        app.ctx.alone.enter_context(only_process(context.home, LEASES))
        await conversation_lease.drop_leases(context)
        await leases.drop_leases(context)
    app.ctx.scheduler = Scheduler(context)
    app.ctx.supervisor = supervisor = Supervisor()
    for name, loop in _loops(app, watcher).items():
        supervisor.start(name, loop)


def _loops(app: Sanic[Any, Any], watcher: Watcher) -> dict[str, Loop]:
    """Return the background loops of this gateway by name."""
    ctx: Context = app.ctx.techref
    loops: dict[str, Loop] = {
        "turns": every(SWEEP_SECONDS, app.ctx.worker.sweep),
        "watcher": watcher.run,
        "scheduler": every(scheduler.LOOK_EVERY_SECONDS, partial(_schedule, app)),
        "outbox": every(outbox_worker.LOOK_EVERY_SECONDS, app.ctx.outbox.look, app.ctx.outbox.news),
        "delayed actions": every(DELAYED_LOOK_SECONDS, partial(delayed_actions.do_what_is_due, ctx)),
        "clock": every(clock_watch.LOOK_EVERY_SECONDS, app.ctx.clock_watch.look),
        "support.yml": every(support_watch.LOOK_EVERY_SECONDS, partial(support_watch.look_at_support, ctx)),
    }
    for one in (background for channel in app.ctx.channels for background in channel.background):
        loops[one.name] = every(one.every_seconds, one.step, one.news)
    if not isinstance(app.ctx.other_gateways, NullCluster):
        loops["other gateways"] = partial(app.ctx.other_gateways.run, watcher.look_soon)
    if ctx.settings.redis_url:
        from bot.gateway.cluster.shared_rate_limits import SharedLimits

        loops["shared limits"] = SharedLimits(ctx, ctx.settings.redis_url).run
    return loops


async def _schedule(app: Sanic[Any, Any]) -> None:
    """Run what is due, after a look at the clock: the silence rule must know that it was set before it goes by it."""
    await app.ctx.clock_watch.look()
    await app.ctx.scheduler.look()


def _others(ctx: Context, hub: Hub, presence: Presence) -> "OtherGateways | NullCluster":
    """On SQLite there is one gateway: nobody to tell, even with a Redis."""
    if not ctx.settings.redis_url or ctx.db.is_sqlite:
        return NullCluster()
    from bot.gateway.cluster.pubsub import OtherGateways

    return OtherGateways(ctx.settings, ctx.settings.redis_url, hub, presence)


async def _close(app: Sanic[Any, Any]) -> None:
    await app.ctx.supervisor.stop()
    await app.ctx.scheduler.stop()
    # Turns first: what is on its way is then recorded without waiting for their writes.
    await app.ctx.worker.stop()
    await app.ctx.outbox.stop()
    await app.ctx.typing.stop()
    await manual_upkeep.stop(app.ctx.techref)
    await requested_work.stop(app.ctx.techref)
    for channel in app.ctx.channels:
        if channel.deliver:
            await channel.deliver.close()
    await app.ctx.engine.close()
    await app.ctx.techref.db.close()
    app.ctx.alone.close()


async def _safe_headers(_request: Request, response: BaseHTTPResponse) -> None:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
