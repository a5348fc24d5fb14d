import pytest

from handoffs.fax.similar_names import are_alike, similar_to
from handoffs.parties import Organization, OrganizationKind

OFFICE = OrganizationKind.CARE_SUPPORT_OFFICE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("見本東病院", "見本西病院"),
        ("見本ケアプランセンター", "見本ケアプランセンタ"),
        ("見本ケアプランさくら", "見本ケアプランさくの"),
        ("みほん苑", "みほん園"),
        ("見本居宅介護支援事業所", "見本居宅介護支援事務局"),
    ],
)
def test_names_that_differ_in_a_character_or_two_are_alike(one: str, other: str) -> None:
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("見本中央病院", "となり町診療所"),
        ("みほん苑", "みほ里山"),
        ("見本ケアプランセンター", "見本市地域包括支援センター"),
    ],
)
def test_names_that_differ_in_more_are_not(one: str, other: str) -> None:
    assert not are_alike(one, other)


def test_the_same_name_in_another_town_is_alike_and_oneself_is_not() -> None:
    own = Organization(id=1, kind=OFFICE, region="mihon", name="さくら ケアプラン")
    same = Organization(
        id=2, kind=OFFICE, region="tonari", name="さくらケアプラン", municipality="となり町"
    )
    far = Organization(id=3, kind=OFFICE, region="mihon", name="やまぶき荘")
    assert similar_to(own, [own, same, far]) == (same,)
