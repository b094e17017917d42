"""One verb for many cases of the list: asked for, carried out row by row, reported."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.flow import Transition
from common.models import Job
from common.tables import as_csv
from intake.admin.pages import actor_of
from intake.forms.many import MOST_ROWS, Chosen, ManyForm, move_for_many, read_rows
from intake.models import Case
from intake.services.reports import MANY, keep_report
from intake.transitions import CASE_FLOW

SEEN = "seen-"
LIST = "admin:intake_case_changelist"


def many_urls() -> list[URLPattern]:
    """Asking and doing, the report, its rows as CSV."""
    wrap = admin.site.admin_view
    return [
        path("many/<slug:verb>/", wrap(do_many), name="intake_case_many"),
        path("many/report/<int:pk>/", wrap(report), name="intake_case_many_report"),
        path("many/report/<int:pk>/rows.csv", wrap(report_csv), name="intake_case_many_csv"),
    ]


def seen_field(case: Case) -> tuple[str, str]:
    """Name and value of the field by which a row of the list says what it showed."""
    return f"{SEEN}{case.pk}", str(Chosen(case.pk, case.row_version, case.number))


def chosen_rows(request: HttpRequest, cases: Any) -> list[Chosen]:
    """Rows ticked on the page, as the page showed them; or the whole list, one more than goes."""
    if request.POST.get("select_across") == "1":
        found = cases.values_list("pk", "row_version", "number")[: MOST_ROWS + 1]
        return [Chosen(*row) for row in found]
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return read_rows(request.POST.get(f"{SEEN}{key}", f"{key}:0:") for key in ticked)


def ask(request: HttpRequest, move: Transition, rows: Sequence[Chosen]) -> HttpResponse:
    """The rows with what stands against the move, and the note it takes."""
    if len(rows) > MOST_ROWS:
        text = _("at most %(most)s cases at once; nothing was changed")
        messages.error(request, text % {"most": MOST_ROWS})
        return HttpResponseRedirect(request.get_full_path())
    return _ask_page(request, ManyForm(move=move, rows=rows, actor=actor_of(request)))


def _ask_page(request: HttpRequest, form: ManyForm, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("%(verb)s: %(count)s cases")
        % {"verb": form.move.label, "count": len(form.rows)},
        "form": form,
        "hindered": sum(1 for _row, _case, reasons in form.prospects if reasons),
    }
    return TemplateResponse(request, "intake/many.html", context, status=status)


@require_http_methods(["GET", "POST"])
def do_many(request: HttpRequest, verb: str) -> HttpResponse:
    """Each row is done or refused by its own service; the report says which and why."""
    move, actor = move_for_many(verb), actor_of(request)
    if move is None:
        raise Http404
    if not (actor.has_perm("intake.view_case") and actor.has_perm(move.permission)):
        raise PermissionDenied
    if request.method == "GET":
        return HttpResponseRedirect(reverse(LIST))
    rows = read_rows(request.POST.getlist("row")[: MOST_ROWS + 1])
    form = ManyForm(request.POST, move=move, rows=rows, actor=actor)
    if not form.is_valid():
        return _ask_page(request, form, status=422)
    fates = [fate.facts() for fate in form.carry_out()]
    job = keep_report(actor=actor, verb=move.name, rows=fates)
    return HttpResponseRedirect(reverse("admin:intake_case_many_report", args=(job.pk,)))


def _job(request: HttpRequest, pk: int) -> Job:
    job = Job.objects.visible_to(request.user).of_kinds([MANY]).filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def _label(job: Job) -> str:
    return str(CASE_FLOW.by_name(job.report["verb"]).label)


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row with what became of it; refused ones first."""
    job = _job(request, pk)
    context = {
        **admin.site.each_context(request),
        "title": _("%(verb)s: report") % {"verb": _label(job)},
        "job": job,
        "rows": sorted(job.report["rows"], key=lambda row: row["done"]),
        "refused": job.progress_total - job.progress_done,
    }
    return TemplateResponse(request, "intake/many_report.html", context)


@require_GET
def report_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a table for a spreadsheet."""
    job = _job(request, pk)
    headings = (_("number"), _("item"), _("step"), _("outcome"), _("state"), _("reason"))
    outcome = {True: _("done"), False: _("not done")}
    rows = [
        (row["number"], row["item"], _label(job), outcome[row["done"]], row["state"], row["reason"])
        for row in job.report["rows"]
    ]
    answer = HttpResponse(as_csv(headings, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cases-{job.pk}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer
