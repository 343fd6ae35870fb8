"""The hard kinds of documents, each in a text of our own wording."""

import pytest

from index import normalise
from index.cohesion import MARK
from index.labels import bare, labelled
from index.outline import outline

BODY = (
    "各地区各部门要结合实际细化落实举措,明确责任分工和完成时限,建立健全跟踪问效机制,"
    "定期通报进展情况,及时研究解决推进过程中出现的新情况新问题,确保各项任务落到实处、取得实效,让群众看得见变化。"
)
SHORT = "结合实际,抓好落实,务求取得实实在在的成效。"


def _paths(*lines: str) -> list[str]:
    found = outline("\n".join(lines)).sections
    return ["/".join(section.path) for section in found]


def _wrapped(*paragraphs: str, width: int = 28) -> list[str]:
    """Lines of ``width`` characters, as a PDF export leaves them."""
    return [p[i : i + width] for p in paragraphs for i in range(0, len(p), width)]


@pytest.mark.parametrize(
    ("line", "rank", "ordinal"),
    [
        ("第 3 章 目标", 10, (3,)),
        ("第十二章 目标", 10, (12,)),
        ("1.2 编制依据", 41, (1, 2)),
        ("2.1.3 职责分工", 42, (2, 1, 3)),
        ("③建设", 45, (3,)),
        ("专栏4 工程", 12, (4,)),
        ("附件 工程表", 5, ()),
    ],
)
def test_what_labels_count(line: str, rank: int, ordinal: tuple[int, ...]) -> None:
    found = labelled(normalise(line).text)
    assert found is not None
    assert (found.rank, found.ordinal) == (rank, ordinal)


@pytest.mark.parametrize("line", ["1.5万人次", "2.77万亿元", "3.1%", "6.2个百分点"])
def test_figures_are_no_labels(line: str) -> None:
    assert labelled(line) is None


def test_a_bare_number_needs_a_blank() -> None:
    assert bare("3 预警监测") is not None
    assert bare("3预警监测") is None
    assert bare("2030 年目标") is None


def test_chapters_with_spaces() -> None:
    text = ("第 1 章 总 则", BODY, "第 2 章 组 织", BODY)
    assert _paths(*text) == ["第1章 总则", "第2章 组织"]


def test_an_emergency_plan_in_decimals() -> None:
    text = (
        "目 录", "1 总则", "1.1 目的", "2 组织", "2.1 指挥部", "2.2 办公室", "3 附则",
        "1 总则", "1.1 目的", BODY, "2 组织", "2.1 指挥部", BODY, "(1)掌握汛情变化。",
        "(2)发布预警信号。", "2.2 办公室", BODY, "3 附则", "3.1 本预案由应急部门负责解释。",
    )  # fmt: skip
    assert _paths(*text) == [
        "1 总则", "1 总则/1.1目的", "2 组织", "2 组织/2.1指挥部", "2 组织/2.2办公室", "3 附则",
    ]  # fmt: skip


def test_decimals_under_one_point_and_titles_that_end_in_a_full_stop() -> None:
    text = (
        "一、建设交通枢纽", BODY, "1.完善路网", SHORT, "1.1打通断头路。", BODY, "1.2整治拥堵点。",
        BODY, "2.发展公交", SHORT, "2.1优化线路。", BODY, "新增车辆", "1.5", "万辆", BODY,
    )  # fmt: skip
    paths = _paths(*text)
    assert "一、建设交通枢纽/1.完善路网/1.2整治拥堵点" in paths
    assert "一、建设交通枢纽/2.发展公交/2.1优化线路" in paths
    assert not any(p.endswith("1.5") for p in paths)


def test_provisions_and_items_are_no_headings() -> None:
    text = (
        "一、申报条件", "(一)依法登记。", "(二)有固定场所;", "(三)信用良好。", "二、申报程序",
        "(一)提出申请。", BODY, "(二)组织评审。", BODY,
    )  # fmt: skip
    assert _paths(*text) == [
        "一、申报条件", "二、申报程序", "二、申报程序/(一)提出申请", "二、申报程序/(二)组织评审",
    ]  # fmt: skip


def test_a_list_of_headings_takes_its_long_member_along() -> None:
    long = (
        "(二)"
        + "坚持创新在现代化建设全局中的核心地位"
        + ",加快建设具有区域影响力的产业科技创新高地并持续提升能级"
    )
    text = ("一、工作安排", f"(一)稳住经济。{BODY}", f"{long}。{BODY}", f"(三)改善民生。{BODY}")
    assert _paths(*text)[2] == f"一、工作安排/{long}"


