"""The widget's blueprint and nothing else, as a process: ``python -m tests.widget.tiny_site PORT``.

It also serves host pages of other sites, some of them hostile to what is embedded in them.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import html

from bot.settings.support.load import load_support
from bot.widget.blueprint import widget_blueprint

TAG = '<script src="{gateway}/widget/embed.js" async {attributes}></script>'
HOSTILE = """<style>
  * { display: block !important; color: red !important; font-size: 40px !important; }
  div, button, iframe { transform: rotate(3deg) !important; visibility: hidden !important; }
  div, button, iframe { position: static !important; z-index: 0 !important; }
</style>"""
STRICT = "default-src 'none'; script-src {gateway}; frame-src {gateway}; style-src 'none'"
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def tiny_site() -> Sanic[Any, Any]:
    app = Sanic("tiny_site", configure_logging=False)
    # A folder without support.yml: the defaults of the repository.
    app.ctx.techref = SimpleNamespace(
        support=load_support(Path(__file__).parent), clock=lambda: SUNDAY, home=Path(__file__).parent
    )
    app.blueprint(widget_blueprint())

    @app.get("/host/<kind:str>")
    async def host(request: Request, kind: str) -> HTTPResponse:
        gateway = request.args.get("gateway") or f"http://{request.host}"
        tag = TAG.format(gateway=gateway, attributes=request.args.get("attributes", ""))
        head = HOSTILE if kind == "hostile" else ""
        body = f"<h1>Host</h1><button id='theirs'>Theirs</button>{tag}{tag if kind == 'twice' else ''}"
        headers = {"Content-Security-Policy": STRICT.format(gateway=gateway)} if kind == "strict" else {}
        return html(f"<!doctype html><title>Host</title>{head}{body}", headers=headers)

    return app


if __name__ == "__main__":
    tiny_site().run("127.0.0.1", int(sys.argv[1]), single_process=True, access_log=False, motd=False)
