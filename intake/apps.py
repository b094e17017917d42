"""Intake: how an application comes in and how its cases move."""

from types import ModuleType

from django.apps import AppConfig
from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from common.search import register_scan, register_search
from common.site import PageLink, Panel, register_admin_urls, register_page, register_panel
from deadlines.choices import Effect
from deadlines.registry import register_effect, register_subject
from documents.registry import PaperKind, register_paper, register_series
from intake.registry import VerbHandler, register_section, register_verb
from organisations.choices import Role
from organisations.registry import grant

SUBJECT_KIND = "case"
VERB_FORMS = (
    "SubmitForm",
    "ReceiveForm",
    "AcceptForm",
    "AddMaterialsForm",
    "CorrectionForm",
    "RepeatCorrectionForm",
    "HandInForm",
    "RefuseAcceptanceForm",
    "ReturnForm",
    "ReassignForm",
    "WithdrawForm",
    "SendOnForm",
    "AnnulEffectForm",
)
PAPERS = (
    ("intake.receipt", "收件凭证", "receipt"),
    ("intake.acceptance", "受理通知书", "acceptance"),
    ("intake.correction", "一次性告知书", "correction"),
    ("intake.refusal", "不予受理通知书", "refusal"),
    ("intake.deferral", "容缺受理承诺书", "deferral_promise"),
    ("intake.promise", "告知承诺书", "promise"),
)


class IntakeConfig(AppConfig):
    """Applicants, applications, cases, materials, notices."""

    name = "intake"
    verbose_name = _("intake")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Verbs, papers, pages, search and permissions are registered."""
        from catalogue.registry import Entrance, register_entrance
        from intake import checks, parts, receivers  # noqa: F401 - the checks register themselves
        from intake.admin import desk, drafts, window
        from intake.admin import first_contacts as contacts
        from intake.forms import verbs
        from intake.services import effects, first_contacts

        for name in VERB_FORMS:
            form = getattr(verbs, name)
            register_verb(VerbHandler(form.move, form))
        for key, title, template in PAPERS:
            register_paper(PaperKind(key, title, f"intake/papers/{template}.typ"))
        proof = "documents/papers/service_proof.typ"
        register_paper(PaperKind("intake.service_proof", "送达回证", proof))
        register_series("intake.application", _("receipt number"))
        _register_pages(window, drafts)
        register_panel(Panel("intake/desk_panel.html", desk.build_panel, order=10))
        register_panel(Panel("intake/contacts_panel.html", contacts.build_panel, order=12))
        register_search("case", _("cases"), parts.find_cases)
        register_scan("prefill", parts.prefills_scanned, order=10)
        register_scan("case", parts.cases_scanned, order=11)
        register_entrance(
            Entrance(_("fill in at home"), parts.prefill_address, parts.bundle_prefill_address)
        )
        register_effect(SUBJECT_KIND, Effect.DEEMED_ACCEPTED, effects.deem_accepted)
        register_effect(SUBJECT_KIND, Effect.DEEMED_WITHDRAWN, effects.deem_withdrawn)
        register_subject(SUBJECT_KIND, parts.case_links, lock=parts.lock_case_of)
        register_section(parts.helping_section, order=5)
        kind, links = first_contacts.SUBJECT_KIND, parts.contact_links
        register_subject(kind, links, lock=first_contacts.hold_contact)
        _grant_roles()


def _register_pages(window: ModuleType, drafts: ModuleType) -> None:
    view = admin.site.admin_view
    register_admin_urls(
        path("window/", view(window.pick_items), name="window"),
        path("window/form/", view(window.fill_form), name="window_form"),
        path("window/known/", view(window.known), name="window_known"),
        path("window/keep/", view(window.keep_form), name="window_keep"),
        path("window/discard/<int:draft_id>/", view(drafts.discard), name="window_discard"),
        path("window/done/<int:application_id>/", view(window.done), name="window_done"),
    )
    register_page(PageLink("admin:window", _("window desk"), "intake.receive_case", order=10))
    changelist = "admin:intake_case_changelist"
    register_page(PageLink(changelist, _("cases"), "intake.view_case", order=20))
    contacts = "admin:intake_firstcontact_changelist"
    register_page(PageLink(contacts, _("first contacts"), "intake.answer_first_contact", order=22))
    helped = "admin:intake_helping_changelist"
    mine = "?side=mine"
    register_page(
        PageLink(helped, _("helped by me"), "intake.help_applicant", order=24, query=mine)
    )


CLERK = (
    "receive_case accept_case add_materials request_correction hand_in_correction"
    " refuse_acceptance return_case reassign_case withdraw_case send_on decide_on_spot"
    " deliver_result archive_case reveal_applicant serve_notice"
)
REVIEWER = (
    "review_case add_materials reassign_case decide_case ready_result deliver_result"
    " archive_case reveal_applicant serve_notice"
)
HEAD = f"{REVIEWER} annul_effect decide_extension repeat_correction terminate_case"
CLIENT = "submit_case hand_in_correction withdraw_case"
CONTACT_VERBS: dict[Role, tuple[str, ...]] = {
    Role.CLERK: ("record", "answer"),
    Role.REVIEWER: ("answer",),
    Role.HEAD: ("answer",),
    Role.SUPERVISOR: (),
    Role.ADMINISTRATOR: (),
}
VIEWS = "view_case view_application view_applicant"


def _grant_roles() -> None:
    for role, verbs in (
        (Role.CLERK, CLERK),
        (Role.REVIEWER, REVIEWER),
        (Role.HEAD, HEAD),
        (Role.CLIENT, CLIENT),
        (Role.SUPERVISOR, ""),
        (Role.ADMINISTRATOR, "erase_applicant"),
    ):
        grant(role, *(f"intake.{name}" for name in f"{verbs} {VIEWS}".split()))
    for role, steps in CONTACT_VERBS.items():
        grant(role, *(f"intake.{name}_first_contact" for name in steps), "intake.view_firstcontact")
        grant(role, "intake.view_helping")
    grant(Role.CLERK, "intake.help_applicant")
