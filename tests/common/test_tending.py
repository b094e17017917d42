"""Background work that nobody does is sent again or given up, never left to wait for ever."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Item
from catalogue.resources import stage_file
from catalogue.services import ImportOptions, apply_import, queue_import
from catalogue.services.imports import KIND
from catalogue.tasks import apply_staged_import
from common import time
from common.errors import JobOver
from common.jobs import breaker
from common.models import Job
from common.tending import GIVEN_UP_AFTER, RESENT_AFTER, register_job, tend_jobs
from organisations.models import User
from organisations.services import ensure_groups, system_user
from sample.services.files import DATA
from sample.services.items import FILE
from sample.services.places import DISTRICT
from tests.factories.catalogue import make_department
from tests.worker import LiveWorker

STATE = Job.State
# Enough batches that a kill after the first one comes in the middle, also on a busy machine.
ROWS = 2000


def rows_of_the_sample(count: int) -> bytes:
    """``count`` rows of the shipped catalogue, repeated under other codes where it has fewer."""
    with (DATA / FILE).open(encoding="utf-8-sig", newline="") as source:
        headings, *sample = csv.reader(source)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    for number in range(count):
        code, *rest = sample[number % len(sample)]
        again = number // len(sample)
        writer.writerow([f"{code}-R{again}" if again else code, *rest])
    return text.getvalue().encode()


@pytest.fixture
def keeper(db: None) -> User:
    """Whoever may do everything."""
    ensure_groups()
    make_department("区残联")
    breaker.reset()
    return system_user("sample")


def staged(keeper: User, count: int = 2) -> Job:
    options = ImportOptions(create_units=True, region=DISTRICT, default_promise=0)
    data = rows_of_the_sample(count)
    return stage_file(actor=keeper, name="目录.csv", data=data, options=options)


def aged(job: Job, by: timedelta) -> Job:
    Job.objects.filter(pk=job.pk).update(touched_at=time.now() - by - timedelta(seconds=1))
    return Job.objects.get(pk=job.pk)


def running(keeper: User) -> Job:
    job = staged(keeper)
    job.advance(1)
    return job


def test_it_works(keeper: User) -> None:
    job = aged(running(keeper), GIVEN_UP_AFTER)
    tend_jobs()
    job.refresh_from_db()
    assert job.state == STATE.FAILED
    assert "再导入一次" in job.fault
    assert job.finished_at
    assert job.report["summary"]["rows"] == 2


@pytest.mark.parametrize("state", [STATE.STAGED, STATE.DONE, STATE.FAILED])
def test_what_waits_for_nobody_is_left_alone(keeper: User, state: str) -> None:
    job = staged(keeper)
    Job.objects.filter(pk=job.pk).update(state=state)
    job = aged(job, 10 * GIVEN_UP_AFTER)
    before = Job.objects.values().get(pk=job.pk)
    tend_jobs()
    assert Job.objects.values().get(pk=job.pk) == before


def test_who_shows_signs_of_life_goes_on(keeper: User) -> None:
    job = running(keeper)
    aged(job, GIVEN_UP_AFTER)
    job.advance(2)
    tend_jobs()
    job.refresh_from_db()
    assert job.state == STATE.RUNNING


def test_a_worker_that_comes_back_revives_nothing(keeper: User) -> None:
    job = running(keeper)
    aged(job, GIVEN_UP_AFTER)
    tend_jobs()
    with pytest.raises(JobOver):
        job.advance(2)
    with pytest.raises(JobOver):
        job.finish({}, message="")
    apply_staged_import(job.pk)
    assert Job.objects.get(pk=job.pk).state == STATE.FAILED
    assert not Item.objects.exists()


def test_a_second_task_for_a_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="two tasks"):
        register_job(KIND, test_it_works)


def test_the_page_says_what_to_do(keeper: User) -> None:
    job = aged(running(keeper), GIVEN_UP_AFTER)
    tend_jobs()
    admin = User.objects.create_superuser("chief", password="pw", display_name="管理员")
    client = Client()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("admin:catalogue_item_import_job", args=(job.pk,)))
    assert page.status_code == 200
    assert "再导入一次" in page.content.decode()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_lost_message_is_sent_again(
    transactional_db: None, keeper: User, live_worker: LiveWorker
) -> None:
    job = queue_import(job_id=staged(keeper).pk, actor=keeper)
    tend_jobs()
    job.refresh_from_db()
    assert job.state == STATE.QUEUED, "a fresh one is still on its way"
    aged(job, RESENT_AFTER)
    tend_jobs()
    live_worker.wait_for(lambda: Job.objects.get(pk=job.pk).state == STATE.DONE, 30)
    assert Item.objects.count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_job_that_can_be_done_again(
    transactional_db: None, keeper: User, start_worker: Callable[..., LiveWorker]
) -> None:
    worker = start_worker()
    job = queue_import(job_id=staged(keeper, ROWS).pk, actor=keeper)
    apply_staged_import.delay(job.pk)
    worker.wait_for(lambda: Job.objects.get(pk=job.pk).progress_done > 0, 60)
    worker.kill()
    stored = Item.objects.count()
    assert 0 < stored < ROWS, "the kill came in the middle"
    aged(job, GIVEN_UP_AFTER)
    tend_jobs()
    assert Job.objects.get(pk=job.pk).state == STATE.FAILED
    again = apply_import(job_id=staged(keeper, ROWS).pk, actor=keeper)
    summary = again.report["summary"]
    assert summary["new"] + summary["updated"] + summary["unchanged"] == ROWS
    assert summary["unchanged"] >= stored - 1
    assert Item.objects.count() == ROWS
