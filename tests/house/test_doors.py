"""Every door of the engine and of the action server wants its secret, and is open to this machine alone."""

import socket

import httpx
import pytest

ENGINE = [
    ("GET", "/"), ("GET", "/status"), ("GET", "/version"), ("GET", "/domain"),
    ("POST", "/model/parse"), ("POST", "/model/train"), ("PUT", "/model"), ("DELETE", "/model"),
    ("GET", "/conversations/x/tracker"), ("POST", "/conversations/x/messages"), ("POST", "/conversations/x/execute"),
    ("PUT", "/conversations/x/tracker/events"), ("POST", "/conversations/x/predict"),
    ("GET", "/webhooks/rest/"), ("POST", "/webhooks/rest/webhook"),
    ("GET", "/webhooks/house/health"), ("POST", "/webhooks/house/messages"), ("POST", "/webhooks/house/parse"),
    ("DELETE", "/webhooks/house/conversations/x"), ("GET", "/no/such/door"),
]  # fmt: skip
ACTIONS = [("POST", "/webhook"), ("GET", "/health"), ("GET", "/actions"), ("GET", "/no/such/door")]
DOORS = [("engine", *door) for door in ENGINE] + [("actions", *door) for door in ACTIONS]


def knock(house, room, method, path, secret=None):
    url = getattr(house.settings, f"{room}_url")
    headers = {"X-House-Secret": secret} if secret else {}
    return httpx.request(method, url + path, headers=headers, json={"text": "hello"}, timeout=10, trust_env=False)


@pytest.mark.parametrize(("room", "method", "path"), DOORS)
def test_no_door_opens_without_its_secret(house, room, method, path):
    others = {"engine": house.settings.actions_secret, "actions": house.settings.engine_secret}[room]
    for secret in (None, "wrong", others, getattr(house.settings, f"{room}_secret")[:-1]):
        answer = knock(house, room, method, path, secret)
        assert answer.status_code == 401, (secret and "with a wrong secret", answer.status_code)
        assert answer.json() == {"error": "unauthorized"}


def test_the_secrets_open(house):
    assert knock(house, "engine", "GET", "/webhooks/house/health", house.settings.engine_secret).json()["ready"] is True
    assert knock(house, "actions", "GET", "/health", house.settings.actions_secret).status_code == 200


def test_rasas_own_channels_are_not_there(house):
    assert knock(house, "engine", "POST", "/webhooks/rest/webhook", house.settings.engine_secret).status_code in (404, 405)


@pytest.mark.parametrize("room", ["engine", "actions"])
def test_they_listen_on_loopback_only(house, room):
    port = getattr(house.settings, f"{room}_port")
    socket.create_connection(("127.0.0.1", port), timeout=2).close()
    for address in {"127.0.0.2", *_own_addresses()}:  # whoever listens on all addresses answers on these too
        with pytest.raises(OSError):
            socket.create_connection((address, port), timeout=2)


def _own_addresses():
    """The address this machine uses towards others; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return set()
        return {probe.getsockname()[0]} - {"127.0.0.1"}
