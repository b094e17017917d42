"""Who acts at a point or in a unit: holders of posts, each one object for the whole load."""

from organisations.choices import Role
from organisations.models import Post, ServicePoint, Unit, User, Window


class Cast:
    """Finds the A holder of a post by role; the same person is always the same object."""

    def __init__(self, users: dict[str, User]) -> None:
        """The posts are read once."""
        self.users = users
        self._by_key = {user.pk: user for user in users.values()}
        self._at_point: dict[int, list[tuple[User, Window | None]]] = {}
        self._in_unit: dict[tuple[int, str], User] = {}
        for post in Post.objects.active().for_list().order_by("pk"):
            self._note(post)

    def _note(self, post: Post) -> None:
        if post.holder_a_id is None:
            return
        holder = self._by_key[post.holder_a_id]
        self._in_unit.setdefault((post.unit_id, post.role), holder)
        if post.role == Role.CLERK and post.point_id:
            self._at_point.setdefault(post.point_id, []).append((holder, post.window))

    def clerk(self, point: ServicePoint, place: int) -> tuple[User, Window | None]:
        """One of the clerks of the point and the window he sits at."""
        found = self.clerks(point)
        return found[place % len(found)]

    def clerks(self, point: ServicePoint) -> list[tuple[User, Window | None]]:
        """Everybody who sits at the point, with his window; nobody where no post is held."""
        return self._at_point.get(point.pk, [])

    def reviewer(self, unit: Unit) -> User:
        """Who reviews in the unit; in a community, its head."""
        found = self._in_unit.get((unit.pk, Role.REVIEWER))
        return found or self.head(unit)

    def head(self, unit: Unit) -> User:
        """Who heads the unit."""
        return self._in_unit[unit.pk, Role.HEAD]

    def __getitem__(self, username: str) -> User:
        return self.users[username]
