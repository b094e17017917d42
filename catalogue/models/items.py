"""An item (实施事项) or one of its situations (业务办理项)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Kind, Nature
from catalogue.querysets import ItemQuerySet
from common import pinyin, time
from organisations.models import Unit


class Item(models.Model):
    """What may be applied for; its elements stand in versions, ``current`` is in force."""

    code = models.CharField(_("item code"), max_length=64, unique=True)
    name = models.CharField(_("item name"), max_length=200)
    main_name = models.CharField(_("main item"), max_length=200, blank=True)
    situation = models.CharField(_("situation"), max_length=100, blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=200, db_index=True, editable=False)
    pinyin = models.CharField(_("pinyin"), max_length=1200, editable=False)
    base_code = models.CharField(_("base code"), max_length=50, blank=True)
    implementation_code = models.CharField(_("implementation code"), max_length=50, blank=True)
    handling_code = models.CharField(_("handling item code"), max_length=50, blank=True)
    local_base_code = models.CharField(_("local base code"), max_length=50, blank=True)
    local_implementation_code = models.CharField(
        _("local implementation code"), max_length=50, blank=True
    )
    department = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="items",
        verbose_name=_("department"),
    )
    organ_code = models.CharField(_("credit code of the organ"), max_length=50, blank=True)
    kind = models.CharField(_("kind of act"), max_length=2, choices=Kind)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, default=Nature.CASE)
    theme = models.CharField(_("theme"), max_length=40, blank=True, db_index=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="situations",
        verbose_name=_("situation of"),
    )
    current = models.OneToOneField(
        "catalogue.ItemVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("version in force"),
    )
    created_at = models.DateTimeField(_("created at"), default=time.now, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ("code",)
        permissions = (
            ("draft_item", "May write drafts of items"),
            ("publish_item", "May publish, suspend and abolish items"),
            ("import_items", "May import items from a file"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="item_has_a_code_and_a_name",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="item_is_no_part_of_itself",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The row is stored with the pinyin it is found by."""
        self.spell()
        super().save(*args, **kwargs)

    def spell(self) -> None:
        """The row holds the pinyin of its name; whoever stores many at once calls this himself."""
        self.initials = pinyin.initials(self.name)[:200]
        self.pinyin = pinyin.full(self.name)[:1200]

    def get_absolute_url(self) -> str:
        """The public guide."""
        return reverse("catalogue:guide", args=(self.code,))

    @property
    def is_live(self) -> bool:
        """Whether a version is in force."""
        return self.current_id is not None

    @property
    def opens_cases(self) -> bool:
        """Whether a case may be opened on it today."""
        return self.is_live and self.nature == Nature.CASE
