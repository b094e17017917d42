"""People outside the house: what they agreed to be told, and telling them."""

from dataclasses import replace

from django.db import transaction

from common.errors import NotFound
from common.keys import DataKey
from common.time import now
from notifications.models import Subscription
from notifications.services.channels import configured
from notifications.services.posting import Text, post_to_address, refuse_unusable
from organisations.models import User


@transaction.atomic
def subscribe(
    *, subject_kind: str, subject_id: str, channel: str, address: str, data_key: DataKey
) -> Subscription:
    """The person agreed to be told about the matter at this address; an earlier one is replaced.

    Raises:
        AddressUnusable: the channel can't have such an address.
    """
    refuse_unusable(channel, address)
    key = {"subject_kind": subject_kind, "subject_id": subject_id, "channel": channel}
    rows = Subscription.objects.select_for_update(of=("self",))
    agreed = rows.filter(**key).first() or Subscription(**key)
    agreed.data_key, agreed.agreed_at, agreed.withdrawn_at = data_key, now(), None
    agreed.seal("address", address)
    agreed.save()
    return agreed


@transaction.atomic
def unsubscribe(*, subscription_id: int, actor: User) -> Subscription:
    """The person is told nothing more about the matter; the first time counts.

    Raises:
        NotFound: the actor sees no such agreement.
    """
    rows = Subscription.objects.visible_to(actor).select_for_update(of=("self",))
    agreed: Subscription | None = rows.filter(pk=subscription_id).first()
    if agreed is None:
        raise NotFound
    if agreed.withdrawn_at is None:
        agreed.withdrawn_at = now()
        agreed.save(update_fields=["withdrawn_at"])
    return agreed


def tell_subscribers(*, subject_kind: str, subject_id: str, text: Text) -> int:
    """A message waits for everyone who agreed to be told about the matter; tells how many."""
    channels = configured()
    if not channels:
        return 0
    agreed = Subscription.objects.standing(subject_kind, subject_id).filter(channel__in=channels)
    return sum(_tell(subscription, text) for subscription in agreed)


def _tell(agreed: Subscription, text: Text) -> bool:
    """False for a person who was erased."""
    address = agreed.reveal("address")
    own = replace(text, dedupe_key=f"{text.dedupe_key}:{agreed.pk}")
    return bool(address) and post_to_address(
        channel=agreed.channel, address=address, data_key=agreed.data_key, text=own
    )
