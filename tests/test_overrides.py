"""A question read otherwise: limits lifted or changed, another figure, another kind of answer."""

import pytest

from index import InputError
from qa import Engine
from qa.overrides import Overrides

ASKED = "济南2025年城镇化率目标"


@pytest.mark.parametrize(
    ("text", "overrides", "search"),
    [
        (ASKED, Overrides(), "济南2025年城镇化率目标"),
        (ASKED, Overrides(regions=()), "2025年城镇化率目标"),
        (ASKED, Overrides(regions=("临沂",)), "临沂市2025年城镇化率目标"),
        (ASKED, Overrides(regions=("临沂", "山东")), "临沂市和山东省2025年城镇化率目标"),
        (ASKED, Overrides(years=()), "济南城镇化率目标"),
        (ASKED, Overrides(years=(2035,)), "2035年济南城镇化率目标"),
        (ASKED, Overrides(regions=(), years=()), "城镇化率目标"),
        (ASKED, Overrides(indicator="户籍人口城镇化率"), "济南市2025年户籍人口城镇化率目标"),
        (ASKED, Overrides(indicator="绿地率", years=(), regions=()), "绿地率目标"),
        ("济南和临沂的5G基站", Overrides(regions=()), "5G基站"),
        ("“十四五”时期济南绿化率提高多少", Overrides(years=()), "济南绿化率提高多少"),
        ("十四五规划里济南怎么说", Overrides(years=()), "十四五规划里济南怎么说"),
        ("2019年政府工作报告的赤字率", Overrides(years=()), "2019年政府工作报告的赤字率"),
        ("2019年政府工作报告的赤字率", Overrides(unnamed=True), "赤字率"),
        ("北京2025年绿地率", Overrides(regions=("济南",)), "济南市2025年绿地率"),
    ],
)
def test_a_question_is_worded_as_it_is_to_be_read(
    engine: Engine, text: str, overrides: Overrides, search: str
) -> None:
    assert engine.parse(text, (), overrides).search == search


def test_what_a_follow_up_carries_is_read_otherwise_too(engine: Engine) -> None:
    asked = engine.parse("那临沂呢", [ASKED], Overrides(years=(2035,)))
    assert asked.search == "2035年临沂市城镇化率目标"
    carried = engine.parse("户籍的呢", ["济南2025年城镇化率"], Overrides(regions=("临沂",)))
    assert carried.search.startswith(carried.carried)
    assert [region.name for region in carried.regions] == ["临沂市"]


def test_the_answer_follows_the_reading(engine: Engine) -> None:
    for overrides, value in (
        (Overrides(), "78.5%以上"),
        (Overrides(regions=("临沂市",)), "62%左右"),
        (Overrides(indicator="户籍人口城镇化率"), "65%左右"),
        (Overrides(regions=("临沂市",), years=(2035,)), "72%左右"),
    ):
        answer = engine.ask(ASKED, overrides=overrides)
        assert answer.statements[0].text == value
        (figure,) = answer.figures
        document = engine.index.documents[figure.document_id]
        assert figure.span.of(document.text) == value
    lifted = engine.ask(ASKED, overrides=Overrides(regions=()))
    assert lifted.abstained
    assert "临沂市2025年目标62%左右" in lifted.reason


def test_who_insists_on_passages_gets_no_figure(engine: Engine) -> None:
    answer = engine.ask(ASKED, overrides=Overrides(intent="passage"))
    assert answer.question.insisted
    assert answer.kind == "passage"
    assert answer.figures == ()
    assert len(answer.statements[0].text) > len("78.5%以上")


def test_a_kind_of_answer_can_be_chosen(engine: Engine) -> None:
    answer = engine.ask("济南的城镇化", overrides=Overrides(intent="measures"))
    assert answer.question.intent == "measures"


def test_changes_come_on_top_of_one_another() -> None:
    first = Overrides(regions=("济南市",), indicator="绿地率")
    assert first.changed(Overrides(years=())) == Overrides(("济南市",), (), "绿地率")
    assert first.changed(Overrides(intent="list")) == Overrides(("济南市",), intent="list")
    assert first.changed(Overrides(regions=())) == Overrides((), indicator="绿地率")
    assert not Overrides()
    assert Overrides(regions=())


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (Overrides(regions=("不存在市",)), "不认识地区“不存在市”"),
        (Overrides(indicator="  ？"), "请写明要查的指标"),
        (Overrides(indicator="城" * 300), "请写明要查的指标"),
    ],
)
def test_what_is_not_known_is_told(engine: Engine, overrides: Overrides, told: str) -> None:
    with pytest.raises(InputError, match=told):
        engine.ask(ASKED, overrides=overrides)
