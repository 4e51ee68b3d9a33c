"""Long lists: whole where there is room, else their beginning on the page and every line once on the pages of the list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.views.long_lists import FIRST, LINES, Lists


@given(st.integers(0, 400), st.integers(1, 120))
def test_the_pages_of_a_list_have_every_line_once_and_say_which(count: int, most: int) -> None:
    lines, read, after = [f"line-{number}" for number in range(count)], [], ""
    while after is not None:
        lists = Lists("one", after)
        assert list(lists.of("other", lines, str, most)) == []
        part = lists.of("one", lines, str, most)
        assert len(part) <= most
        assert [(one.name, one.total, one.begin, one.shown) for one in lists.shown] == [("other", count, 0, 0), ("one", count, len(read), len(part))]
        read += part
        after = lists.after
    assert read == lines


@pytest.mark.parametrize(
    ("count", "beside", "shown"), [(0, 0, 0), (LINES, 0, LINES), (LINES + 1, 0, FIRST), (LINES - 5, 5, LINES - 5), (LINES - 5, 6, FIRST), (4, 900, 4)]
)
def test_a_page_shows_a_list_whole_or_its_first_lines(count: int, beside: int, shown: int) -> None:
    lists = Lists()
    assert list(lists.of("one", range(count), str, beside=beside)) == list(range(shown))
    assert [one.is_cut for one in lists.shown] == [shown < count] and lists.after is None


def test_a_page_after_a_line_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="gone"):
        Lists("one", "gone").of("one", ["a", "b"], str)


def test_a_list_that_ends_with_its_page_has_no_further_one() -> None:
    lists = Lists("one")
    assert list(lists.of("one", range(LINES), str)) == list(range(LINES)) and lists.after is None
