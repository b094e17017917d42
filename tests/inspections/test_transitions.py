"""The tables of visits and orders."""

from inspections.transitions import ORDER_FLOW, VISIT_FLOW


class Anybody:
    def __init__(self, *perms: str) -> None:
        self.perms = perms

    def has_perm(self, perm: str) -> bool:
        return perm in self.perms


class Facts:
    state = "draft"
    order_is_due = False
    has_order = False
    missing: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()

    def missing_codes(self) -> list[str]:
        return list(self.missing)

    def undescribed_codes(self) -> list[str]:
        return list(self.unsaid)


def test_it_works() -> None:
    offers = VISIT_FLOW.available(Facts(), Anybody("inspections.conduct_visit"))
    assert [offer.transition.name for offer in offers] == ["submit", "void"]


def test_every_state_can_be_reached() -> None:
    assert not VISIT_FLOW.unreachable()
    assert not ORDER_FLOW.unreachable()


def test_submitting_names_every_missing_item() -> None:
    facts = Facts()
    facts.missing, facts.unsaid = ("1.1", "2.3"), ("4.2",)
    move = VISIT_FLOW.by_name("submit")
    reasons = VISIT_FLOW.refusals(move, facts, Anybody("inspections.conduct_visit"))
    assert len(reasons) == 2
    assert "2.3" in reasons[0]
    assert "4.2" in reasons[1]


def test_a_visit_with_problems_is_not_approved_without_its_order() -> None:
    facts = Facts()
    facts.state, facts.order_is_due = "submitted", True
    move = VISIT_FLOW.by_name("approve")
    assert VISIT_FLOW.refusals(move, facts, Anybody("inspections.approve_visit"))


def test_an_inspector_cannot_approve() -> None:
    facts = Facts()
    facts.state = "submitted"
    move = VISIT_FLOW.by_name("approve")
    assert VISIT_FLOW.refusals(move, facts, Anybody("inspections.conduct_visit"))
