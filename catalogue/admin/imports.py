"""Import of items in the admin: choose a file, read what will become of each row, say yes."""

import csv
from io import StringIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from catalogue.choices import RowFate
from catalogue.forms import ImportForm
from catalogue.resources import FORMATS, TEMPLATE_HEADINGS, empty_workbook, export_items, stage_file
from catalogue.services import apply_import, queue_import
from catalogue.services.imports import IMPORT, KIND
from catalogue.tasks import apply_staged_import
from common.errors import DomainError
from common.jobs import nudge
from common.models import Job
from organisations.models import User

ROWS = 100
AT_ONCE = 300
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE, "json": "application/json"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class ImportPages:
    """The import and export pages of the item screen."""

    admin_site: Any
    opts: Any

    def import_urls(self) -> list[URLPattern]:
        """Choose, preview and confirm, report, empty templates; and the export."""
        pages = (
            ("import/", self.import_view, "catalogue_item_import"),
            ("import/columns.csv", self.template_view, "catalogue_item_import_template"),
            ("import/columns.xlsx", self.workbook_view, "catalogue_item_import_workbook"),
            ("export/items.<str:form>", self.export_view, "catalogue_item_export"),
            ("import/<int:job_id>/", self.import_job_view, "catalogue_item_import_job"),
            ("import/<int:job_id>/report.csv", self.report_view, "catalogue_item_import_report"),
        )
        wrap = self.admin_site.admin_view
        return [path(route, wrap(view), name=name) for route, view, name in pages]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """The file is chosen; what is wrong with it is said at the field."""
        _refuse_stranger(request)
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ImportForm(*posted)
        if form.is_valid():
            job = _staged(request, form)
            if job is not None:
                return _to_job(job.pk)
        jobs = Job.objects.visible_to(request.user).filter(kind=KIND).order_by("-pk")[:10]
        return self._page(
            request,
            "import.html",
            {"title": _("Import items"), "form": form, "jobs": jobs, "headings": TEMPLATE_HEADINGS},
        )

    def import_job_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """Every row with its fate; a yes stores the valid ones."""
        job = _job(request, job_id)
        if request.method == "POST":
            return _confirmed(request, job)
        fate = request.GET.get("fate", "")
        rows = [row for row in job.report["rows"] if fate in ("", row["fate"])]
        if fate == "notices":
            rows = [row for row in job.report["rows"] if row["notices"]]
        context = {
            "title": job.message,
            "job": job,
            "summary": job.report["summary"],
            "tabs": _tabs(job, fate),
            "fate": fate,
            "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
            "labels": dict(RowFate.choices),
            "waiting": job.state in (Job.State.QUEUED, Job.State.RUNNING),
        }
        return self._page(request, "import_job.html", context)

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """An empty table with the headings, as Excel opens it."""
        _refuse_stranger(request)
        return _csv_answer([list(TEMPLATE_HEADINGS)], "items.csv")

    def workbook_view(self, request: HttpRequest) -> HttpResponse:
        """An empty workbook with the sheet of items and one for each part."""
        _refuse_stranger(request)
        return _file_answer(empty_workbook(), "xlsx")

    def export_view(self, request: HttpRequest, form: str) -> HttpResponse:
        """The newest version of every item the user may see, as a file the import reads."""
        if form not in FORMATS:
            raise Http404
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        try:
            return _file_answer(export_items(user=request.user, form=form), form)
        except DomainError as fault:
            messages.error(request, fault.message)
            return HttpResponseRedirect(reverse("admin:catalogue_item_changelist"))

    def report_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """The row report as a file."""
        job = _job(request, job_id)
        return _csv_answer(_report_rows(job), f"import-{job.pk}.csv")

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/catalogue/item/{name}", {**frame, **context})


def actor_of(request: HttpRequest) -> User:
    """The signed-in user.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _refuse_stranger(request: HttpRequest) -> None:
    if not request.user.has_perm(IMPORT):
        raise PermissionDenied


def _staged(request: HttpRequest, form: ImportForm) -> Job | None:
    upload = form.cleaned_data["file"]
    try:
        return stage_file(
            actor=actor_of(request),
            name=upload.name,
            data=upload.read(),
            options=form.options(),
        )
    except DomainError as fault:
        form.add_error("file", fault.message)
        return None


def _job(request: HttpRequest, job_id: int) -> Job:
    _refuse_stranger(request)
    job = Job.objects.visible_to(request.user).filter(pk=job_id, kind=KIND).first()
    if job is None:
        raise Http404
    return job


def _confirmed(request: HttpRequest, job: Job) -> HttpResponse:
    """A small import is carried out at once, a large one by the worker."""
    try:
        if job.progress_total <= AT_ONCE or request.POST.get("at_once"):
            done = apply_import(job_id=job.pk, actor=actor_of(request))
            messages.success(
                request,
                _("stored: %(new)s new, %(updated)s updated; %(reported)s reported")
                % done.report["summary"],
            )
        else:
            queue_import(job_id=job.pk, actor=actor_of(request))
            nudge(apply_staged_import, job.pk)
    except DomainError as fault:
        messages.error(request, fault.message)
    return _to_job(job.pk)


def _to_job(job_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:catalogue_item_import_job", args=(job_id,)))


def _tabs(job: Job, chosen: str) -> list[dict[str, Any]]:
    summary = job.report["summary"]
    names = [("", _("all rows"), summary["rows"])]
    names += [(fate.value, str(fate.label), summary[fate.value]) for fate in RowFate]
    names.append(("notices", _("with a notice"), summary["notices"]))
    return [
        {"fate": fate, "label": label, "count": count, "chosen": fate == chosen}
        for fate, label, count in names
    ]


def _report_rows(job: Job) -> list[list[str]]:
    labels = dict(RowFate.choices)
    heading = [
        _("sheet"),
        _("line"),
        _("item code"),
        _("item name"),
        _("fate"),
        _("column"),
        _("remark"),
    ]
    rows = [[str(cell) for cell in heading]]
    for row in job.report["rows"]:
        place = [row.get("sheet", ""), str(row["line"])]
        start = [*place, row["code"], row["name"], str(labels[row["fate"]])]
        said = [*row["reasons"], *row["notices"]] or [{"column": "", "text": ""}]
        rows += [[*start, entry["column"], entry["text"]] for entry in said]
    return rows


def _csv_answer(rows: list[list[str]], name: str) -> HttpResponse:
    """A CSV that Excel reads as UTF-8 and never as formulas."""
    out = StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in row] for row in rows])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _file_answer(data: bytes, form: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="items.{form}"'
    return answer


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
