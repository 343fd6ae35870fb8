from collections.abc import Callable
from pathlib import Path

import pytest

from index import build
from qa import Engine

PLAN = """云川市公园城市建设方案

一、总体要求

（一）基本原则。

坚持生态优先，注重就近可达。先补老城区的绿地，再建新园。

坚持因地制宜，注重节约用水。选用本地树种，少种草坪。

坚持共建共享，注重居民参与。公园选址听取居民意见。

二、保障措施

（一）加强组织领导。市园林局牵头，各区分工负责。

（二）加大资金支持。市级财政每年安排专项资金。

三、名词解释

［2］管线五线合一：

将水、电、气、暖与通信埋在一处。
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder: Path = tmp_path_factory.mktemp("titled")
    (folder / "plan.txt").write_text(PLAN, encoding="utf-8")
    build([folder / "plan.txt"], folder / "index")
    return Engine.open(folder / "index")


Said = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def said(plan: Engine) -> Said:
    return lambda question: [s.text for s in plan.ask(question).statements]


def test_a_section_named_is_listed_by_the_leads_of_its_paragraphs(said: Said) -> None:
    assert said("云川市公园城市建设方案的基本原则有哪些") == [
        "（一）基本原则。",
        "坚持生态优先，注重就近可达。",
        "坚持因地制宜，注重节约用水。",
        "坚持共建共享，注重居民参与。",
    ]


def test_a_section_named_is_listed_by_its_headings(said: Said) -> None:
    assert said("公园城市建设方案有哪些保障措施")[0].startswith("二、保障措施")
    assert len(said("公园城市建设方案的保障措施有哪几条")) == 3


def test_what_is_asked_of_a_section_is_not_the_section(said: Said) -> None:
    assert "（一）基本原则。" not in said("云川市公园选址的基本原则有哪些")


def test_a_definition_after_its_term_is_quoted_with_it(said: Said) -> None:
    quoted = [text.split() for text in said("“五线合一”是什么意思")]
    assert ["［2］管线五线合一：", "将水、电、气、暖与通信埋在一处。"] in quoted
