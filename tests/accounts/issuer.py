"""An OpenID Connect issuer on this machine, for tests: it believes whoever asks, and says what it is told to."""

from __future__ import annotations

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

KEY, STRANGERS_KEY = (RSAKey.generate_key(2048, {"kid": name}) for name in ("ours", "ours "))


class Issuer:
    """What it says of whoever signs in. `codes` are the codes that have not been exchanged."""

    def __init__(self) -> None:
        self.address = ""
        self.claims: dict[str, Any] = {"sub": "1", "email": "nobody@office.example", "email_verified": True}
        self.wrong: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.key, self.algorithm = KEY, "RS256"

    def sign_in(self, asked: str) -> dict[str, str]:
        """Somebody signs in at the address they were sent to: what their browser brings back."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = given
        return {"code": code, "state": given["state"]}

    def exchange(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(form["code"], None)
        if asked is None:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        if (asked["code_challenge_method"], asked["code_challenge"]) != ("S256", challenge):
            return None
        said = {
            "iss": self.address,
            "aud": "second-read",
            "exp": int(time.time()) + 60,
            "nonce": asked["nonce"],
        }
        token = jwt.encode({"alg": self.algorithm, "kid": "ours"}, said | self.claims | self.wrong, self.key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": token}


@contextmanager
def serving() -> Iterator[Issuer]:
    """An issuer that answers on loopback while the block runs."""
    issuer = Issuer()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("/openid-configuration"):
                paths = {"authorization_endpoint": "authorise", "token_endpoint": "token", "jwks_uri": "keys"}
                self._say({"issuer": issuer.address} | {k: f"{issuer.address}/{v}" for k, v in paths.items()})
            else:
                self._say({"keys": [KEY.as_dict(private=False)]})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told = issuer.exchange({name: values[0] for name, values in parse_qs(body).items()})
            self._say(told or {"error": "invalid_grant"}, 200 if told else 400)

        def _say(self, what: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    issuer.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
