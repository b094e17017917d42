"""Channels, how far a message may reach, and how it stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    """Ways out of the house; which of them a district has, its settings say."""

    MAIL = "mail", _("e-mail")
    DINGTALK = "dingtalk", _("DingTalk")
    WECOM = "wecom", _("WeCom")
    FEISHU = "feishu", _("Feishu")
    WEBHOOK = "webhook", _("webhook")
    SMS = "sms", _("text message")


class Reach(TextChoices):
    """How far a message to staff goes beside the inbox, as its sender judges it."""

    INBOX = "inbox", _("inbox only")
    OFFICE_HOURS = "office_hours", _("outside too, in office hours")
    AT_ONCE = "at_once", _("outside too, at any hour")


class MessageState(TextChoices):
    """How a message for outside stands."""

    WAITING = "waiting", pgettext_lazy("message", "waiting")
    SENT = "sent", pgettext_lazy("message", "handed to the channel")
    DEAD = "dead", pgettext_lazy("message", "given up")


class DeliveryVerb(TextChoices):
    """What happened to a message for outside."""

    SEND = "send", pgettext_lazy("message", "handed to the channel")
    FAIL = "fail", pgettext_lazy("message", "not taken")
    LOSE = "lose", pgettext_lazy("message", "broken off, may have arrived")
    GIVE_UP = "give_up", pgettext_lazy("message", "given up")
    RESEND = "resend", pgettext_lazy("message", "sent anew")
