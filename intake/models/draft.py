"""A form that is not handed in yet."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import time
from common.sealing import SealedField, SealedModel, mask_name
from intake.models.application import Application
from intake.querysets import DraftQuerySet
from intake.rules.numbers import grouped_check

NAME_FIELD = "a-name"


class Draft(SealedModel):
    """What a clerk has typed so far, or what a citizen filled in at home to finish at a window.

    It lies under a data key of its own, which is erased with it: what is not handed in within
    its days can never be read again (个人信息保护法 19: the shortest time that is needed).
    """

    token = models.CharField(max_length=64, unique=True, editable=False)
    code = models.CharField(_("prefill code"), max_length=8, unique=True, null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("clerk"),
    )
    title = models.CharField(_("items"), max_length=300)
    versions = models.JSONField(_("item versions"), default=dict)
    bundle_code = models.CharField(_("bundle code"), max_length=64, blank=True)
    content = SealedField(_("application form"))
    created_at = models.DateTimeField(_("stored at"), default=time.now, editable=False)
    touched_at = models.DateTimeField(_("last stored at"), default=time.now, editable=False)
    expires_at = models.DateTimeField(_("kept until"), db_index=True)
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("application"),
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("form in the making")
        verbose_name_plural = _("forms in the making")
        ordering = ("-touched_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(owner__isnull=False, code__isnull=True)
                | Q(owner__isnull=True, code__isnull=False),
                name="a_draft_has_its_clerk_or_its_code",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def spoken_code(self) -> str:
        """The code in two groups."""
        return grouped_check(self.code or "")

    @property
    def is_prefill(self) -> bool:
        """Whether a citizen filled it in."""
        return self.code is not None

    @property
    def masked_name(self) -> str:
        """The applicant's name as far as a list shows it; empty while none is typed."""
        return mask_name(next(iter(self.typed().get(NAME_FIELD, [])), ""))

    def typed(self) -> dict[str, list[str]]:
        """Fields of the page with what was typed; empty once handed in or erased."""
        found = self.reveal_json("content")
        return found if isinstance(found, dict) else {}
