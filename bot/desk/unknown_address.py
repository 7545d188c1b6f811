"""An address of the desk that leads nowhere: a page for a person, the API's error for a program."""

from collections.abc import Awaitable, Callable

from sanic import HTTPResponse, Request
from sanic.exceptions import NotFound as NoRoute

from bot.desk.pages import Pages
from bot.desk.request_context import SAFE_METHODS, DeskRequest, page_for_technicians
from bot.http.errors import http_error
from bot.services.core.errors import NotFound

# What scripts and programs ask for.
NO_PAGES = ("/desk/api/", "/desk/fragments/", "/desk/static/")
MESSAGE = "There is no page at this address. Nothing was changed."


def unknown_address(pages: Pages, headers: dict[str, str]) -> Callable[[Request, NoRoute], Awaitable[HTTPResponse]]:
    """Return the handler of addresses without a route; the blueprint's middleware does not reach them."""

    async def show(_request: Request, visit: DeskRequest) -> HTTPResponse:
        return pages.problem(visit, NotFound(MESSAGE))

    page = page_for_technicians(show)

    async def handle(request: Request, error: NoRoute) -> HTTPResponse:
        is_page = request.method in SAFE_METHODS and request.path.startswith("/desk/")
        if not is_page or request.path.startswith(NO_PAGES):
            return await http_error(request, error)
        response: HTTPResponse = await page(request)
        response.headers.update(headers)
        return response

    return handle
