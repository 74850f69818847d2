"""Who is let in: a request that names this server, comes from its own page, and brings its secret."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from ner_tui.web.access import Access, Admitted, Asked, Refused

HOST, ORIGIN = "127.0.0.1:8000", "http://127.0.0.1:8000"


@pytest.fixture
def access() -> Access:
    return Access(8000)


def own_socket(access: Access) -> Asked:
    return Asked("GET", "/ws", [HOST], [ORIGIN], "same-origin", "websocket", access.cookie, is_socket=True)


def own_page(access: Access) -> Asked:
    return Asked("GET", "/", [HOST], [], "same-origin", "navigate", access.cookie)


def test_a_page_of_the_server_is_let_in_by_all_names_of_this_computer(access: Access) -> None:
    assert access.judge(own_page(access)) == Admitted()
    for name in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        asked = replace(own_socket(access), hosts=[f"{name}:8000"], origins=[f"http://{name.lower()}:8000"])
        assert access.judge(asked) == Admitted()


@pytest.mark.parametrize(
    "change",
    [
        {"hosts": []},
        {"hosts": [HOST, HOST]},
        {"hosts": ["evil.example:8000"]},
        {"hosts": ["127.0.0.1"]},
        {"hosts": ["127.0.0.1:8001"]},
        {"hosts": ["127.0.0.1.evil.example:8000"]},
        {"hosts": ["localhost:8000"]},
        {"origins": []},
        {"origins": ["null"]},
        {"origins": [ORIGIN, ORIGIN]},
        {"origins": ["http://evil.example"]},
        {"origins": ["http://127.0.0.1:8001"]},
        {"origins": ["http://127.0.0.1:8000.evil.example"]},
        {"origins": ["http://evil@127.0.0.1:8000"]},
        {"origins": ["file://127.0.0.1:8000"]},
        {"origins": ["http://localhost:8000"]},
        {"site": "cross-site"},
        {"site": "same-site"},
        {"cookie": ""},
        {"cookie": "x" * 43},
        {"cookie": "\udcff"},
        {"method": "POST"},
        {"method": "OPTIONS"},
    ],
    ids=str,
)
def test_a_socket_that_differs_in_anything_is_refused(access: Access, change: dict[str, object]) -> None:
    assert access.judge(own_socket(access)) == Admitted()
    assert isinstance(access.judge(replace(own_socket(access), **change)), Refused)  # type: ignore[arg-type]


def test_a_token_lets_one_browser_in(access: Access) -> None:
    visit = Asked("GET", "/", [HOST], [], "none", "navigate", token=access.token)
    assert access.judge(visit) == Admitted(is_new=True)
    assert isinstance(access.judge(visit), Refused)
    # The next one is another.
    assert access.judge(replace(visit, token=access.token)) == Admitted(is_new=True)


def test_a_token_opens_the_first_page_and_nothing_else(access: Access) -> None:
    for path, is_socket in (("/ws", True), ("/download/x", False), ("/static/js/textual.js", False)):
        asked = replace(own_socket(access), path=path, cookie="", token=access.token, is_socket=is_socket)
        assert isinstance(access.judge(asked), Refused)


def test_a_link_from_elsewhere_opens_the_page_and_a_picture_does_not(access: Access) -> None:
    link = Asked("GET", "/", [HOST], [], "cross-site", "navigate", token=access.token)
    assert isinstance(access.judge(replace(link, mode="no-cors")), Refused)
    assert access.judge(link) == Admitted(is_new=True)


def test_a_tokenless_visit_is_told_what_to_do(access: Access) -> None:
    refused = access.judge(Asked("GET", "/", [HOST], []))
    assert isinstance(refused, Refused)
    assert "open the address that ner-tui serve says" in refused.reason


def test_two_servers_have_nothing_in_common() -> None:
    one, other = Access(8000), Access(8001)
    assert len({one.cookie, one.token, other.cookie, other.token}) == 4
    assert one.cookie_name != other.cookie_name


def test_behind_a_proxy_any_one_name_is_answered_and_its_own_pages_alone() -> None:
    access = Access(8000, behind_proxy=True)
    asked = replace(own_socket(access), hosts=["ner.example"], origins=["https://ner.example"])
    assert access.judge(asked) == Admitted(is_safe=True)
    passed_on = replace(asked, hosts=[HOST], forwarded_host="ner.example")
    assert access.judge(passed_on) == Admitted(is_safe=True)
    assert isinstance(access.judge(replace(asked, origins=["https://evil.example"])), Refused)
    assert isinstance(access.judge(replace(asked, cookie="")), Refused)


def test_of_ten_thousand_handshakes_at_random_only_the_right_one_is_let_in(access: Access) -> None:
    chance = random.Random(1)
    hosts = [HOST, "localhost:8000", "evil.example", "127.0.0.1:80", "", "127.0.0.1:8000\t", "[::1]:8000"]
    origins = [ORIGIN, "http://localhost:8000", "http://evil.example", "null", "", "https://127.0.0.1:8000", "ws://x"]
    sites = ["", "none", "same-origin", "same-site", "cross-site"]
    secrets = [access.cookie, "", access.cookie[:-1], access.cookie + "x", access.cookie.swapcase(), access.token]
    let_in = 0
    for _ in range(10_000):
        asked = Asked(
            chance.choice(["GET", "GET", "GET", "POST", "get"]),
            "/ws",
            chance.choices(hosts, k=chance.choice([0, 1, 1, 1, 2])),
            chance.choices(origins, k=chance.choice([0, 1, 1, 1, 2])),
            chance.choice(sites),
            chance.choice(["", "websocket", "navigate", "no-cors"]),
            chance.choice(secrets),
            chance.choice([access.token, "", access.cookie]),
            is_socket=True,
            forwarded_host=chance.choice(["", "evil.example"]),
        )
        right = (
            asked.method == "GET"
            and len(asked.hosts) == len(asked.origins) == 1
            and asked.hosts[0] in (HOST, "localhost:8000", "[::1]:8000")
            and asked.origins[0] in (f"http://{asked.hosts[0]}", f"https://{asked.hosts[0]}")
            and asked.site in ("", "none", "same-origin")
            and asked.cookie == access.cookie
        )
        assert isinstance(access.judge(asked), Admitted) == right
        let_in += right
    assert let_in > 10
