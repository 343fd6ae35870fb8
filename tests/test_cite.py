from collections.abc import Callable

import pytest

from index import Document, Section, Span
from qa import Citation, Statement
from qa.cite import Claim, Quote, section_path, verify

TEXT = "到2025年，常住人口城鎮化率提高到78.5％以上。\n户籍人口城镇化率65%左右。"
FIRST = Span(0, TEXT.index("\n"))
SECOND = Span(TEXT.index("户籍"), len(TEXT))
Verified = Callable[..., tuple[tuple[Statement, ...], tuple[Citation, ...], int]]


@pytest.fixture
def check(document: Callable[..., Document]) -> Verified:
    documents = {"a.txt": document(TEXT), "b.txt": document("别的。", id="b.txt", title="乙")}
    return lambda *claims: verify(claims, documents)


def _quote(span: Span, name: str = "a.txt") -> Quote:
    return Quote(name, span, ("第一章",))


def test_a_verbatim_claim_keeps_its_citation(check: Verified) -> None:
    statements, citations, withheld = check(Claim("户籍人口城镇化率65%左右", (_quote(SECOND),)))
    assert statements == (Statement("户籍人口城镇化率65%左右", (0,), True),)
    assert citations == (
        Citation("a.txt", "甲市规划", ("第一章",), SECOND, "户籍人口城镇化率65%左右。"),
    )
    assert withheld == 0


@pytest.mark.parametrize(
    "said",
    ["常住人口城鎮化率提高到78.5％以上", "常住人口城镇化率提高到78.5%以上", "到2025年,常住人口"],
)
def test_widths_and_script_do_not_matter(said: str, check: Verified) -> None:
    statements, _, withheld = check(Claim(said, (_quote(FIRST),)))
    assert (len(statements), withheld) == (1, 0)


@pytest.mark.parametrize("said", ["常住人口城镇化率提高到79%", "户籍人口城镇化率", "城镇 化率很高"])
def test_what_does_not_stand_in_the_quote_is_withheld(said: str, check: Verified) -> None:
    assert check(Claim(said, (_quote(FIRST),))) == ((), (), 1)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("常住率是78.5%", True),
        ("常住率是78.5％", True),
        ("2025年达到78.5", True),
        ("常住率是78%", False),
        ("常住率是8.5%", False),
        ("常住率是78.55%", False),
        ("2035年达到78.5%", False),
        ("没有数字的说法", True),
    ],
)
def test_every_number_of_a_paraphrase_must_stand_in_a_quote(
    said: str, kept: bool, check: Verified
) -> None:
    statements, citations, withheld = check(Claim(said, (_quote(FIRST),), verbatim=False))
    assert len(statements) == len(citations) == (1 if kept else 0)
    assert withheld == (0 if kept else 1)


def test_the_numbers_may_stand_in_several_quotes(check: Verified) -> None:
    claim = Claim("常住78.5%,户籍65%", (_quote(FIRST), _quote(SECOND)), verbatim=False)
    statements, citations, _ = check(claim)
    assert statements[0].citations == (0, 1)
    assert [citation.span for citation in citations] == [FIRST, SECOND]


@pytest.mark.parametrize(
    "quote",
    [
        Quote("none.txt", Span(0, 3)),
        Quote("a.txt", Span(len(TEXT) - 2, len(TEXT) + 1)),
        Quote("a.txt", Span(3, 3)),
    ],
)
def test_a_hallucinated_span_is_withheld(quote: Quote, check: Verified) -> None:
    assert check(Claim("到2025年", (quote,))) == ((), (), 1)


def test_a_true_quote_beside_a_hallucinated_one_is_enough(check: Verified) -> None:
    claim = Claim("65%左右", (Quote("none.txt", Span(0, 3)), _quote(SECOND)))
    statements, citations, withheld = check(claim)
    assert statements[0].citations == (0,)
    assert [citation.span for citation in citations] == [SECOND]
    assert withheld == 0


def test_a_remark_without_quotes_is_kept_without_citation(check: Verified) -> None:
    statements, citations, withheld = check(Claim("共2项：", (), verbatim=False))
    assert statements == (Statement("共2项：", (), False),)
    assert (citations, withheld) == ((), 0)


def test_citations_are_numbered_in_order_of_first_use_and_shared(check: Verified) -> None:
    statements, citations, _ = check(
        Claim("65%", (_quote(SECOND),)),
        Claim("78.5%", (_quote(FIRST),)),
        Claim("户籍人口", (_quote(SECOND),)),
        Claim("别的", (_quote(Span(0, 3), "b.txt"),)),
    )
    assert [statement.citations for statement in statements] == [(0,), (1,), (0,), (2,)]
    assert [citation.span for citation in citations] == [SECOND, FIRST, Span(0, 3)]
    assert citations[2].title == "乙"


def test_a_withheld_claim_leaves_no_citation_and_no_gap(check: Verified) -> None:
    statements, citations, withheld = check(
        Claim("不在原文", (_quote(FIRST),)), Claim("65%", (_quote(SECOND),))
    )
    assert [statement.citations for statement in statements] == [(0,)]
    assert [citation.span for citation in citations] == [SECOND]
    assert withheld == 1


def test_figures_named_by_the_claim_must_stand_in_the_quotes(check: Verified) -> None:
    kept = Claim("济南 2099 年：78.5%以上", (_quote(FIRST),), False, ("78.5％以上",))
    lost = Claim("济南：79%", (_quote(FIRST),), False, ("79%",))
    assert len(check(kept)[0]) == 1
    assert check(lost)[2] == 1


def test_the_section_path_is_that_of_the_innermost_section() -> None:
    sections = (
        Section("甲", ("甲",), Span(0, 1), Span(0, 20)),
        Section("乙", ("甲", "乙"), Span(5, 6), Span(5, 10)),
        Section("丙", ("丙",), Span(20, 21), Span(20, 30)),
    )
    assert section_path(sections, Span(6, 8)) == ("甲", "乙")
    assert section_path(sections, Span(12, 14)) == ("甲",)
    assert section_path(sections, Span(20, 22)) == ("丙",)
    assert section_path(sections, Span(30, 31)) == ()
    assert section_path((), Span(0, 1)) == ()
