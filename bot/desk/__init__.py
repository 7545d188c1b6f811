"""The technicians' desk: their web application under ``/desk``, served by the gateway."""

from bot.desk.blueprint import desk_blueprint

__all__ = ["desk_blueprint"]
