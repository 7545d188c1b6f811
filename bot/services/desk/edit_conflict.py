"""Two who edit the same issue: whoever saves second learns what the first changed, instead of overwriting it."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.draft import ANSWERED
from bot.services.core.context import Context
from bot.services.core.errors import ChangedMeanwhile, NoRevision
from bot.services.desk.labels import FIELDS, LABELS
from bot.services.intake import draft
from bot.store.tables import Issue


def check(ctx: Context, issue: Issue, asked: draft.Draft, fields: Mapping[str, Any]) -> None:
    """Refuse an edit of what changed since it was read; an edit of other fields goes through.

    ``revision`` is the issue's at that time, ``seen`` holds the values of the edited fields as they were read, in the
    shape of the edit. A field without one counts as changed as soon as the revision moved. Raises Invalid
    (``no_revision`` without a revision), or Conflict (``changed``), which names the fields.
    """
    revision = fields.get("revision")
    if isinstance(revision, bool) or not isinstance(revision, int):
        raise NoRevision(
            "Send the revision, a whole number, that the issue was read with, so that a colleague's newer change is "
            "not overwritten. Nothing was changed: load the issue again, then repeat the edit."
        )
    if revision == issue.revision:
        return
    changed = _changed(ctx, issue, asked, fields, _object(fields.get("seen")))
    if changed:
        raise ChangedMeanwhile(
            f"Changed meanwhile: {', '.join(changed)}. Nothing was saved, and what you typed is still here. "
            "Compare it, then save again.",
        )


def _changed(
    ctx: Context, issue: Issue, asked: draft.Draft, fields: Mapping[str, Any], seen: Mapping[str, Any]
) -> list[str]:
    """Return the labels of the edited fields that are no longer what the editor saw."""
    found = [label for name, label in FIELDS.items() if name in fields and not _same(seen, name, getattr(issue, name))]
    answers = _object(seen.get("answers"))
    for name in _object(fields.get("answers")):
        answer = asked.answers.get(name)
        now = answer.value if answer is not None and answer.status == ANSWERED else ""
        if not _same(answers, name, now):
            found.append(LABELS.get(name) or asked.support.line_label(name))
    return found


def _same(seen: Mapping[str, Any], name: str, now: str | None) -> bool:
    """Browsers write line breaks in their own way."""
    return name in seen and str(seen[name] or "").splitlines() == (now or "").splitlines()


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
