from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.references import ALPHABET, new_reference, read_reference


@given(st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(place, char):
    reference = new_reference()
    letters = list(reference.removeprefix("SR-").replace("-", ""))
    if letters[place] == char:
        return
    letters[place] = char

    assert read_reference("".join(letters)) is None


@given(st.integers(0, 6))
def test_every_swap_of_neighbours_is_noticed(place):
    letters = list(new_reference().removeprefix("SR-").replace("-", ""))
    if letters[place] == letters[place + 1]:
        return
    letters[place], letters[place + 1] = letters[place + 1], letters[place]

    assert read_reference("".join(letters)) is None


def test_a_reference_is_read_as_people_write_and_say_it():
    reference = new_reference()
    plain = reference.removeprefix("SR-").replace("-", "")

    for written in (
        reference,
        reference.lower(),
        plain,
        f" sr {plain[:4]} {plain[4:]} ",
        reference.replace("0", "O"),
    ):
        assert read_reference(written) == reference
    assert [read_reference(words) for words in ("", "SR-", "nonsense", "💥", reference + "X")] == [None] * 5
