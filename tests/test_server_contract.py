"""Calls made from the description at ``/openapi.json``, right and wrong ones: none ends in a 5xx."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from index import build
from qa import Engine, Living
from qa.server.app import create_app
from qa.server.keys import Keys
from qa.server.libraries import Library
from qa.server.settings import Settings

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, serving: Callable[..., Any]) -> Iterator[Any]:
    """The description of a server over an index of its own, which the calls may change."""
    place: Path = tmp_path_factory.mktemp("contract")
    (place / "a.txt").write_text("甲市规划\n一、目标\n到2025年,甲市城镇化率达到70%。\n", "utf-8")
    folder = build([place / "a.txt"], place / "index").folder
    library = Library("one", Living(Engine.open(folder)), folder)
    app = create_app({"one": library}, Keys(), Settings(rate=0))
    with serving(app) as address:
        schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
        # The same calls under /libraries/{library} differ in their address alone.
        yield schema.exclude(path_regex="^/libraries/")


@pytest.mark.parametrize("mode", GenerationMode)
def test_no_call_ends_in_a_server_error(api: Any, mode: GenerationMode) -> None:
    """Calls as they are described, and calls as they are not."""
    tried = set()
    for found in api.get_all_operations():
        operation = found.ok()

        @settings(max_examples=6, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            case.call_and_validate(checks=CHECKS)

        try:
            check()
        except Unsatisfiable:
            # A call that takes nothing cannot be made wrongly.
            assert mode == GenerationMode.NEGATIVE
            continue
        tried.add(operation.label)
    assert {"POST /ask", "POST /documents", "POST /retrieval", "POST /v1/chat/completions"} <= tried
