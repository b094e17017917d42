"""Who may act on a campaign: seeing is wider than acting."""

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from common.errors import Forbidden, InvalidInput, NotFound
from inspections.errors import NotOnThisOuting, NotYourCampaign
from inspections.models import Dispatch
from organisations.models import User

M = TypeVar("M", bound=models.Model)


def within_sight(rows: Any, pk: object, actor: User) -> Any:
    """The row of ``rows`` the actor sees.

    Raises:
        NotFound: there is none, or not for him.
    """
    found = rows.visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def locked(model: type[M], pk: object, actor: User) -> M:
    """The row the actor sees, its lock held until the transaction ends.

    The scope is asked first, on its own: a lock and a join by scope don't mix.

    Raises:
        NotFound: there is none, or not for him.
    """
    rows: Any = model.objects  # type: ignore[attr-defined]
    within_sight(rows, pk, actor)
    return rows.select_for_update(of=("self",)).get(pk=pk)


def must_hold(actor: User, permission: str) -> None:
    """Pass silently if the actor's posts carry the permission.

    Raises:
        Forbidden: they don't.
    """
    if not actor.has_perm(permission):
        raise Forbidden


def acts_for(actor: User, unit_id: int) -> bool:
    """Whether the actor holds a post of the unit, or looks after the whole house."""
    if actor.scope.everything:
        return True
    return unit_id in {post.unit_id for post in actor.acting_posts}


def must_act_for(actor: User, unit_id: int) -> None:
    """Pass silently if the actor acts for the unit.

    Raises:
        NotYourCampaign: he belongs elsewhere.
    """
    if not acts_for(actor, unit_id):
        raise NotYourCampaign


def must_be_on(dispatch: Dispatch, actor: User) -> None:
    """Pass silently if the actor is a member of the outing.

    Raises:
        NotOnThisOuting: he is not.
    """
    if not dispatch.members.filter(officer=actor).exists():
        raise NotOnThisOuting


def required_text(field: str, value: str) -> str:
    """The text without surrounding space.

    Raises:
        InvalidInput: nothing is left of it.
    """
    text = value.strip()
    if not text:
        raise InvalidInput(fields={field: [_("please fill this in")]})
    return text
