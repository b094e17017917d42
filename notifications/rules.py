"""When a message is tried again, which address fits a channel, how a channel is reached."""

import re
from datetime import timedelta
from typing import Final
from urllib.parse import quote, urlsplit

from notifications.choices import Channel

MINUTES_BETWEEN: Final = (1, 2, 5, 15, 60, 240, 720)
MOST_ATTEMPTS: Final = len(MINUTES_BETWEEN) + 1

# A lease is longer than any single sending: whoever claimed a message and died is taken to
# have died when it ends, and the message is due again.
LEASE: Final = timedelta(minutes=2)
CALL_SECONDS: Final = 20
CONNECT_SECONDS: Final = 5
READ_SECONDS: Final = 10

PLACE: Final = "{address}"
SCHEMES: Final = {
    Channel.MAIL: ("mailto", "mailtos"),
    Channel.DINGTALK: ("dingtalk",),
    Channel.WECOM: ("wecombot",),
    Channel.FEISHU: ("feishu",),
    Channel.WEBHOOK: ("json", "jsons"),
    Channel.SMS: ("json", "jsons"),
}
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_TELEPHONE = re.compile(r"\+?[0-9]{7,15}")
_NAME = re.compile(r"[A-Za-z0-9._@+-]{2,128}")
SHAPES: Final = {Channel.MAIL: _MAIL, Channel.SMS: _TELEPHONE}


def pause_after(attempts: int) -> timedelta | None:
    """How long a message rests after so many failed attempts; None when it is given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return timedelta(minutes=MINUTES_BETWEEN[max(attempts, 1) - 1])


def fits(channel: str, address: str) -> bool:
    """Whether the channel can have such an address: a mailbox, a telephone, a plain name."""
    return SHAPES.get(Channel(channel), _NAME).fullmatch(address) is not None


def template_fault(channel: str, template: str) -> str:
    """Why the district's address of a channel can't be used; empty if it can."""
    schemes = SCHEMES[Channel(channel)]
    if urlsplit(template).scheme not in schemes:
        return f"expected {' or '.join(f'{scheme}://' for scheme in schemes)}"
    return "" if PLACE in template else f"{PLACE} is missing, the place of each recipient"


def filled_in(template: str, address: str) -> str:
    """The channel's address for one recipient, bounded in time; nothing in it can break out."""
    url = template.replace(PLACE, quote(address, safe=""))
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}cto={CONNECT_SECONDS}&rto={READ_SECONDS}&redirect=no"


def masked(address: str) -> str:
    """Enough of an address to recognise it by: its first two and last two characters."""
    shown = 2 if len(address) > 6 else 1
    return address[:shown] + "****" + address[-shown:] if len(address) > 2 else "****"
