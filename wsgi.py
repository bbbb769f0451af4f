"""The entrypoint of a server, `gunicorn wsgi:app`, and of the commands, `flask --app wsgi …`."""

import sys
from itertools import count

from app import create_app
from app.core.memory import keep_what_is_here, share_one_arena
from config import ConfigError

share_one_arena()
try:
    app = create_app()
except ConfigError as error:
    sys.exit(f"Second Read cannot start. {error}")

#: After how many requests a process has most of what it will keep: templates, statements, their plans.
WARM = 300

keep_what_is_here()
answered = count(1)


@app.teardown_request
def keep_when_warm(_error: BaseException | None) -> None:
    if next(answered) == WARM:
        keep_what_is_here()
