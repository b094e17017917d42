"""Forms in the making: stored at every step, found by their code, gone when their time is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from common import time
from common.errors import DomainError, InvalidInput, NotFound
from common.keys import DataKey
from intake.models import Application, Draft
from intake.rules.drafts import Typed
from intake.rules.numbers import ALPHABET, CHECK_LENGTH, spelled_check
from organisations.models import User

PREFILL_DAYS = 7
WINDOW_DAYS = 3
MOST_CHARACTERS = 60_000
MOST_A_DAY = 20
A_DAY = 86_400


class DraftUnknown(NotFound):
    """No form in the making has this code, or its time is over."""

    code = "draft_unknown"
    default_message = _("no form is kept under this code; it may have expired after seven days")


class DraftUsed(DomainError):
    """The form became an application before."""

    code = "draft_used"
    default_message = _("this form was handed in already")


class DraftsUsedUp(DomainError):
    """More forms in a day than one place needs."""

    code = "drafts_used_up"
    status = 429
    default_message = _("too many forms from here today; please come to the window")


def _refuse_too_long(typed: Typed) -> None:
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > MOST_CHARACTERS:
        raise InvalidInput(_("this form holds more text than can be kept"))


@transaction.atomic
def keep_draft(
    *,
    actor: User,
    token: str,
    title: str,
    versions: Mapping[str, int],
    typed: Typed,
    bundle_code: str = "",
) -> Draft:
    """What the clerk has typed so far is stored; the same page again replaces it.

    ``typed`` are the fields of the page by name, ``versions`` the item versions by code.

    Raises:
        InvalidInput: more than a form can hold.
        DraftUsed: the page was handed in meanwhile.
        DraftUnknown: the page's token is another clerk's.
    """
    _refuse_too_long(typed)
    if Application.objects.filter(submission_token=token).exists():
        raise DraftUsed
    draft = Draft.objects.select_for_update(of=("self",)).filter(token=token).first()
    if draft is None:
        draft = Draft(token=token, owner=actor, data_key=DataKey.fresh())
    elif draft.owner_id != actor.pk:
        raise DraftUnknown
    draft.bundle_code = bundle_code
    _write(draft, title, versions, typed, time.now() + timedelta(days=WINDOW_DAYS))
    return draft


def open_prefill(
    *,
    token: str,
    title: str,
    versions: Mapping[str, int],
    typed: Typed,
    asker: str,
    bundle_code: str = "",
) -> Draft:
    """What a citizen filled in lies ready for a window under a code that nobody can guess.

    It is kept for seven days. The same page sent twice has one code.

    Raises:
        InvalidInput: more than a form can hold.
        DraftsUsedUp: too many from this address today.
    """
    _refuse_too_long(typed)
    former = _sent_before(token)
    if former is not None:
        return former
    _count(asker)
    try:
        return _open(Draft(token=token, bundle_code=bundle_code), title, versions, typed)
    except IntegrityError:
        # A double click: its twin was faster.
        former = _sent_before(token)
        if former is None:
            raise
        return former


def _sent_before(token: str) -> Draft | None:
    return Draft.objects.unexpired().filter(token=token, owner=None, application=None).first()


@transaction.atomic
def _open(draft: Draft, title: str, versions: Mapping[str, int], typed: Typed) -> Draft:
    draft.code = get_random_string(CHECK_LENGTH, ALPHABET)
    draft.data_key = DataKey.fresh()
    _write(draft, title, versions, typed, time.now() + timedelta(days=PREFILL_DAYS))
    return draft


def _count(asker: str) -> None:
    key = f"prefills:{asker}"
    cache.add(key, 0, A_DAY)
    if cache.incr(key) > MOST_A_DAY:
        raise DraftsUsedUp


def _write(
    draft: Draft, title: str, versions: Mapping[str, int], typed: Typed, until: datetime
) -> None:
    draft.title, draft.versions = title[:300], dict(versions)
    draft.touched_at, draft.expires_at = time.now(), until
    draft.seal_json("content", {name: list(values) for name, values in typed.items()})
    draft.save()


def prefill_of(*, actor: User, code: str) -> Draft:
    """The citizen's form with this code, for a clerk to finish.

    Raises:
        DraftUnknown: no such code, or its time is over.
        DraftUsed: it was handed in before.
    """
    draft = Draft.objects.visible_to(actor).unexpired().with_code(spelled_check(code)).first()
    if draft is None:
        raise DraftUnknown
    if draft.application_id:
        raise DraftUsed
    return draft


@transaction.atomic
def discard_draft(*, actor: User, draft_id: int) -> None:
    """The clerk's own form in the making is gone for ever.

    Raises:
        DraftUnknown: there is none of his with this key.
    """
    draft = Draft.objects.filter(owner=actor, pk=draft_id, application=None).first()
    if draft is None:
        raise DraftUnknown
    _drop([draft])


def settle_drafts(
    *, application: Application, actor: User, token: str, draft_id: int | None
) -> None:
    """The forms in the making that became this application keep their names only.

    Raises:
        DraftUsed: the citizen's form became another application meanwhile.
    """
    if not (token or draft_id):
        return
    wanted = Q(token=token, owner=actor) | Q(pk=draft_id)
    rows = Draft.objects.visible_to(actor).filter(wanted).select_related("data_key")
    for draft in rows.select_for_update(of=("self",)).order_by("pk"):
        _settle(draft, application)


def _settle(draft: Draft, application: Application) -> None:
    if draft.application_id:
        raise DraftUsed
    draft.application, draft.content = application, b""
    draft.save(update_fields=["application", "content"])
    draft.data_key.erase()


def drop_expired_drafts() -> int:
    """Forms whose time is over are gone, with the keys that could read them; how many."""
    rows = list(Draft.objects.expired().select_related("data_key")[:1000])
    with transaction.atomic():
        _drop(rows)
    return len(rows)


def _drop(drafts: Sequence[Draft]) -> None:
    keys = [draft.data_key_id for draft in drafts]
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    DataKey.objects.filter(pk__in=keys).delete()
