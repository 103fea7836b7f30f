"""The web chat's JSON interface."""

import pytest
from starlette.testclient import TestClient

from desk.app import create_app


@pytest.fixture
def client(app):
    return TestClient(app)


@pytest.fixture
def person(client):
    """A client whose cookie is a chat session."""
    client.post("/chat/sessions", json={"language": "ar"})
    return client


def test_a_session_is_a_secret_and_a_closed_cookie(client, conversation):
    response = client.post("/chat/sessions", json={"language": "ar"})
    assert response.status_code == 201 and response.json()["language"] == "ar"
    secret, cookie = response.json()["session"], response.headers["set-cookie"]
    assert len(secret) >= 43 and cookie.startswith(f"chat={secret};")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/chat" in cookie and "Secure" not in cookie
    assert conversation.calls == [("start", "web", "ar", False)]


def test_the_cookie_is_secure_where_the_settings_say_so(settings, database, content, conversation):
    settings.secure_cookies = True
    client = TestClient(create_app(settings, database, content, conversation))
    assert "Secure" in client.post("/chat/sessions", json={}).headers["set-cookie"]


def test_a_text_is_received_answered_and_its_replies_returned(person, conversation):
    response = person.post("/chat/messages", json={"text": "مرحبا", "client_id": "c1"})
    assert response.status_code == 200
    expected = {"id": 2, "text": "Echo: مرحبا", "buttons": [{"title": "Yes", "payload": "b1.0"}], "author": "assistant"}
    assert response.json() == {"replies": [expected], "language": "ar"}
    assert conversation.calls[1:] == [
        ("receive", "c1", "text", {"text": "مرحبا"}, None),
        ("answer", "person 0"),
        ("replies", 1, 1, 20.0),
    ]


def test_a_button_and_the_pages_own_choice_of_language(person, conversation):
    response = person.post("/chat/messages", json={"payload": "b1.0", "client_id": "c1", "language": "sq"})
    assert response.json()["language"] == "sq"
    assert conversation.calls[1] == ("receive", "c1", "button", {"payload": "b1.0"}, "sq")


def test_a_repeated_client_id_gets_the_same_replies(person):
    message = {"text": "hello", "client_id": "c1"}
    assert person.post("/chat/messages", json=message).json() == person.post("/chat/messages", json=message).json()


def test_a_program_uses_the_secret_as_a_bearer_token(app):
    secret = TestClient(app).post("/chat/sessions", json={}).json()["session"]
    answer = TestClient(app).get("/chat/messages", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json() == {"replies": [], "language": "en"}


def test_news_after_a_message_never_name_the_counsellor(person, conversation):
    person.post("/chat/messages", json={"text": "hello", "client_id": "c1"})
    conversation.counsellor_writes("person 0", "I am here")
    answer = person.get("/chat/messages?after=2").json()
    assert answer["replies"] == [{"id": 3, "text": "I am here", "buttons": [], "author": "counsellor"}]


def test_history_shows_both_sides_and_marks_them_as_arrived(person, conversation):
    person.post("/chat/messages", json={"text": "hello", "client_id": "c1"})
    answer = person.get("/chat/history").json()
    assert [(line["text"], line["mine"]) for line in answer["messages"]] == [("hello", True), ("Echo: hello", False)]
    assert answer["language"] == "ar" and conversation.calls[-1] == ("replies", 0, None, 0)


def test_the_history_of_a_new_session_is_empty(person):
    assert person.get("/chat/history").json() == {"messages": [], "language": "ar"}


@pytest.mark.parametrize("method, address", [("GET", "/chat/messages"), ("GET", "/chat/history"), ("POST", "/chat/messages")])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}, {"Cookie": "chat=wrong"}])
def test_no_session(client, method, address, headers):
    body = {"json": {"text": "hello", "client_id": "c1"}} if method == "POST" else {}
    response = client.request(method, address, headers=headers, **body)
    assert response.status_code == 401 and "session" in response.json()["error"]


def test_a_wrong_bearer_token_is_not_saved_by_a_cookie(person):
    assert person.get("/chat/messages", headers={"Authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize(
    "body, named",
    [
        (b"{", "JSON"),
        (b"[" * 60_000, "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[]", "object"),
        (b"", "client_id"),
        (b'{"text": "hello"}', "client_id"),
        (b'{"text": "hello", "client_id": ""}', "client_id"),
        (b'{"text": "hello", "client_id": 7}', "client_id"),
        (b'{"text": "hello", "client_id": "' + b"x" * 65 + b'"}', "client_id"),
        (b'{"text": "hello", "client_id": "a\\u0000b"}', "client_id"),
        (b'{"client_id": "c1"}', "text or payload"),
        (b'{"client_id": "c1", "text": "a", "payload": "b"}', "text or payload"),
        (b'{"client_id": "c1", "text": 7}', "text"),
        (b'{"client_id": "c1", "text": "  "}', "text"),
        (b'{"client_id": "c1", "text": "\\ud800"}', "Unicode"),
        (b'{"client_id": "c1", "payload": {}}', "payload"),
        (b'{"client_id": "c1", "text": "a", "language": "xx"}', "language"),
        (b'{"client_id": "c1", "text": "a", "language": ["ar"]}', "language"),
    ],
)
def test_bad_input_is_named_in_one_sentence(person, conversation, body, named):
    response = person.post("/chat/messages", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400 and named in response.json()["error"]
    assert not [call for call in conversation.calls if call[0] == "receive"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_another_site_cannot_write(person, kind):
    for address in ("/chat/messages", "/chat/sessions"):
        response = person.post(address, content=b'{"text": "hello", "client_id": "c1"}', headers={"Content-Type": kind})
        assert response.status_code == 415


def test_a_large_body_is_refused_even_without_a_length(person):
    def pieces():
        for _ in range(80):
            yield b"x" * 1024

    response = person.post("/chat/messages", content=pieces(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413 and "64 kB" in response.json()["error"]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "", "9" * 16, "²"])
def test_after_must_be_a_number(person, after):
    assert person.get("/chat/messages", params={"after": after}).status_code == 400


def test_an_unexpected_error_is_json_that_tells_nothing(person, conversation, caplog):
    conversation.breaks = True
    response = person.post("/chat/messages", json={"text": "hello", "client_id": "c1"})
    assert response.status_code == 500 and "secret words" not in response.text + caplog.text
    conversation.breaks = False
    assert person.post("/chat/messages", json={"text": "hello", "client_id": "c1"}).json()["replies"][0]["text"] == "Echo: hello"


def test_other_methods_are_refused(person):
    assert person.put("/chat/messages").status_code == 405


def test_without_a_conversation_there_is_no_chat(settings, database, content):
    assert TestClient(create_app(settings, database, content)).get("/chat").status_code == 404
