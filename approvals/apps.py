"""Approvals: what departments do with cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.site import PageLink, register_page
from deadlines.choices import Effect
from deadlines.registry import register_effect
from documents.registry import PaperKind, register_paper
from intake.registry import VerbHandler, register_section, register_verb
from organisations.choices import Role
from organisations.registry import grant


class ApprovalsConfig(AppConfig):
    """Reviews, special procedures, extensions, decisions, delivery, archive."""

    name = "approvals"
    verbose_name = _("approvals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Verbs, papers, the queue and permissions are registered."""
        from approvals import receivers  # noqa: F401 - they hear by themselves
        from approvals.forms import VERB_FORMS
        from approvals.parts import review_section
        from approvals.services.renewals import deem_renewed

        register_effect("case", Effect.DEEMED_RENEWED, deem_renewed)
        for form in VERB_FORMS:
            register_verb(VerbHandler(form.move, form))
        register_section(review_section, order=20)
        decision = "approvals/papers/decision.typ"
        register_paper(PaperKind("approvals.decision", "决定书", decision))
        proof = "documents/papers/service_proof.typ"
        register_paper(PaperKind("approvals.service_proof", "送达回证", proof))
        queue = "admin:intake_case_changelist"
        label, permission = _("waiting for my review"), "intake.review_case"
        register_page(PageLink(queue, label, permission, order=15, query="?desk=review"))
        readers = (Role.CLERK, Role.REVIEWER, Role.HEAD, Role.SUPERVISOR, Role.ADMINISTRATOR)
        for role in readers:
            grant(role, "approvals.view_decision")
