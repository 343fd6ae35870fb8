import pytest

from index import Index, normalise
from qa import Answer, Engine

JINAN = "002_42cd662d68b88e93.txt"


def _said(answer: Answer) -> list[str]:
    """The verbatim statements, normalised."""
    return [normalise(s.text).text for s in answer.statements if s.verbatim]


CHAPTERS = [
    "第一章准确把握发展形势科学确定目标要求",
    "第二章全面提升市民化质量营造平等包容发展氛围",
    "第三章加快优化城镇化布局健全完善现代城镇体系",
    "第四章深入推进智慧城镇化高标准打造数字共享生态",
    "第五章深入推进绿色城镇化全力建设美丽宜居泉城",
    "第六章深入推进均衡城镇化扎实推进全民共同富裕",
    "第七章深入推进双向城镇化加快实现城乡融合发展",
    "第八章建立规划保障机制确保目标任务落实",
]
FIFTH = [
    CHAPTERS[4],
    "一、强化规划建设管理统筹",
    "二、争创城市绿色发展示范",
    "三、提升泉城生态安全韧性",
    "四、彰显山水历史人文魅力",
]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("济南城镇化规划共几章", CHAPTERS),
        ("How many chapters does the Jinan plan have?", CHAPTERS),
        ("济南城镇化规划第五章讲什么", FIFTH),
        ("濟南城鎮化規劃第五章講什麼", FIFTH),
        ("济南城镇化规划第5章讲什么", FIFTH),
        ("济南城镇化规划第五章的标题", FIFTH[:1]),
        ("济南城镇化规划最后一章的标题", CHAPTERS[-1:]),
        (
            "济南规划第三章第二节是什么",
            [
                "二、优化发展中心城区",
                "(一)老城区。",
                "(二)东西部新城区。",
                "(三)新旧动能转换起步区。",
            ],
        ),
        ("济南规划哪一章讲智慧城镇化", CHAPTERS[3:4]),
        ("青岛行动计划第六部分标题", ["六、更新城市系统,打造健康韧性城市"]),
        ("临沂规划共几章几节", ["《规划》共设10章,37小节,4.6万余字。"]),
    ],
)
def test_structure_is_read_from_the_outline(question: str, said: list[str], engine: Engine) -> None:
    answer = engine.ask(question)
    assert answer.kind == "outline"
    assert not answer.abstained
    assert _said(answer) == said


def test_the_number_of_chapters_is_told_before_them(engine: Engine) -> None:
    answer = engine.ask("济南城镇化规划共几章")
    assert answer.text.startswith("共8章")
    assert not answer.statements[0].verbatim


def test_a_list_of_chapters_is_cited_from_one_stretch_of_the_contents(
    engine: Engine, seeds_index: Index
) -> None:
    answer = engine.ask("济南城镇化规划共几章")
    (citation,) = answer.citations
    assert citation.section == ("目录",)
    parts = seeds_index.outlines[JINAN].parts
    inside = [part.kind for part in parts if citation.span.covers(part.span)]
    assert set(inside) == {"contents"}
    assert answer.passages[0].text == citation.quote


def test_the_next_chapter_is_a_follow_up(engine: Engine) -> None:
    answer = engine.ask("下一章呢?", ["济南城镇化规划第五章讲什么"])
    assert _said(answer)[0] == CHAPTERS[5]


@pytest.mark.parametrize("question", ["济南规划第九章讲什么", "济南规划第二十章标题"])
def test_a_chapter_that_is_not_there_is_not_made_up(question: str, engine: Engine) -> None:
    answer = engine.ask(question)
    assert answer.abstained
    assert answer.citations == ()
    assert answer.reason


def test_sections_are_not_counted_as_chapters(engine: Engine) -> None:
    assert "共8节" not in engine.ask("济南规划共几节").text


@pytest.mark.parametrize(
    ("question", "value", "quoted"),
    [
        ("济南城镇化规划文号", "济政发〔2022〕9号", "文件编号"),
        ("济南城镇化规划索引号", "1137010000418859XL/2022-00517", "索引号"),
        ("济南城镇化规划联系电话", "51707403", "联系电话"),
        ("济南城镇化规划成文日期", "2022-07-15", "成文日期"),
        ("济南城镇化规划发布机构", "市政府办公厅", "发布机构"),
        ("济南城镇化规划印发给谁", "各区县人民政府,市政府各部门(单位)", "各区县"),
        ("历城区那条消息的记者是谁", "陈克艺", "记者"),
        ("历城区关于城镇化规划的那条消息是几月几日的", "10月8日", "讯"),
        ("临沂这篇报道来源", "琅琊新闻网", "来源"),
        ("山东规划什么时候印发的", "1月14日", "印发"),
    ],
)
def test_particulars_are_read_from_the_document(
    question: str, value: str, quoted: str, engine: Engine
) -> None:
    answer = engine.ask(question)
    assert answer.kind == "metadata"
    assert _said(answer)[0] == value
    assert quoted in normalise(answer.citations[0].quote).text


@pytest.mark.parametrize(
    "question",
    [
        "青岛行动计划文号",
        "临沂规划索引号",
        "山东规划联系电话",
    ],
)
def test_a_particular_that_the_text_does_not_give_is_refused_by_name(
    question: str, engine: Engine
) -> None:
    answer = engine.ask(question)
    assert answer.abstained
    assert question[-2:] in answer.reason
    assert "没有载明" in answer.reason
    assert answer.passages


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("济南2025年城镇化率目标", "78.5%"),
        ("济南市户籍人口城镇化率到2025年要达到多少", "65%"),
        ("临沂2035年常住人口城镇化率", "72%"),
        ("全省2025年常住人口城镇化率", "68%"),
        ("濟南2025年城鎮化率目標", "78.5%"),
        ("What is the urbanization rate target of Jinan in 2025?", "78.5%"),
    ],
)
def test_a_figure_stands_in_the_answer_and_in_a_cited_span(
    question: str, value: str, engine: Engine
) -> None:
    answer = engine.ask(question)
    assert not answer.abstained
    assert value in normalise(answer.text).text
    assert any(value in normalise(citation.quote).text for citation in answer.citations)


def test_a_comparison_cites_each_side(engine: Engine) -> None:
    answer = engine.ask("济南和临沂2025年城镇化率谁高")
    assert answer.kind == "comparison"
    assert len({citation.document_id for citation in answer.citations}) == 2
    assert {"78.5%", "62%"} <= {
        value for value in ("78.5%", "62%") if value in normalise(answer.text).text
    }


@pytest.mark.parametrize(
    "question",
    ["济南2035年常住人口城镇化率要达到多少", "山东2030年城镇化率", "历城区2025年城镇化率目标"],
)
def test_a_figure_that_no_plan_gives_is_refused(question: str, engine: Engine) -> None:
    answer = engine.ask(question)
    assert answer.abstained
    assert answer.kind == "none"
    assert answer.reason


@pytest.mark.parametrize("question", ["北京城镇化率", "上海2025年城镇化率目标", "广州城镇化率"])
def test_the_figure_of_another_region_is_no_answer(question: str, engine: Engine) -> None:
    assert engine.ask(question).abstained


def test_what_a_passage_says_is_quoted_sentence_by_sentence(engine: Engine) -> None:
    answer = engine.ask("孩子跟着打工的爸妈来济南能上公办学校吗")
    assert not answer.abstained
    assert "公办学校" in answer.text
    for statement in answer.statements:
        assert statement.citations
