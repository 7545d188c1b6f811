"""The errors of the use cases: one class for each error, with the ``code`` that an API client can test, the HTTP
``status`` that the edge answers with, and what else it carries.

``str(error)`` is a sentence for a person: what happened, what was kept, what to do. Never customer text. This is the
list of codes: openapi.yml is completed from it, and bot/http/errors.py translates all of them alike.
"""

from collections.abc import Iterator
from typing import ClassVar


class ServiceError(Exception):
    """A use case could not be done."""

    code: ClassVar[str] = "failed"
    status: ClassVar[int] = 400

    @property
    def headers(self) -> dict[str, str]:
        """Return the HTTP headers that go with the answer."""
        return {}


class NotFound(ServiceError):
    """There is no such thing, or it is not yours: the two must look alike."""

    code, status = "not_found", 404


class Unauthorised(ServiceError):
    """The caller did not prove who they are."""

    code, status = "unauthorised", 401


class BadSignIn(Unauthorised):
    """E-mail and password do not belong together; which of them is wrong is nobody's business."""

    code = "bad_sign_in"


class BadApiKey(Unauthorised):
    """The API key is missing, unknown, revoked or expired."""

    code = "bad_api_key"


class Forbidden(ServiceError):
    """The caller is known and may not do this."""

    code, status = "forbidden", 403


class ScopeMissing(Forbidden):
    """The API key is not allowed to do this."""

    code = "scope_missing"


class NoAccount(Forbidden):
    """Nobody at the desk has the e-mail address of this person in Slack or Teams."""

    code = "no_account"


class NotYourQuestion(Forbidden):
    """Somebody else is asked in this conversation."""

    code = "not_your_question"


class Invalid(ServiceError):
    """A field of the request cannot be taken as it is."""

    code, status = "invalid", 422


class Conflict(ServiceError):
    """The request was fine a moment ago; somebody or something was faster."""

    code, status = "conflict", 409


class Retryable(ServiceError):
    """It can be done later; ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


class TooMany(Retryable):
    """Asked too often."""

    code, status = "too_many_requests", 429


def error_classes(base: type[ServiceError] = ServiceError) -> Iterator[type[ServiceError]]:
    """Yield every error that is imported in this process, the general ones first."""
    for kind in base.__subclasses__():
        yield kind
        yield from error_classes(kind)


def codes_by_status() -> dict[int, list[str]]:
    """Return the codes that each HTTP status comes with, in alphabetical order."""
    found: dict[int, set[str]] = {}
    kinds: list[type[ServiceError]] = [ServiceError, *error_classes()]
    for kind in kinds:
        found.setdefault(kind.status, set()).add(kind.code)
    return {status: sorted(codes) for status, codes in sorted(found.items())}


# What the edge itself finds before or instead of a use case.


class BadRequest(ServiceError):
    """The request could not be read."""

    code, status = "bad_request", 400


class NotAnActivity(ServiceError):
    """Not what Teams sends."""

    code, status = "not_an_activity", 400


class BadOrigin(Forbidden):
    """A page of another site asked."""

    code = "bad_origin"


class BadCsrf(Forbidden):
    """The page's security token is missing or outdated."""

    code = "bad_csrf"


class MethodNotAllowed(ServiceError):
    """The address does not take that method."""

    code, status = "method_not_allowed", 405


class TooLarge(ServiceError):
    """The request is larger than anything we ask for."""

    code, status = "too_large", 413


class UnsupportedMediaType(ServiceError):
    """The body is of a kind that is not read here."""

    code, status = "unsupported_media_type", 415


class InternalError(ServiceError):
    """Something that nobody foresaw; the log has it under the number that the message names."""

    code, status = "internal", 500


class DatabaseUnavailable(Retryable):
    """The database does not answer."""

    code, status = "database_unavailable", 503


class StorageUnavailable(Retryable):
    """The disk is full or read-only, or the database's server is gone."""

    code, status = "storage_unavailable", 503


class OutsideSilent(Retryable):
    """A service outside did not answer, and what it sent cannot be read without that."""

    code, status = "outside_silent", 503


