import pytest

from tests.factories.supervision import District, make_district


@pytest.fixture
def district(db: None) -> District:
    return make_district()
