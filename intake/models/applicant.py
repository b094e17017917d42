"""Who applies: sealed, masked by default, found again by blind index."""

from collections.abc import Callable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import time
from common.sealing import (
    ERASED,
    SealedField,
    SealedModel,
    mask_id,
    mask_mobile,
    mask_name,
    mask_organisation,
)
from intake.choices import ApplicantKind, IdType
from intake.querysets import ApplicantQuerySet


class Applicant(SealedModel):
    """A person or organisation under one data key; erasing the key erases the person."""

    kind = models.CharField(
        _("kind"), max_length=12, choices=ApplicantKind, default=ApplicantKind.PERSON
    )
    name = SealedField(_("name or title"))
    name_index = models.CharField(max_length=64, db_index=True, blank=True, editable=False)
    name_initials = models.CharField(max_length=60, db_index=True, blank=True, editable=False)
    id_type = models.CharField(_("identity paper"), max_length=2, choices=IdType)
    id_number = SealedField(_("identity number"))
    id_index = models.CharField(max_length=64, blank=True, editable=False)
    mobile = SealedField(_("telephone"))
    mobile_index = models.CharField(max_length=64, db_index=True, blank=True, editable=False)
    address = SealedField(_("address"))
    created_at = models.DateTimeField(_("first seen"), default=time.now, editable=False)

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
        ordering = ("-pk",)
        permissions = (
            ("reveal_applicant", "May see personal data unmasked"),
            ("erase_applicant", "May erase personal data"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("id_type", "id_index"),
                condition=~Q(id_index=""),
                name="an_identity_paper_names_one_applicant",
            ),
        )

    def __str__(self) -> str:
        return self.masked_name

    @property
    def is_organisation(self) -> bool:
        """Whether it is no natural person."""
        return self.kind == ApplicantKind.ORGANISATION

    @property
    def masked_name(self) -> str:
        """张*明; an organisation's name is public."""
        return self._masked("name", str if self.is_organisation else mask_name)

    @property
    def masked_public_name(self) -> str:
        """The name as a stranger with a receipt may read it."""
        return self._masked("name", mask_organisation if self.is_organisation else mask_name)

    @property
    def masked_id(self) -> str:
        """410503********1234."""
        return self._masked("id_number", mask_id)

    @property
    def masked_mobile(self) -> str:
        """138****5678."""
        return self._masked("mobile", mask_mobile)

    def _masked(self, field: str, mask: Callable[[str], str]) -> str:
        return str(ERASED) if self.is_erased else mask(self.reveal(field))

    def forget(self) -> None:
        """Nothing finds the person any more; the caller saves, and erases the data key."""
        self.name_index = self.name_initials = self.id_index = self.mobile_index = ""
