"""GET /healthz."""

import pytest
from starlette.testclient import TestClient

from desk.app import create_app


@pytest.mark.parametrize(
    "parts, status, text",
    [
        ({"engine": True, "database": True}, 200, "engine: ok\ndatabase: ok\n"),
        ({"engine": False, "database": True}, 503, "engine: down\ndatabase: ok\n"),
    ],
)
def test_a_line_for_each_part(settings, database, content, parts, status, text):
    response = TestClient(create_app(settings, database, content, health=lambda: parts)).get("/healthz")
    assert response.status_code == status and response.text == text


def test_without_a_health_function_the_database_is_asked(settings, database, content):
    assert TestClient(create_app(settings, database, content)).get("/healthz").text == "database: ok\n"
