"""The learning page: phrases that were not understood, for supervisors to label; what everybody at the desk marks."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import SUPERVISORS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body, number_in_path
from bot.services.core import audit
from bot.services.core.errors import Invalid
from bot.services.technician import access
from bot.services.technician.accounts import ROLES as EVERYBODY
from bot.services.understanding import learned_examples, misunderstood, teach
from bot.services.upkeep.requested_work import Work, work_view


async def listed(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the phrases that wait for a label, the most frequent first."""
    phrases = await misunderstood.list_misunderstood(visit.ctx)
    shown = [
        {"key": one.key, "text": one.text, "count": one.count, "marked": one.marked, "suggestion": one.suggestion}
        for one in phrases
    ]
    return json({"phrases": shown, "intents": sorted(learned_examples.list_intents())}, headers=NO_STORE)


async def label(request: Request, visit: DeskRequest, key: str) -> HTTPResponse:
    """Teach a phrase (``intent``), or dismiss it (null)."""
    intent = _text_or_none(json_body(request).get("intent"))
    diff = await misunderstood.label_phrase(
        visit.ctx, key, intent, actor=audit.technician_actor(visit.signed_in.technician)
    )
    return json({"diff": diff})


async def mark(request: Request, visit: DeskRequest, conversation_id: str, seq: str) -> HTTPResponse:
    """Say that the turn which answered this message misunderstood it (``misunderstood``), or take that back."""
    number = number_in_path(seq, "There is no such message; nothing was changed.")
    await access.open_conversation(visit.ctx, visit.signed_in.technician, conversation_id)
    wrong, actor = json_body(request).get("misunderstood") is not False, _actor(visit)
    await misunderstood.mark_turn(visit.ctx, conversation_id, number, wrong, actor=actor)
    return json({"marked": wrong})


async def paste(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Teach a list of sentences, one a line, as one intent."""
    fields = json_body(request)
    intent = _text_or_none(fields.get("intent")) or ""
    taught = await teach.teach_sentences(visit.ctx, intent, fields.get("sentences"), actor=_actor(visit))
    words = [f"{taught.added} taught", *([f"{taught.known} were known"] if taught.known else [])]
    words += [f"{taught.held_out} measure the model and cannot be taught"] if taught.held_out else []
    return json({"added": taught.added, "told": f"{', '.join(words)}. Train now to use them."})


async def forget(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Take a learned sentence back."""
    fields = json_body(request)
    intent, sentence = _text_or_none(fields.get("intent")), _text_or_none(fields.get("sentence"))
    actor = audit.technician_actor(visit.signed_in.technician)
    await misunderstood.forget_example(visit.ctx, intent or "", sentence or "", actor=actor)
    return json({})


async def page(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Label what was misunderstood; see and take back what was learned."""
    return pages.page(
        visit,
        "learning.html",
        here="administration",
        part="learning",
        phrases=await misunderstood.list_misunderstood(visit.ctx),
        intents={name: sentences[:2] for name, sentences in sorted(learned_examples.list_intents().items())},
        learned=learned_examples.learned_examples(visit.ctx.home),
        suggested=await teach.suggested_sentences(visit.ctx),
        training=work_view(visit.ctx, Work.TRAINING),
    )


def _actor(visit: DeskRequest) -> str:
    return audit.technician_actor(visit.signed_in.technician)


def _text_or_none(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise Invalid("intent and sentence must be text; nothing was changed.")
    return value or None


API = (
    ("GET", "/learning", listed, SUPERVISORS),
    ("POST", "/learning/forget", forget, SUPERVISORS),
    ("POST", "/learning/sentences", paste, SUPERVISORS),
    ("POST", "/learning/<key:str>", label, SUPERVISORS),
    ("POST", "/conversations/<conversation_id:str>/turns/<seq:str>/misunderstood", mark, EVERYBODY),
)
PAGES = (("/administration/learning", page, SUPERVISORS),)