# What somebody or something was faster with, or what stands in the way now.


class NothingAsked(Conflict):
    """No question is open that a form could answer."""

    code = "nothing_asked"


class AddressUnproven(Conflict):
    """A copy goes only to an address that the customer has proven."""

    code = "address_unproven"


class AlreadyDelivered(Conflict):
    """The message was delivered meanwhile."""

    code = "delivered"


class NotResendable(Conflict):
    """An item to send again is erased, or nobody needs it any more."""

    code = "not_resendable"


class AlreadyLinked(Conflict):
    """The issues belong together already."""

    code = "linked"


class AlreadyMerged(Conflict):
    """The issue is a duplicate of another."""

    code = "merged"


class AlreadyDelayed(Conflict):
    """The same is about to happen already."""

    code = "delayed"


class TooLate(Conflict):
    """The action has taken effect already, or was undone before."""

    code = "too_late"


class AlreadyRecorded(Conflict):
    """The payment was recorded before."""

    code = "recorded"


class AlreadyTaken(Conflict):
    """Somebody else was faster."""

    code = "taken"


class BackupOff(Conflict):
    """Nightly backups are switched off."""

    code = "backup_off"


class ChannelFailed(Conflict):
    """The other side of a channel refused or did not answer."""

    code = "channel_failed"


class ChangedMeanwhile(Conflict):
    """A colleague changed it meanwhile."""

    code = "changed"


class ClientCallIdReused(Conflict):
    """The id of a telephoned issue was used for another one."""

    code = "client_call_id_reused"


class ClientMessageIdReused(Conflict):
    """The id was used for another message."""

    code = "client_message_id_reused"


class DatabaseNotEmpty(Conflict):
    """The database holds something already."""

    code = "not_empty"


class EmailExists(Conflict):
    """Somebody has this e-mail address already."""

    code = "email_exists"


class HeldOutMissing(Conflict):
    """The sentences that the model is measured with are missing."""

    code = "held_out_missing"


class HeldOutSentence(Conflict):
    """The sentence is one that the model is measured with."""

    code = "held_out"


class LastAdmin(Conflict):
    """Nobody would be left to administer the desk."""

    code = "last_admin"


class MailFailed(Conflict):
    """The mail server did not take the mail."""

    code = "mail_failed"


class MailOff(Conflict):
    """No mail leaves at present."""

    code = "mail_off"


class NoCall(Conflict):
    """There is no call to end."""

    code = "no_call"


class NoteChanged(Conflict):
    """The note was edited or deleted where it was written, so that it is not sent as it was kept."""

    code = "note_changed"


class NoteSent(Conflict):
    """The note was sent to the customer already."""

    code = "note_sent"


class NoIssue(Conflict):
    """The conversation has no issue."""

    code = "no_issue"


class NotHandedOff(Conflict):
    """Nobody waits there."""

    code = "not_handed_off"


class NotLinked(Conflict):
    """The issues do not belong together."""

    code = "not_linked"


class NotOwner(Conflict):
    """Another party owns the conversation."""

    code = "not_owner"


class NotPaid(Conflict):
    """The payment was not made, or was paid back."""

    code = "not_paid"


class NotResolved(Conflict):
    """The issue is not resolved."""

    code = "not_resolved"


class OnThePhone(Conflict):
    """A call is going on already."""

    code = "on_the_phone"


class PaymentUnavailable(Conflict):
    """The payment provider did not answer as it should; nothing was charged."""

    code = "payment_unavailable"


class ProblemOver(Conflict):
    """The known problem is over."""

    code = "over"


class SettingsChanged(Conflict):
    """The settings were changed since they were read."""

    code = "changed_meanwhile"


class SlackInstallOff(Conflict):
    """Slack is not set up for installation."""

    code = "slack_install_off"


class StillUnderWay(Conflict):
    """A conversation still waits or is with a technician."""

    code = "under_way"


class WorkUnderWay(Conflict):
    """A training or an indexing was requested already and is not done yet."""

    code = "work_under_way"


class WrongCode(Conflict):
    """The code is not the one that was mailed."""

    code = "wrong_code"


