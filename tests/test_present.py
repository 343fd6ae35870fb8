import re
from html import unescape

import pytest

from index import Chunk, Document, InputError, Span
from qa import (
    Answer,
    Citation,
    Engine,
    Filters,
    Passage,
    Question,
    Statement,
    conversation,
    present,
)
from qa.conversation import Again, Turn
from qa.offers import Offer, Wanted, offers
from qa.overrides import Overrides
from qa.words import english

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


def test_an_answer_is_streamed_with_its_first_statement_first() -> None:
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
    answer = engine.ask("济南2025年城镇化率目标")
    shown = present.reading(answer, engine.index.documents)
    for told in ("济南市", "2025年", "常住人口城镇化率", "查数值"):
        assert f'<span class="gw-value">{told}</span>' in shown
    assert "<button" not in shown, "outside a conversation nothing can be asked again"
    lifted = present.Asked(Turn("", filters=Filters(lift_regions=True)))
    assert "不限（问题中的济南市未作限制）" in present.reading(answer, {}, lifted)


def _wishes(html: str, kind: str) -> list[str]:
    return [unescape(value) for value in re.findall(rf'{kind}" value="([^"]*)"', html)]


def test_each_limit_can_be_lifted_and_changed(engine: Engine) -> None:
    answer = engine.ask("济南2025年城镇化率目标")
    document = answer.citations[0].document_id
    turn = Turn(answer.question.text, filters=Filters(documents=frozenset({document})))
    html = present.reading(answer, engine.index.documents, present.Asked(turn, 4))
    lifted = [conversation.read(Again, value) for value in _wishes(html, "gw-lift")]
    assert [one.turn for one in lifted] == [4] * 4
    assert [one.overrides for one in lifted] == [
        Overrides(regions=()), Overrides(years=()), Overrides(intent="passage"), Overrides(),
    ]  # fmt: skip
    assert lifted[-1].filters == Filters()
    assert all(one.filters == turn.filters for one in lifted[:-1])
    changed = [conversation.read(Wanted, value) for value in _wishes(html, "gw-change")]
    assert [one.part for one in changed] == ["region", "year", "indicator", "intent"]
    assert changed[2].name == "常住人口城镇化率"
    assert changed[2].documents == (document,)


def test_a_chosen_kind_of_answer_can_be_taken_back(engine: Engine) -> None:
    own = Overrides(regions=("临沂市",), intent="passage")
    answer = engine.ask("济南2025年城镇化率目标", overrides=own)
    html = present.reading(answer, {}, present.Asked(Turn("", own), 0))
    last = conversation.read(Again, _wishes(html, "gw-lift")[-1])
    assert last.overrides == Overrides(regions=("临沂市",))


def test_choices_are_escaped_and_carry_the_question(engine: Engine) -> None:
    asked = Again(turn=2, overrides=Overrides(indicator="<b>"))
    html = present.menu([Offer("<i>名</i>", asked)], "indicator")
    assert "&lt;i&gt;名&lt;/i&gt;" in html
    (value,) = _wishes(html, "gw-again")
    assert conversation.read(Again, value) == asked
    assert "没有别的可选" in present.menu([], "year")
    kinds = present.menu(offers(engine, Wanted("intent", Again(turn=0))), "intent")
    assert "查举措" in kinds


def test_how_a_turn_is_read_otherwise_is_told_in_words() -> None:
    own = Overrides(regions=(), years=(2035,), indicator="绿地率", unnamed=True)
    turn = Turn("问", own, Filters(frozenset({"a.txt"}), frozenset({"济南市"}), 2025))
    assert present.changes(turn, {"a.txt": DOCUMENT}) == (
        "地区 不限 · 时间 2035年 · 指标 绿地率 · 文件 不限 · 文件 某市规划<i> · 地区 济南市 · 段落年份 2025年"
    )
    assert present.changes(Turn("问"), {}) == ""
    assert "&lt;i&gt;" in present.asked("问", changed="某市规划<i>")


def test_what_to_ask_next_is_offered_as_text() -> None:
    html = present.following(['甲"<b>乙</b>'])
    assert 'value="甲&quot;&lt;b&gt;乙&lt;/b&gt;"' in html
    assert present.following(()) == ""


def test_an_answer_of_a_conversation_can_be_judged() -> None:
    asked = present.Asked(Turn("问"), 3)
    html = list(present.stream(an_answer(), {"a.txt": DOCUMENT}, asked))[-1]
    assert _wishes(html, "gw-judge") == ["3:right", "3:value", "3:source"]
    alone = list(present.stream(an_answer(), {"a.txt": DOCUMENT}))[-1]
    assert "gw-judge" not in alone


def test_a_quotation_carries_its_entry_after_the_standard(engine: Engine) -> None:
    citation = engine.ask("济南2025年城镇化率目标").citations[0]
    told = present.standard(engine.index, present.target(citation.document_id, citation.span))
    quote, entry = told.split("\n")
    assert quote.startswith(f"“{citation.quote}”[1]（第一章")
    assert entry.startswith("[1] ")
    assert "济南市新型城镇化规划" in entry
    with pytest.raises(InputError, match="找不到这处原文"):
        present.standard(engine.index, "nobody.txt#0-3")


def test_who_has_asked_nothing_is_told_what_the_library_holds(engine: Engine) -> None:
    html = present.holdings(engine.index)
    assert "5 份文件、62 项数值" in html
    assert "济南市" in html
    assert "The library holds 5 documents" in present.holdings(engine.index, english())
