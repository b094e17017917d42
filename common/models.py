"""Tables of plumbing: data keys, jobs, idempotency keys. No business word."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import time
from common.append_only import AppendOnly
from common.errors import JobOver
from common.events import EventBase
from common.keys import DataKey
from common.sealing import SealedModel

__all__ = ["AppendOnly", "DataKey", "EventBase", "IdempotencyKey", "Job", "SealedModel"]


class JobQuerySet(models.QuerySet["Job"]):
    """Reads of jobs."""

    def visible_to(self, user: Any) -> Self:
        """Jobs the user started; all of them for an administrator."""
        return self if user.is_superuser else self.filter(created_by_id=user.pk)

    def of_kinds(self, kinds: Collection[str]) -> Self:
        """Jobs of these kinds."""
        return self.filter(kind__in=kinds)

    def waiting_since(self, moment: datetime) -> Self:
        """Queued, and not sent to a worker since then."""
        return self.filter(state=Job.State.QUEUED, touched_at__lte=moment)

    def silent_since(self, moment: datetime) -> Self:
        """Begun, and without progress since then."""
        return self.filter(state=Job.State.RUNNING, touched_at__lte=moment)

    def oldest_keys(self) -> list[int]:
        """Their keys, oldest first."""
        return list(self.order_by("pk").values_list("pk", flat=True))


class Job(models.Model):
    """Long work with progress that a page shows; its report holds every row's fate."""

    class State(models.TextChoices):
        """How far it has come."""

        STAGED = "staged", _("staged")
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=64)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=State,
        default=State.QUEUED,
        editable=False,
    )
    progress_done = models.PositiveIntegerField(_("rows done"), default=0)
    progress_total = models.PositiveIntegerField(_("rows in all"), default=0)
    message = models.TextField(_("message"), blank=True)
    payload = models.JSONField(_("staged input"), default=dict, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("started by"),
    )
    created_at = models.DateTimeField(_("started at"), default=time.now)
    touched_at = models.DateTimeField(_("last sign of life"), default=time.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    fault = models.TextField(_("fault"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    def advance(self, done: int, *, total: int | None = None) -> None:
        """Progress is stored for the page that watches it.

        Raises:
            JobOver: it was given up meanwhile.
        """
        rows = self.progress_total if total is None else total
        self._put(state=self.State.RUNNING, progress_done=done, progress_total=rows)

    def finish(self, report: dict[str, Any], *, failed: bool = False, message: str = "") -> None:
        """The work is over and its report stands.

        Raises:
            JobOver: it was over before.
        """
        state = self.State.FAILED if failed else self.State.DONE
        over = {"finished_at": time.now(), "fault": self.fault}
        self._put(state=state, report=report, message=message, **over)

    def _put(self, **columns: Any) -> None:
        """The columns stand, unless the job is over: who comes late revives nothing."""
        columns["touched_at"] = time.now()
        going = Job.objects.filter(pk=self.pk).exclude(state__in=(Job.State.DONE, Job.State.FAILED))
        if not going.update(**columns):
            raise JobOver
        for name, value in columns.items():
            setattr(self, name, value)


class IdempotencyKey(models.Model):
    """The answer already given to one key of one client; the same request gets it again."""

    client = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("client"),
    )
    key = models.CharField(_("key"), max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=time.now)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = (
            models.UniqueConstraint(fields=("client", "key"), name="one_answer_per_client_and_key"),
        )

    def __str__(self) -> str:
        return self.key
