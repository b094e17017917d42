"""The way out: one message over one channel, through apprise, bounded in time."""

from typing import Any

from apprise import Apprise, AppriseAsset, AppriseResult, AppriseResultStatus, NotifyFormat
from django.conf import settings
from django.utils.translation import gettext as _

from notifications.rules import CALL_SECONDS, filled_in, fits
from notifications.services.robots import ROBOTS

FAULT_LENGTH = 300


class NotTaken(Exception):
    """The channel did not take the message; the text says why, without the address."""


class NoAddress(NotTaken):
    """There is nobody to send to, and trying again won't change it."""


def configured() -> list[str]:
    """The channels this district has."""
    return [name for name, template in settings.NOTIFICATION_CHANNELS.items() if template]


def _door(channel: str, address: str) -> Apprise:
    template = settings.NOTIFICATION_CHANNELS.get(channel, "")
    if not template:
        raise NotTaken(_("this district has no such channel"))
    if not fits(channel, address):
        raise NoAddress(_("there is no usable address"))
    asset = AppriseAsset(app_id="Yichuang", app_desc="Yichuang")
    door = Apprise(asset=asset)
    if not door.add(_plugin(channel, filled_in(template, address), asset)):
        raise NotTaken(_("the channel refuses this address"))
    return door


def _plugin(channel: str, url: str, asset: AppriseAsset) -> Any:
    """What apprise is to send by: its own plugin of the address, or a robot whose answer we read."""
    robot = ROBOTS.get(channel)
    if robot is None:
        return url
    asked = robot.parse_url(url)
    try:
        return robot(**asked, asset=asset) if asked else None
    except TypeError:
        return None


def send(*, channel: str, address: str, title: str, body: str) -> None:
    """The channel has taken the message. That a person read it, no channel says.

    Never call it inside a transaction: it waits for another machine.

    Raises:
        NoAddress: the contact point is out of use, or the person was erased.
        NotTaken: the channel is missing, away, too slow, or refused it.
    """
    result = _door(channel, address).notify(
        body=body or title,
        title=title if body else "",
        body_format=NotifyFormat.TEXT,
        timeout=CALL_SECONDS,
    )
    if not result:
        raise NotTaken(_fault(result, address))


def _fault(result: AppriseResult, address: str) -> str:
    """Why it was not taken, as it may be stored: an address is personal data."""
    if result.status == AppriseResultStatus.TIMEOUT:
        return _("no answer in time; it may have arrived")
    said = "; ".join(entry.message for entry in result.logs())
    return said.replace(address, "****")[:FAULT_LENGTH] or _("the channel refused it")
