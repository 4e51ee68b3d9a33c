"""Forms are read as the standard library reads them, whatever the bytes; frames bring over whatever was put in them."""

from urllib.parse import quote_plus, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from phkg.sparql import frames
from phkg.sparql.frames import Answer, Question
from phkg.sparql.protocol import form_decoded

ENCODED = st.lists(
    st.sampled_from(["%", "%C3", "%A5", "%5C", "%5c", "%x41", "%4", "u0041", "N{DOLLAR SIGN}", "\\", "\\x41", "+", "a", "0", "%00", "%25", "%ED%A0%80"])
)


@given(st.text())
def test_what_a_form_encodes_is_decoded(text):
    assert form_decoded(quote_plus(text).encode()) == text


@given(ENCODED.map("".join))
@example("%")
@example("100%")
@example("%\\x41")
def test_whatever_comes_is_read_as_the_standard_library_reads_it(text):
    try:
        expected = unquote(text.replace("+", " "), errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            form_decoded(text.encode())
    else:
        assert form_decoded(text.encode()) == expected


def test_bytes_beyond_ascii_are_no_form():
    with pytest.raises(UnicodeDecodeError):
        form_decoded("å".encode())


IRIS = st.none() | st.lists(st.text(max_size=5), max_size=3).map(tuple)
NAMES = st.none() | st.text(max_size=5)
QUESTIONS = st.builds(Question, st.text(), st.text(max_size=5), IRIS, IRIS, NAMES, NAMES, NAMES)


@given(QUESTIONS, st.floats(0, 100), st.integers(0, 1 << 40), st.integers(0, 1 << 20))
def test_a_question_comes_over_whole(question, seconds, answer, rows):
    frame = frames.pack_question(question, seconds, answer, rows)
    head, body = frames.LENGTHS.unpack_from(frame)
    begin = frames.LENGTHS.size
    assert len(frame) == begin + head + body
    came = frames.unpack_question(frame[begin : begin + head], frame[begin + head :])
    assert vars(came) == {**vars(question), "seconds": seconds, "answer": answer, "rows": rows}


@given(st.builds(Answer, NAMES, NAMES, NAMES, NAMES, st.none() | st.integers(1, 9), st.none() | st.integers(1, 9)), st.binary(), st.integers(0, 1 << 40))
def test_an_answer_comes_over_whole(answer, body, grown):
    frame = frames.pack_answer(answer, body, grown)
    head, length = frames.LENGTHS.unpack_from(frame)
    begin = frames.LENGTHS.size
    assert vars(frames.unpack_answer(frame[begin : begin + head])) == {**vars(answer), "grown": grown}
    assert frame[begin + head :] == body and length == len(body)
