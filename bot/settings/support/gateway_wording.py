"""The gateway's own sentences: the name of each and its ``{placeholders}``; the words are in support.yml."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from bot.settings.support.sentence import sentence as _sentence

Plain = Annotated[str, _sentence()]
_Reference = Annotated[str, _sentence("reference", must="reference")]
_Queue = Annotated[str, _sentence("place", "hours", "phone")]
_News = Annotated[str, _sentence("reference", "title", "text", must="text")]
_Technician = Annotated[str, _sentence("technician", must="technician")]


class Wording(BaseModel):
    """Sentences that the gateway sends without the dialogue engine. Fill them with ``str.format``."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    reference_given: _Reference
    queue_place: _Queue
    queue_place_closed: _Queue
    taken_up: Annotated[str, _sentence("hours")]
    claimed: _Technician
    returned: _Technician
    resolved: Annotated[str, _sentence("technician", "reference", must="reference")]
    transferred: Annotated[str, _sentence("target", must="target")]
    technician_silent: _Technician
    calling: _Technician
    call_over: _Technician
    reply_promised: Annotated[str, _sentence("technician", "until", must="until")]
    closing_with_technician: Annotated[str, _sentence("technician", "reference", "hours", must="hours")]
    closing_in_queue: Annotated[str, _sentence("place", "reference", "hours", must="hours")]
    opening_in_queue: _Queue
    handed_over: Annotated[str, _sentence("technician", "target", "reference", "hours", must="target")]
    merged: _Reference
    unmerged: _Reference
    back_in_queue: Plain
    queue_cancelled: Annotated[str, _sentence("reference", must="reference")]
    reopened: _Reference
    assistant_unavailable: Plain
    fallback_ask_problem: Plain
    fallback_ask_contact: Plain
    kept_for_a_person: Plain
    fallback_noted: Annotated[str, _sentence("reference", "place", must="reference")]
    waiting_announced: Annotated[str, _sentence("reference", "team", must="reference")]
    request_announced: Annotated[str, _sentence("reference", "team", must="reference")]
    told_in_confidence: Plain
    known_problem_update: _News
    known_problem_over: _News
    contact_is_this_chat: Plain
    card_number_removed: Plain
    password_removed: Plain
    choice_over: Plain
    edit_corrected: Annotated[str, _sentence("lines", must="lines")]
    edit_noted: _Reference
    edit_kept: Plain
    deletion_noted: _Reference
    deletion_kept: Plain
    removed_by_technician: Plain
    file_removed: Plain
    file_refused: Annotated[str, _sentence("types", "megabytes")]
    contract_to_check: Plain
    ask_for_contract: Plain
    ask_contract_in_list: Plain
    code_sent: Plain
    code_not_mailed: Plain
    code_too_often: Plain
    code_hidden: Plain
    copy_mailed: Annotated[str, _sentence("address", must="address")]
    copy_link_mailed: Annotated[str, _sentence("address", must="address")]
    code_wrong: Plain
    code_used_up: Plain
    owner_code_sent: Plain
    owner_code_not_mailed: Plain
    owner_code_too_often: Plain
    owner_code_used_up: Plain
    owner_proven: Annotated[str, _sentence("lines", must="lines")]
    contract_proven: Annotated[str, _sentence("terms", must="terms")]
    email_subject: _Reference
    new_issue: Plain
    asked_in_personal_chat: Plain
    ask_in_personal_chat: Annotated[str, _sentence("link", must="link")]
