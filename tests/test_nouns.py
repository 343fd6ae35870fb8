import ast
import dataclasses
import inspect
import sys

import pytest

import index
from index import Coverage, Indicator, LeftOut, Section, Span, documents, errors


def test_a_span_counts_and_cuts_characters() -> None:
    span = Span(2, 5)
    assert len(span) == 5 - 2
    assert span.of("零一二三四五") == "二三四"
    assert span.of("零一") == ""


def test_an_empty_span_is_false_and_of_length_zero() -> None:
    assert len(Span(3, 3)) == 0
    assert not Span(3, 3)
    assert Span(3, 4)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (-2, -1)])
def test_a_span_refuses_other_orders_and_tells_both_ends(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"\[{start}, {end}\)"):
        Span(start, end)


@pytest.mark.parametrize(
    ("one", "other", "covers", "overlaps"),
    [
        (Span(0, 10), Span(2, 5), True, True),
        (Span(0, 10), Span(0, 10), True, True),
        (Span(2, 5), Span(0, 10), False, True),
        (Span(0, 5), Span(4, 8), False, True),
        (Span(0, 5), Span(5, 8), False, False),
        (Span(0, 5), Span(5, 5), True, False),
    ],
)
def test_covering_and_overlapping(one: Span, other: Span, covers: bool, overlaps: bool) -> None:
    assert one.covers(other) is covers
    assert one.overlaps(other) is overlaps
    assert other.overlaps(one) is overlaps


def test_spans_sort_by_start_then_end_and_are_frozen() -> None:
    assert sorted([Span(3, 4), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(3, 4)]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Span(1, 2).start = 0  # type: ignore[misc]


def test_a_section_is_as_deep_as_its_path() -> None:
    assert Section("一、", ("第一章", "一、"), Span(0, 2), Span(0, 9)).level == 2


def test_coverage_is_a_share_and_whole_for_a_blank_document() -> None:
    left = (LeftOut("chrome", Span(3, 4)),)
    assert Coverage("a", 4, 3, left).share == 3 / 4
    assert Coverage("a", 0, 0, ()).share == 1.0


def test_every_noun_is_a_frozen_dataclass_with_slots() -> None:
    nouns = [
        value
        for value in vars(documents).values()
        if inspect.isclass(value) and value.__module__ == documents.__name__
    ]
    assert Indicator in nouns
    for noun in nouns:
        assert noun.__dataclass_params__.frozen, noun
        assert not hasattr(noun, "__dict__") or "__slots__" in vars(noun), noun


@pytest.mark.parametrize("module", [documents, errors])
def test_nouns_and_errors_need_the_standard_library_only(module: object) -> None:
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        assert all(name.split(".")[0] in sys.stdlib_module_names for name in names)


@pytest.mark.parametrize(
    ("error", "code", "parent"),
    [
        (index.GuiwenError, 1, Exception),
        (index.InputError, 2, index.GuiwenError),
        (index.SourceError, 3, index.GuiwenError),
        (index.StoreError, 4, index.GuiwenError),
        (index.IndexMissingError, 4, index.StoreError),
        (index.IndexDamagedError, 4, index.StoreError),
        (index.IndexMismatchError, 4, index.StoreError),
        (index.IndexLockedError, 4, index.StoreError),
        (index.EncoderError, 5, index.GuiwenError),
    ],
)
def test_the_error_tree_and_its_exit_codes(
    error: type[index.GuiwenError], code: int, parent: type[Exception]
) -> None:
    assert error.exit_code == code
    assert error.__bases__ == (parent,)
    assert str(error("说明")) == "说明"


def test_the_docstring_draws_every_error_with_its_exit_code() -> None:
    drawn = errors.__doc__ or ""
    for name, value in vars(errors).items():
        if inspect.isclass(value):
            line = next(line for line in drawn.splitlines() if name in line)
            if "exit_code" in vars(value):
                assert f"exit code {value.exit_code}" in line
