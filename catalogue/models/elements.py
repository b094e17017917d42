"""Elements of a version beyond its first ones (GB/T 39554.2, GB/T 39046 table 4; FACTS 2.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.choices import HandlingForm, OnlineDepth, OrganNature, ResultType, ServiceScope


class ServiceElements(models.Model):
    """Whose power it is, through which doors, how far, and what comes out."""

    organ_nature = models.CharField(
        _("nature of the organ"), max_length=1, choices=OrganNature, blank=True
    )
    entrusted_to = models.CharField(_("entrusted organ"), max_length=120, blank=True)
    power_source = models.CharField(_("source of the power"), max_length=120, blank=True)
    statutory_note = models.CharField(
        _("remark on the statutory limit"), max_length=300, blank=True
    )
    promised_note = models.CharField(_("remark on the promised limit"), max_length=300, blank=True)
    handling_forms = models.JSONField(_("forms of handling"), default=list, blank=True)
    online_depth = models.CharField(
        _("depth online"), max_length=1, choices=OnlineDepth, blank=True
    )
    online_address = models.CharField(_("address online"), max_length=300, blank=True)
    visits_reason = models.CharField(_("why one must come"), max_length=300, blank=True)
    service_scope = models.CharField(
        _("accepted beyond its place"), max_length=1, choices=ServiceScope, blank=True
    )
    in_hall = models.BooleanField(_("has a window in the hall"), default=False)
    by_express = models.BooleanField(_("result by express"), default=False)
    online_payment = models.BooleanField(_("paid online"), default=False)
    by_appointment = models.BooleanField(_("by appointment"), default=False)
    at_terminal = models.BooleanField(_("at self-service terminals"), default=False)
    quantity_limit = models.CharField(_("limit of number"), max_length=200, blank=True)
    result_type = models.CharField(
        _("kind of result"), max_length=2, choices=ResultType, blank=True
    )
    result_sample = models.CharField(_("sample of the result"), max_length=300, blank=True)
    on_promise = models.BooleanField(_("decided on a promise"), default=False)
    check_workdays = models.PositiveSmallIntegerField(
        _("working days until the promise is checked"), null=True, blank=True
    )

    class Meta:
        abstract = True

    @property
    def handling_form_labels(self) -> list[str]:
        """Doors in the reader's language."""
        return [str(HandlingForm(code).label) for code in self.handling_forms]

    @property
    def conveniences(self) -> list[str]:
        """What makes it easier, in the reader's language."""
        names = ("in_hall", "by_express", "online_payment", "by_appointment", "at_terminal")
        words = {field.name: str(field.verbose_name) for field in self._meta.concrete_fields}
        return [words[name] for name in names if getattr(self, name)]
