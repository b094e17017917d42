"""Who is told, by post and at the moment of telling."""

from datetime import datetime

from common import time
from deadlines.choices import StageKey
from deadlines.models import Clock
from organisations.choices import Role
from organisations.models import Absence, Post, User
from organisations.rules import region_prefix

HANDLER, HEAD, OFFICE = "handler", "head", "office"
LADDER = {
    StageKey.REMIND: (HANDLER,),
    StageKey.WARN: (HANDLER,),
    StageKey.WARN_STATUTE: (HANDLER, HEAD),
    StageKey.YELLOW: (HANDLER, HEAD),
    StageKey.RED_UNANSWERED: (HANDLER, HEAD, OFFICE),
    StageKey.RED_STATUTE: (HANDLER, HEAD, OFFICE),
    StageKey.ESCALATE: (HEAD, OFFICE),
    StageKey.OVERRUN: (HANDLER, HEAD, OFFICE),
    StageKey.EXPIRED: (HANDLER,),
    StageKey.EFFECT: (HANDLER, HEAD),
}


def is_present(user: User, at: datetime) -> bool:
    """Whether the user works on the day of ``at``."""
    day = time.local_date(at)
    return user.is_active and not Absence.objects.on(day).filter(user=user).exists()


def _holders(posts: list[Post], at: datetime) -> list[User]:
    """Whoever stands on the posts that day; where both holders are away, the A holder."""
    found = (post.on_duty(at) or post.holder_a or post.holder_b for post in posts)
    return [user for user in found if user is not None]


def _stand_ins(clock: Clock) -> list[Post]:
    """The post of the clock, else the absent handler's own in that unit."""
    posts = Post.objects.active().for_list()
    if clock.post_id:
        return list(posts.filter(pk=clock.post_id))
    if clock.handler_id:
        return list(posts.held_by(clock.handler).filter(unit=clock.department_id))
    return []


def handlers(clock: Clock, at: datetime) -> list[User]:
    """The handler, or the B post at once when he is away; else the unit's reviewers."""
    if clock.handler and is_present(clock.handler, at):
        return [clock.handler]
    found = _holders(_stand_ins(clock), at)
    if found:
        return found
    reviewers = Post.objects.of_role(Role.REVIEWER).filter(unit=clock.department_id)
    return _holders(list(reviewers.for_list()), at)


def heads(clock: Clock, at: datetime) -> list[User]:
    """Whoever heads the responsible unit that day."""
    posts = Post.objects.of_role(Role.HEAD).filter(unit=clock.department_id)
    return _holders(list(posts.for_list()), at)


def offices(clock: Clock, at: datetime) -> list[User]:
    """Supervisors in whose region the matter lies."""
    posts = [
        post
        for post in Post.objects.of_role(Role.SUPERVISOR).for_list()
        if post.scope_code and clock.region_code.startswith(region_prefix(post.scope_code))
    ]
    return _holders(posts, at)


def recipients(clock: Clock, stages: list[str], at: datetime) -> dict[User, list[str]]:
    """Which of the stages each person must hear of; heads answer where no handler is found."""
    people = {HANDLER: handlers(clock, at), HEAD: heads(clock, at), OFFICE: []}
    people[HANDLER] = people[HANDLER] or people[HEAD]
    if any(OFFICE in LADDER[StageKey(stage)] for stage in stages):
        people[OFFICE] = offices(clock, at)
    told: dict[User, list[str]] = {}
    for stage in stages:
        for user in {u for side in LADDER[StageKey(stage)] for u in people[side]}:
            told.setdefault(user, []).append(stage)
    return told
