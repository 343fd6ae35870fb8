"""What the user is told of how a question or a name was read."""

from qa import Engine, present
from qa.compare import suggestions
from qa.report import reading_text


def test_typos_regions_and_years_are_told(engine: Engine) -> None:
    told = reading_text(engine.ask("林沂2025年城镇花率"))
    assert told == "（理解为：地区 临沂市；时间 2025；“林沂”读作“临沂”；“镇花率”读作“镇化率”）"


def test_a_lay_word_leads_to_an_official_one_and_is_not_shown_itself(engine: Engine) -> None:
    question = "孩子跟着打工的爸妈来济南能上公办学校吗"
    assert "联想到 农民工" in reading_text(engine.ask(question))
    shown = present.reading(engine.ask(question), engine.index.documents)
    assert "农民工" in shown


def test_an_official_word_is_no_news(engine: Engine) -> None:
    assert "联想到" not in reading_text(engine.ask("济南的农民工政策"))


def test_a_name_that_no_figure_has_brings_the_nearest(engine: Engine) -> None:
    assert suggestions(engine, "城镇再生水率")[0] == "城镇再生水利用率"
    assert suggestions(engine, "qq") == []
