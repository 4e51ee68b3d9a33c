"""The page that shares a sum, on the real registry: every krona is there, and what the reader asks for is answered."""

from __future__ import annotations

import pytest

from phkg.publishing.site import Published, publish
from phkg.views.allocation import AllocationPage, allocation_page


@pytest.fixture(scope="module")
def published(real_snapshot) -> Published:
    return publish(real_snapshot, ())


def _page(published: Published, **asked: str) -> AllocationPage:
    models = published.allocation_models["en"]
    return allocation_page(
        published.readers["en"], published.methods, published.standings, models, {name.replace("__", "."): value for name, value in asked.items()}
    )


def test_every_model_of_the_registry_shares_the_whole_sum_or_says_what_it_needs(published: Published) -> None:
    for record in published.allocation_models["en"]:
        (result,) = _page(published, a=record.slug, budget="80000000").results
        if result.trouble:
            assert result.trouble.kind == "missing"
            assert all(name.startswith(f"values.{record.slug}.") for name in result.trouble.names)
        else:
            assert sum(line.amount for line in result.lines) + result.centre + result.left == 80_000_000
            assert all(line.low <= line.amount <= line.high for line in result.lines)
            assert all(sum(line.steps) == line.amount for line in result.lines)
            assert all(len(line.years) == 5 for line in result.lines)


def test_per_head_gives_gotland_its_share_of_the_population(published: Published) -> None:
    """61,029 of 10,551,707 on 31 December 2023, by Statistics Sweden, is 0.578 per cent."""
    (result,) = _page(published, a="per-head", budget="100000000", years="1").results
    gotland = next(line for line in result.lines if line.short_name.value == "Gotland")
    assert gotland.population == 61_029
    assert gotland.amount == round(61_029 / 10_551_707 * 100_000_000)


def test_catchments_add_up_to_the_population_and_go_to_seven_hubs(published: Published) -> None:
    (result,) = _page(published, a="hub-and-catchment", budget="10551707", years="1", **{"hub-and-catchment__route": "0"}).results
    assert sum(1 for line in result.lines if line.amount) == 7
    assert sum(line.amount for line in result.lines) == 10_551_707


def test_no_sum_works_nothing_out(published: Published) -> None:
    page = _page(published, a="equal")
    assert page.budget is None
    assert page.results[0].trouble is not None
    assert page.results[0].trouble.names == ("budget",)


def test_limits_that_cannot_be_kept_say_what_could_be_shared(published: Published) -> None:
    (result,) = _page(
        published, a="blended", budget="1000", blended__gap="0", blended__base="0", blended__ceiling="1", blended__floor="1", blended__centre="0"
    ).results
    assert result.trouble is None, "floor and ceiling of one are what per head gives"
    (result,) = _page(published, a="gap-to-target", b="per-head", budget="1000", **{"gap-to-target__pace": "0"}).results[:1]
    assert result.trouble is None
    assert all(line.distance is None or line.amount >= 0 for line in result.lines)


def test_figures_are_read_and_a_line_that_is_none_is_shown(published: Published) -> None:
    names = [f"values__weighted-capitation__{one}" for one in ("age", "need", "cost")]
    (result,) = _page(published, a="weighted-capitation", budget="1000000", **dict.fromkeys(names, "Gotland 1,2\n01 0.9\nskane: 1")).results
    assert result.trouble is None
    assert result.has_range, "the others are unknown"
    for wrong in ("Gotland 9", "Nowhere 1", "Gotland 1\nGotland 1", "Gotland"):
        (result,) = _page(published, a="weighted-capitation", budget="1000000", **dict.fromkeys(names, wrong)).results
        assert result.trouble is not None
        assert (result.trouble.kind, result.trouble.line) == ("unreadable", wrong.rsplit("\n", 1)[-1])


def test_the_weight_that_would_have_to_be_true_gives_the_amount(published: Published) -> None:
    asked = {"a": "base-and-per-head", "budget": "100000000", "years": "1"}
    (result,) = _page(published, **asked, region="gotland", amount="1500000").results
    (line,) = result.wished
    (value,) = line.values
    (again,) = _page(published, **asked, **{"base-and-per-head__base": value}).results
    gotland = next(one for one in again.lines if one.short_name.value == "Gotland")
    assert abs(gotland.amount - 1_500_000) <= 500, "weights are shown to the fourth decimal"


def test_money_closes_known_gaps_only(published: Published) -> None:
    (result,) = _page(published, a="per-head", budget="1000000000", fixed="1000").results
    assert all(len(one.closed) == one.gaps for one in result.effects)
    assert all(one.after_low <= one.before_low <= one.before_high for one in result.effects)
    assert sum(one.gaps for one in result.effects) > 0
    (none,) = _page(published, a="per-head", budget="1000000000").results
    assert none.effects == ()


def test_chance_lies_about_the_amount(published: Published) -> None:
    (result,) = _page(published, a="part-performance", budget="100000000").results
    told = [line for line in result.lines if line.chance_low is not None and line.chance_high is not None]
    assert len(told) == len(result.lines)
    assert all(line.chance_low <= line.amount <= line.chance_high for line in told if line.chance_low and line.chance_high)