class WrongOwner(Conflict):
    """The conversation cannot be moved from its present owner."""

    code = "wrong_owner"


class WrongStatus(Conflict):
    """The issue cannot change from its present status."""

    code = "wrong_status"


# Fields that cannot be taken as they are.


class BadCategory(Invalid):
    """There is no such category."""

    code = "bad_category"


class BadContract(Invalid):
    """A field of the contract cannot be taken."""

    code = "bad_contract"


class BadContractFile(Invalid):
    """A line of the contract file cannot be taken."""

    code = "bad_contracts"


class BadEmail(Invalid):
    """It is no e-mail address, or one that cannot be used here."""

    code = "bad_email"


class BadEnd(Invalid):
    """The end is no moment, or lies in the past."""

    code = "bad_end"


class BadFileType(Invalid):
    """Files of this type are not taken."""

    code = "file_type"


class BadHours(Invalid):
    """The number of hours cannot be paid ahead."""

    code = "bad_hours"


class BadKind(Invalid):
    """There is no such kind of source."""

    code = "bad_kind"


class BadLogo(Invalid):
    """The file is no picture that can be a logo."""

    code = "bad_logo"


class BadName(Invalid):
    """The name is empty or too long."""

    code = "bad_name"


class BadReference(Invalid):
    """It is no reference of the kind asked for."""

    code = "bad_reference"


class BadRole(Invalid):
    """There is no such role."""

    code = "bad_role"


class BadSettings(Invalid):
    """The settings hold something that cannot be used."""

    code = "bad_settings"


class BadSignature(Invalid):
    """The webhook's signature is not the provider's."""

    code = "bad_signature"


class BadTeam(Invalid):
    """There is no such team."""

    code = "bad_team"


class BadText(Invalid):
    """The text is empty or too long."""

    code = "bad_text"


class BadTitle(Invalid):
    """The title is empty or too long."""

    code = "bad_title"


class BadVersions(Invalid):
    """They are no version numbers."""

    code = "bad_versions"


class EmptyFile(Invalid):
    """The file is empty."""

    code = "empty_file"


class FileTooLarge(Invalid):
    """The file is larger than files may be."""

    code = "file_too_large"


class HoldsConfidence(Invalid):
    """The text repeats what was told in private or in confidence."""

    code = "holds_confidence"


class HoldsCardNumber(Invalid):
    """The field holds a card number."""

    code = "card_number"


class NoAddress(Invalid):
    """There is no e-mail address to send to."""

    code = "no_address"


class NoContract(Invalid):
    """There is no such contract."""

    code = "no_contract"


class NoFile(Invalid):
    """No file was sent."""

    code = "no_file"


class NoRevision(Invalid):
    """The edit does not say which revision of the issue it was made on."""

    code = "no_revision"


class NotJson(Invalid):
    """The body is not JSON."""

    code = "not_json"


class NotQueued(Invalid):
    """The issue cannot be put into the queue."""

    code = "not_queued"


class NotSure(Invalid):
    """Erasing was not confirmed."""

    code = "not_sure"


class SlackInstallFailed(Invalid):
    """Slack did not complete the installation."""

    code = "slack_install_failed"


class SlackInstallRefused(Invalid):
    """The installation was refused at Slack."""

    code = "slack_install_refused"


class SlackInstallState(Invalid):
    """The installation was begun in another browser."""

    code = "slack_install_state"


class UnknownAttachment(Invalid):
    """The attachment is unknown, or was sent already."""

    code = "unknown_attachment"


class UnknownBrand(Invalid):
    """Cards of this brand are not taken."""

    code = "unknown_brand"


class UnknownChoice(Invalid):
    """The choice was never offered."""

    code = "unknown_choice"


class UnknownIntent(Invalid):
    """There is no such intent."""

    code = "unknown_intent"


class UnknownShape(Invalid):
    """It is not what the service sends."""

    code = "unknown_shape"


class UnknownTarget(Invalid):
    """There is no such team or technician."""

    code = "unknown_target"


class WeakPassword(Invalid):
    """The password can be guessed."""

    code = "weak_password"
