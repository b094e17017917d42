"""Who may open papers and files, and whether a server can send them at all."""

from wsgiref.headers import Headers

import pytest
from django.test import Client

from documents.models import Attachment, Paper
from inspections import services as inspecting
from inspections.models import Evidence
from organisations.choices import Role
from organisations.models import User
from organisations.services import system_user
from tests.factories.documents import make_attachment, make_paper
from tests.factories.inspections import DISTRICT, STREET, Scene, make_officer, make_scene, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def receipt() -> Paper:
    return make_paper(actor=system_user("sample"), number="BG410503004-20261124-0001")


@pytest.fixture
def scan() -> Attachment:
    return make_attachment(actor=system_user("sample"))


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_it_works(scene: Scene, receipt: Paper, scan: Attachment) -> None:
    clerk = entered(make_officer("clerk", scene.unit, Role.CLERK, STREET))
    assert clerk.get(f"/papers/{receipt.pk}/").status_code == 200
    assert clerk.get(f"/files/{scan.pk}/").status_code == 200


def test_a_plain_server_can_send_every_header(
    scene: Scene, receipt: Paper, scan: Attachment
) -> None:
    clerk = entered(make_officer("clerk", scene.unit, Role.CLERK, STREET))
    for address in (f"/papers/{receipt.pk}/", f"/files/{scan.pk}/?view=1"):
        # wsgiref, behind runserver, takes texts only, no subclass.
        assert Headers(list(clerk.get(address).items()))["Content-Type"]


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.PATROLLER])
def test_who_inspects_a_district_opens_no_applicants_papers(
    scene: Scene, receipt: Paper, scan: Attachment, role: str
) -> None:
    inspector = entered(make_officer("who", scene.unit, role, DISTRICT))
    assert inspector.get(f"/papers/{receipt.pk}/").status_code == 404
    assert inspector.get(f"/files/{scan.pk}/").status_code == 404
    assert inspector.get("/admin/documents/paper/").status_code == 403
    assert inspector.get("/admin/documents/attachment/").status_code == 403


def test_an_inspector_opens_his_orders_and_photos_and_a_clerk_does_not(scene: Scene) -> None:
    order = scene.ordered()
    visit = scene.draft(1)
    inspecting.attach_photo(actor=scene.officer, visit_id=visit.pk, upload=photo())
    shot = Evidence.objects.get(visit=visit).attachment_id
    addresses = (f"/papers/{order.paper_id}/", f"/files/{shot}/?view=1")
    assert [entered(scene.officer).get(a).status_code for a in addresses] == [200, 200]
    stranger = make_officer("stranger", scene.unit, Role.INSPECTOR, "410503005000")
    elsewhere = entered(make_officer("clerk", scene.unit, Role.CLERK, STREET))
    assert stranger.scope.unit_ids == (scene.unit.pk,)
    assert elsewhere.get(addresses[0]).status_code == 404
