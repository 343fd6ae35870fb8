"""What a caller limits a search to, checked against the index."""

from collections.abc import Sequence

from index import Index, InputError, resolve_region
from qa.models import Filters


def checked_filters(
    index: Index,
    documents: Sequence[str] = (),
    regions: Sequence[str] = (),
    year: int | None = None,
    lift_regions: bool = False,
) -> Filters:
    """Return the filters.

    Raises:
        InputError: a document that is not in ``index``, or a region that is not known.
    """
    unknown = [name for name in documents if name not in index.documents]
    if unknown:
        known = "、".join(list(index.documents)[:20]) + ("…" if len(index.documents) > 20 else "")
        raise InputError(f"索引中没有文件“{unknown[0]}”。已有：{known}。")
    for name in regions:
        if resolve_region(name) is None:
            raise InputError(f"不认识地区“{name}”。请写行政区划名称，例如：济南、历城区。")
    return Filters(frozenset(documents), frozenset(regions), year, lift_regions)