def test_boxes_hold_their_lists_and_end_where_the_section_counts_on() -> None:
    text = (
        "第一章 产业", "第一节 制造业", "1.强基", BODY, "专栏1 重点工程", "1.整机。" + BODY,
        "2.零件。" + BODY, "第二节 服务业", BODY,
    )  # fmt: skip
    outer = "第一章 产业/第一节 制造业/1.强基/专栏1 重点工程"
    assert _paths(*text)[3:] == [
        outer, f"{outer}/1.整机", f"{outer}/2.零件", "第一章 产业/第二节 服务业",
    ]  # fmt: skip


def test_a_box_whose_heading_markup_broke() -> None:
    text = ("第一节 产业", BODY, "专栏", "3", "未来", "产业", "重点领域和平台", "01", "量子", BODY)
    assert _paths(*text) == ["第一节 产业", "第一节 产业/专栏3 未来产业重点领域和平台"]


def test_annexes_whose_numbers_begin_anew() -> None:
    text = (
        "某市关于印发两个办法的通知", "各县区:", BODY, "某市农村公路管理", "养护办法", SHORT,
        "一、总则", BODY, "二、养护", BODY, "某市城市道路管理办法", SHORT, "一、总则", BODY,
    )  # fmt: skip
    assert _paths(*text) == [
        "某市农村公路管理 养护办法", "某市农村公路管理 养护办法/一、总则",
        "某市农村公路管理 养护办法/二、养护", "某市城市道路管理办法", "某市城市道路管理办法/一、总则",
    ]  # fmt: skip


def test_one_annex_is_the_paper_itself() -> None:
    text = ("通知", "各县区:", BODY, "某市农村公路管理办法", "一、总则", BODY, "二、养护", BODY)
    assert _paths(*text) == ["一、总则", "二、养护"]


def test_what_a_letter_encloses_is_no_heading_but_the_annex_is() -> None:
    text = (
        "一、总体要求", BODY, "附件:1.重点任务分工表", "2.名单", "某市人民政府", "2024年3月5日",
        "附件1", "重点任务分工表", BODY,
    )  # fmt: skip
    assert _paths(*text) == ["一、总体要求", "附件1 重点任务分工表"]


def test_a_label_by_itself_takes_the_next_line_as_its_title() -> None:
    text = ("附件", "医院考核指标", "(一)", "合理用药", BODY, "(二)", "服务流程", BODY)
    assert _paths(*text) == [
        "附件 医院考核指标", "附件 医院考核指标/(一)合理用药", "附件 医院考核指标/(二)服务流程",
    ]  # fmt: skip


def test_chapter_titles_set_in_two_lines_of_a_wrapped_export() -> None:
    paragraphs = [BODY[i:] for i in range(0, 60, 6)]
    text = [
        "第一篇 锚定目标", "奋力谱写新时代发展新篇章", *_wrapped(*paragraphs[:4]), "- 1 -",
        "第二篇 守牢底线", "建设更高水平平安城市", *_wrapped(*paragraphs[4:]),
    ]  # fmt: skip
    assert [p for p in _paths(*text) if p.startswith("第")] == [
        "第一篇 锚定目标奋力谱写新时代发展新篇章",
        "第二篇 守牢底线建设更高水平平安城市",
    ]


def test_contents_lists_tell_how_a_broken_heading_goes_on() -> None:
    text = (
        "目录", "第一节 做强一带一轴空间结构", "第二节 优化布局", "第一节 做强一带一轴", "114",
        "空间结构", BODY, "第二节 优化布局", "完善功能", BODY,
    )  # fmt: skip
    assert _paths(*text)[0] == "第一节 做强一带一轴空间结构"
    assert "第二节 优化布局" in _paths(*text)


def test_a_work_report_without_numbers() -> None:
    text = (
        "各位代表:", BODY, "2025年工作回顾", BODY, "(一)稳增长", BODY, "“十五五”时期的主要目标", BODY,
        "2026年重点工作", BODY, "(一)扩内需", BODY,
    )  # fmt: skip
    assert _paths(*text) == [
        "2025年工作回顾", "2025年工作回顾/(一)稳增长", "“十五五”时期的主要目标", "2026年重点工作",
        "2026年重点工作/(一)扩内需",
    ]  # fmt: skip


