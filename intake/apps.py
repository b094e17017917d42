"""Intake: how an application comes in and how its cases move."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Applicants, applications, cases, materials, notices."""

    name = "intake"
    verbose_name = _("intake")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Verbs, papers, pages, search and permissions are registered."""
        from intake import checks  # noqa: F401 - registers itself

        _register_verbs()
        _register_papers()
        _register_pages()
        _grant_roles()


def _register_verbs() -> None:
    from intake.forms import verbs
    from intake.registry import VerbHandler, register_verb

    for form in (
        verbs.SubmitForm,
        verbs.ReceiveForm,
        verbs.AcceptForm,
        verbs.AddMaterialsForm,
        verbs.CorrectionForm,
        verbs.RepeatCorrectionForm,
        verbs.HandInForm,
        verbs.RefuseAcceptanceForm,
        verbs.ReturnForm,
        verbs.ReassignForm,
        verbs.WithdrawForm,
        verbs.SendOnForm,
    ):
        register_verb(VerbHandler(form.move, form))


def _register_papers() -> None:
    from documents.registry import PaperKind, register_paper

    for key, title, name in (
        ("intake.receipt", "收件凭证", "receipt"),
        ("intake.acceptance", "受理通知书", "acceptance"),
        ("intake.correction", "一次性告知书", "correction"),
        ("intake.refusal", "不予受理通知书", "refusal"),
    ):
        register_paper(PaperKind(key, title, f"intake/papers/{name}.typ"))


def _register_pages() -> None:
    from django.contrib import admin
    from django.urls import path

    from common.search import register_search
    from common.site import PageLink, Panel, register_admin_urls, register_page, register_panel
    from deadlines.registry import register_subject
    from intake import parts
    from intake.admin import desk, window
    from intake.services.clocks import SUBJECT_KIND

    view = admin.site.admin_view
    register_admin_urls(
        path("window/", view(window.pick_items), name="window"),
        path("window/form/", view(window.fill_form), name="window_form"),
        path("window/done/<int:application_id>/", view(window.done), name="window_done"),
    )
    register_page(PageLink("admin:window", _("window"), "intake.receive_case", order=10))
    register_page(
        PageLink("admin:intake_case_changelist", _("cases"), "intake.view_case", order=20)
    )
    register_panel(Panel("intake/desk_panel.html", desk.build_panel, order=10))
    register_search("case", _("cases"), parts.find_cases)
    register_subject(SUBJECT_KIND, parts.case_links, lock=parts.lock_case_of)


CLERK = (
    "receive_case accept_case add_materials request_correction hand_in_correction"
    " refuse_acceptance return_case reassign_case withdraw_case send_on decide_on_spot"
    " deliver_result archive_case reveal_applicant"
)
REVIEWER = (
    "review_case add_materials reassign_case decide_case ready_result deliver_result"
    " archive_case reveal_applicant"
)
HEAD = f"{REVIEWER} decide_extension repeat_correction terminate_case"
CLIENT = "submit_case hand_in_correction withdraw_case"
VIEWS = "view_case view_application view_applicant"


def _grant_roles() -> None:
    from organisations.choices import Role
    from organisations.registry import grant

    for role, verbs in (
        (Role.CLERK, CLERK),
        (Role.REVIEWER, REVIEWER),
        (Role.HEAD, HEAD),
        (Role.CLIENT, CLIENT),
        (Role.SUPERVISOR, ""),
        (Role.ADMINISTRATOR, ""),
    ):
        grant(role, *(f"intake.{name}" for name in f"{verbs} {VIEWS}".split()))
