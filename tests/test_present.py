import re

import pytest

from index import Chunk, Document, InputError, Span
from qa import Answer, Citation, Engine, Filters, Passage, Question, Statement, present

TEXT = "一、目标\n到2025年<b>城镇化率</b>达到78.5%以上。\n"
SPAN = Span(5, 34)
DOCUMENT = Document("a.txt", "某市规划<i>", TEXT, "0", number="某政发〔2022〕9号", region="济南市")
CITATION = Citation("a.txt", "某市规划<i>", ("一、目标",), SPAN, SPAN.of(TEXT))


def an_answer(**changes: object) -> Answer:
    passage = Passage(Chunk(0, "a.txt", ("一、目标",), SPAN), SPAN.of(TEXT), 0.5, {"bm25": 1.25})
    parts: dict[str, object] = {
        "question": Question("问", "问"),
        "kind": "figure",
        "statements": (Statement("78.5%以上", (0,)), Statement(SPAN.of(TEXT), (0,))),
        "citations": (CITATION,),
        "passages": (passage,),
    }
    return Answer(**(parts | changes))  # type: ignore[arg-type]


def test_every_text_is_escaped() -> None:
    html = "".join(present.stream(an_answer(), {"a.txt": DOCUMENT}))
    assert "<b>城镇化率" not in html
    assert "&lt;b&gt;城镇化率&lt;/b&gt;" in html
    assert "某市规划&lt;i&gt;" in html


def test_an_answer_is_streamed_statement_by_statement() -> None:
    steps = list(present.stream(an_answer(), {"a.txt": DOCUMENT}))
    assert [step.count('class="gw-quoted"') for step in steps] == [1, 2]
    assert "依据" not in steps[0].replace("查看依据", "")
    assert "相关段落（1）" in steps[-1]
    assert "1.250" in steps[-1]


def test_a_growing_answer_is_shown_whole_each_time_it_grows() -> None:
    first = an_answer(statements=(Statement("78.5%以上", (0,)),))
    steps = list(present.live([first, an_answer()], {"a.txt": DOCUMENT}))
    assert [step.count('class="gw-quoted"') for step in steps] == [1, 2]


def test_a_mark_opens_the_place_that_is_cited() -> None:
    html = list(present.stream(an_answer(), {"a.txt": DOCUMENT}))[-1]
    assert set(re.findall(r'gw-mark" value="([^"]+)"', html)) == {"a.txt#5-34~f751c2d5"}


def test_a_refusal_says_so_and_calls_the_passages_nearest() -> None:
    refused = an_answer(
        kind="none", statements=(), citations=(), abstained=True, reason="没有载明<x>"
    )
    (html,) = present.stream(refused, {"a.txt": DOCUMENT})
    assert "未找到依据" in html
    assert "没有载明&lt;x&gt;" in html
    assert "仅供查阅，不是答案" in html


def test_a_quotation_carries_title_number_section_and_place() -> None:
    assert present.quotation(CITATION, DOCUMENT) == (
        f"“{SPAN.of(TEXT)}”\n——《某市规划<i>》（某政发〔2022〕9号），一、目标，字符 5–34"
    )


def test_the_source_is_shown_with_its_span_marked(engine: Engine) -> None:
    answer = engine.ask("济南2025年城镇化率目标")
    citation = answer.citations[0]
    html = present.source(engine.index, present.target(citation.document_id, citation.span))
    assert html.count("<mark>") == 1
    assert f"<mark>{citation.quote}</mark>" in html


@pytest.mark.parametrize(
    "place", ["", "x", "nobody.txt#0-1", "002_42cd662d68b88e93.txt#0-99999999"]
)
def test_a_place_that_is_not_there_is_told(place: str, engine: Engine) -> None:
    with pytest.raises(InputError, match="找不到这处原文"):
        present.source(engine.index, place)


def test_facets_are_what_the_documents_offer() -> None:
    found = present.facets([DOCUMENT])
    assert found.documents == (("某市规划<i>", "a.txt"),)
    assert found.regions == ("济南市",)
    assert found.years == (2025,)


def test_the_reading_tells_region_time_and_what_was_lifted(engine: Engine) -> None:
    question = engine.parse("济南2025年城镇化率目标")
    shown = present.reading(question, Filters())
    assert "济南市" in shown
    assert "2025年" in shown
    assert "不限" in present.reading(question, Filters(lift_regions=True))