def test_a_salutation_ends_the_list_of_tasks_but_not_the_chapter() -> None:
    text = "\n".join(
        ["一、回顾", BODY, "(一)农业", BODY, "(二)工业", BODY, f"各位代表!{BODY}", "二、任务", BODY]
    )
    _, farming, industry, _ = outline(text).sections
    assert farming.span.end == industry.span.start
    assert industry.span.end == text.index("各位代表")
    assert outline(text).sections[0].span.end == text.index("二、任务")


def test_lead_sentences_on_lines_of_their_own() -> None:
    leads = [f"这一年,我们攻坚克难,{what}取得新进展。" for what in ("产业", "改革", "民生")]
    text = ["一、工作回顾", BODY * 2] + [line for lead in leads for line in (lead, BODY * 2)]
    assert _paths(*text) == ["一、工作回顾", *(f"一、工作回顾/{x[:-1]}" for x in leads)]
    assert _paths(*text[:4]) == ["一、工作回顾"]


def test_a_line_a_sentence_makes_no_headings_of_short_sentences() -> None:
    sentences = [f"第{i}项工作进展顺利,成效明显好于上年。" for i in range(60)]
    text = [
        "一、工作回顾",
        *sentences[:30],
        "就业形势稳定。",
        *sentences[30:],
        "二、工作安排",
        SHORT,
    ]
    assert _paths(*text) == ["一、工作回顾", "二、工作安排"]


def test_fragments_and_table_cells_are_no_headings() -> None:
    text = (
        "第一章 目标", BODY, "表1主要指标", "一、经济(2项)", "1 生产总值增速 5 预期性",
        "2 研发投入强度 3 预期性", "属性", "城镇登记失业率", "百分比", BODY[:-1], ",推动产业升级发展",
        BODY,
    )  # fmt: skip
    assert _paths(*text) == ["第一章 目标"]


def test_an_indicator_table_with_a_cell_a_line_is_no_list_of_headings() -> None:
    text = (
        "第一章 目标", BODY, "1. 生产总值增速", "%", "5.0左右", "预期性", "2. 万人专利", "件", "85",
        "预期性", "3. 空气优良天数", "%", "90", "约束性", "第二章 任务", BODY,
    )  # fmt: skip
    assert _paths(*text) == ["第一章 目标", "第二章 任务"]


def test_notes_set_apart_do_not_make_headings_of_what_they_cut() -> None:
    text = (
        "第一章 目标",
        BODY,
        "推动建设一船一库一装置",
        "49",
        "等重大平台,形成合力。" + BODY,
        "第二章 任务",
        BODY,
    )
    assert _paths(*text) == ["第一章 目标", "第二章 任务"]


def test_a_stretch_that_lost_its_headings_is_divided_and_says_so() -> None:
    topics = [
        "小麦玉米大豆播种面积稳定,良种覆盖率提高,农田灌溉条件改善,粮食仓储能力增强,农机作业水平提升",
        "轨道交通线路延伸,公路桥梁隧道加快建设,港口航道疏浚完成,机场航线加密,客货运输更加便捷高效",
        "医院床位增加,医师护士队伍壮大,疫苗接种率提高,慢性病防治有力,药品集中采购降低患者费用负担",
    ]
    paragraphs = [
        f"{topic[i:]}。{topic[:i]},第{i}批项目见效。" * 4 for topic in topics for i in range(3, 15)
    ]
    text = "\n".join(["某市工作情况", *paragraphs])
    found = outline(text)
    assert found.sections == found.inferred
    borders = {paragraphs.index(text[s.span.start :].split("\n", 1)[0]) for s in found.inferred}
    assert {0, 12, 24} <= borders
    for section in found.inferred:
        assert section.title.startswith(MARK)
        assert normalise(section.heading.of(text)).text == section.title.removeprefix(MARK)
        assert len(section.span) >= 600
    assert outline("\n".join(["第一章 总则", *paragraphs[:6]])).inferred == ()


def test_notes_at_the_foot_of_a_page_are_no_headings() -> None:
    text = (
        "第一章 目标", BODY, "1 本节所称指标以统计部门公布的口径为准。", BODY,
        "2 本段所称企业不含分支机构。", BODY, "3 本段所称人口为常住人口。", BODY, "第二章 举措", BODY,
    )  # fmt: skip
    assert _paths(*text) == ["第一章 目标", "第二章 举措"]
