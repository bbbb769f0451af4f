"""A passkey signs in alone: discoverable, for this site, by somebody it has made sure of, and once (B4)."""

from __future__ import annotations

import hashlib
import json
import time

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

from app.accounts.limits import PASSKEY_ADDRESS
from app.accounts.models import Role
from app.factors.models import Passkey
from app.factors.passkeys import PATIENCE

PRESENT, VERIFIED = 0x01, 0x04


class Key:
    """A passkey of somebody, as their telephone keeps it."""

    def __init__(self, session, account):
        self.account, self.private = account, ec.generate_private_key(ec.SECP256R1())
        self.count, self.counts = 0, 1
        numbers = self.private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        self.id = bytes_to_base64url(account.key.encode()[::-1])
        kept = {"credential": self.id, "public_key": bytes_to_base64url(public), "sign_count": 0}
        session.add(Passkey(account=account, name="My telephone", **kept))
        session.commit()

    def signs(
        self, challenge, *, flags=PRESENT | VERIFIED, origin="http://localhost", holder=None, host="localhost"
    ):
        self.count += self.counts
        client = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": origin}).encode()
        told = hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")
        signature = self.private.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": bytes_to_base64url(client),
            "authenticatorData": bytes_to_base64url(told),
            "signature": bytes_to_base64url(signature),
            "userHandle": bytes_to_base64url((self.account.key if holder is None else holder).encode()),
        }
        return json.dumps({"id": self.id, "rawId": self.id, "type": "public-key", "response": response})


@pytest.fixture
def key(session, make, strict):
    return Key(session, make.account(Role.CASEWORKER, password_hash=None))


def asked(client) -> dict:
    return json.loads(client.post("/sign-in/passkey/alone/challenge").data)


def sends(client, answer):
    return client.post("/sign-in/passkey/alone?next=/account", data={"credential": answer})


def is_in(client) -> bool:
    return client.get("/account").status_code == 200


def test_it_signs_in_wholly_without_password_or_code_where_both_are_asked_for(app, key):
    client = app.test_client()
    options = asked(client)

    answer = sends(client, key.signs(options["challenge"]))

    assert (options["userVerification"], options.get("allowCredentials", [])) == ("required", [])
    assert (answer.status_code, answer.location, is_in(client)) == (302, "/account", True)


@pytest.mark.parametrize(
    "how",
    [
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"origin": "https://elsewhere.example"},
        {"host": "elsewhere.example"},
        {"holder": "0" * 32},
        {"holder": ""},
    ],
    ids=str,
)
def test_one_that_has_not_made_sure_or_is_for_elsewhere_or_another_is_not_taken(app, key, how):
    client = app.test_client()

    sends(client, key.signs(asked(client)["challenge"], **how))

    assert not is_in(client)
    assert "The passkey was not accepted." in client.get("/sign-in").text


def test_an_answer_counts_once_and_only_where_it_was_asked_for(app, key):
    client, thief, later = app.test_client(), app.test_client(), app.test_client()
    key.counts = 0  # many always say 0, and do not tell by it that an answer is old
    answer = key.signs(asked(client)["challenge"])
    cookie = client.get_cookie("second-read").value
    asked(thief)

    sends(thief, answer)
    sends(client, answer)
    later.set_cookie("second-read", cookie)  # as it was before it was used
    sends(later, answer)

    assert [is_in(one) for one in (client, thief, later)] == [True, False, False]


def test_a_challenge_waits_five_minutes(app, key, monkeypatch):
    client = app.test_client()
    answer = key.signs(asked(client)["challenge"])
    then = time.time() + PATIENCE.total_seconds() + 2
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(time, "time", lambda: then)
        sends(client, answer)

    assert not is_in(client)


def test_the_suspended_do_not_get_in_nor_a_key_nobody_knows(app, session, key, make):
    client = app.test_client()
    key.account.is_active = False
    session.commit()
    sends(client, key.signs(asked(client)["challenge"]))
    assert not is_in(client)

    key.account.is_active, key.id = True, "unknown"
    session.commit()
    sends(client, key.signs(asked(client)["challenge"]))
    assert not is_in(client)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "x" * 30_000, '{"id": 7}', '{"id": "x", "response": 3}'])
def test_what_is_no_answer_of_a_passkey_is_refused_in_words(app, key, answer):
    client = app.test_client()
    asked(client)

    assert sends(client, answer).status_code == 302
    assert "The passkey was not accepted." in client.get("/sign-in").text


def test_tries_are_limited_by_address(app, key, later):
    for _ in range(PASSKEY_ADDRESS.most):
        sends(app.test_client(), "{}")
    client = app.test_client()
    sends(client, key.signs(asked(client)["challenge"]))

    assert not is_in(client)
    assert "too many attempts" in client.get("/sign-in").text
