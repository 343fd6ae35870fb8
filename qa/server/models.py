"""What a call asks, checked at the door; unknown fields are told, not ignored."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

LibraryName = Annotated[
    str | None, Field(max_length=64, description="资料库的名称；只有一个时可以不写")
]
Short = Annotated[str, Field(min_length=1, max_length=300)]
Year = Annotated[int, Field(ge=1900, le=2200)]


class Strict(BaseModel):
    """A form that takes no other fields."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(Strict):
    """What the search is limited to; what is empty limits nothing."""

    documents: list[Short] = Field(default=[], max_length=1000, description="文件在索引中的名称")
    regions: list[Short] = Field(default=[], max_length=100, description="地区，例如：济南、历城区")
    year: Year | None = Field(default=None, description="只查提到该年份的段落")
    all_regions: bool = Field(default=False, description="不按问题中的地区限定")


class SearchIn(Strict):
    """A question, and how many passages to return."""

    question: str = Field(
        max_length=20_000, description="问题", examples=["济南2025年城镇化率目标"]
    )
    history: list[Annotated[str, Field(max_length=20_000)]] = Field(
        default=[], max_length=50, description="此前问过的问题，先问的在前"
    )
    count: int = Field(default=10, ge=1, le=100, description="段落数")
    filters: FiltersIn = FiltersIn()
    library: LibraryName = None


class AskIn(SearchIn):
    """A question to be answered."""

    stream: bool = Field(default=False, description="以 server-sent events 逐步返回")


class CompareIn(Strict):
    """An indicator to be compared over regions and years."""

    name: str = Field(max_length=300, description="指标", examples=["常住人口城镇化率"])
    years: list[Year] = Field(default=[], max_length=100, description="年份；不写则全部")
    regions: list[Short] = Field(default=[], max_length=100, description="地区；不写则全部")
    library: LibraryName = None


class EvaluateIn(Strict):
    """Labelled questions, each as a line of the JSONL that ``guiwen evaluate`` reads."""

    questions: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=1000,
        description="带标注的问题：id、question、evidence_groups 等，与 guiwen evaluate 的 JSONL 相同",
        examples=[[{"id": "1", "question": "济南2025年城镇化率目标", "evidence_groups": []}]],
    )
    library: LibraryName = None
