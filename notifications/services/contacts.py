"""Where members of staff are reached outside the house."""

from django.db import transaction

from common.sealing import new_data_key
from common.time import now
from notifications.models import ContactPoint
from notifications.services.posting import refuse_unusable
from organisations.models import User


@transaction.atomic
def settle_contact(
    *, user: User, channel: str, address: str = "", active: bool = True
) -> ContactPoint:
    """The person has this contact point on the channel; an empty address keeps the one on file.

    Raises:
        AddressUnusable: the channel can't have such an address, or none is on file.
    """
    held = ContactPoint.objects.select_for_update(of=("self",)).select_related("data_key")
    contact = held.filter(user=user, channel=channel).first()
    if address or contact is None:
        refuse_unusable(channel, address)
    if contact is None:
        contact = ContactPoint(user=user, channel=channel, data_key=new_data_key())
    if address:
        contact.seal("address", address)
    contact.active, contact.changed_at = active, now()
    contact.save()
    return contact
