"""Inbox messages: who has to know that a case moved."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from common import time
from intake.models import Case
from notifications.services import notify
from organisations.choices import Role
from organisations.models import Post, User


def case_address(case: Case) -> str:
    """The case's page in the admin."""
    return reverse("admin:intake_case_change", args=(case.pk,))


def _tell(case: Case, recipients: Iterable[User], title: str, body: str, cause: str) -> None:
    notify(
        recipients=list(recipients),
        title=title,
        body=body,
        link=case_address(case),
        subject_kind="case",
        subject_id=case.number,
        dedupe_key=f"{case.number}:{cause}:{case.row_version}",
    )


def reviewers_of(case: Case, *roles: str) -> list[User]:
    """Who is on duty on the department's posts of these roles (reviewers by default)."""
    posts = Post.objects.filter(unit=case.department, role__in=roles or (Role.REVIEWER,))
    return posts.active().on_duty(time.today())


def tell_department(case: Case) -> None:
    """The reviewers learn that a case waits for them."""
    title = _("new case: %(item)s") % {"item": case.item.name}
    _tell(case, reviewers_of(case), title, case.number, "accepted")


def tell_point(*cases: Case) -> None:
    """The clerks on duty at the point learn that something came in online: cases of one point."""
    posts = Post.objects.of_role(Role.CLERK).filter(point_id=cases[0].service_point_id)
    clerks = posts.on_duty(time.today())
    for case in cases:
        title = _("came in online: %(item)s") % {"item": case.item.name}
        _tell(case, clerks, title, case.number, "submitted")


def tell_by_law(case: Case) -> None:
    """Whoever took the case in, its reviewers and their heads learn what the law did."""
    people = reviewers_of(case, Role.REVIEWER, Role.HEAD)
    clerk = case.handler or case.application.created_by
    if clerk.is_staff and clerk.pk not in {person.pk for person in people}:
        people.append(clerk)
    title = _("by effect of the law: %(item)s") % {"item": case.item.name}
    _tell(case, people, title, f"{case.number} {case.deemed_words}", "law")


def tell_heads(case: Case, title: str, body: str) -> None:
    """The heads of the department learn that something waits for their answer."""
    _tell(case, reviewers_of(case, Role.HEAD), title, body, "head")


def tell_clerk(case: Case, title: str, body: str = "") -> None:
    """Whoever took the case in learns what the department did; clients read it by API."""
    clerk = case.application.created_by
    if clerk.is_staff:
        _tell(case, [clerk], title, body or case.number, "clerk")
