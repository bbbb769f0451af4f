"""The Flask kit every room's views share: signing in, access, forms, error pages, headers.

Knows of casework only who may have a record, and how its words, dates and numbers are written.
"""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts import passwords
from app.accounts.single_sign_on import roles_in
from app.web import converters, cookies, errors, headers, hosts, identity, templating, visits
from config import ConfigError

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Fit the kit. The order counts: the host is checked, the request is named, then its origin, then its form."""
    hosts.init_app(app)
    if hops := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.session_interface = cookies.SessionCookie()
    try:
        passwords.use_breached(app.config["BREACHED_PASSWORDS"])
    except (OSError, ValueError) as error:
        raise ConfigError(f"BREACHED_PASSWORDS cannot be used: {error}; see README.md, “Settings”.") from None
    passwords.set_cost(memory_kib=app.config["PASSWORD_MEMORY_KIB"], rounds=app.config["PASSWORD_ROUNDS"])
    _roles_that_exist(app.config["OIDC_ROLES"])
    converters.init_app(app)
    visits.init_app(app)
    headers.init_app(app)
    csrf.init_app(app)
    identity.init_app(app)
    errors.init_app(app)
    templating.init_app(app)


def _roles_that_exist(words: str) -> None:
    """Refuse to start with roles nobody could have."""
    try:
        roles_in(words)
    except ValueError as error:
        raise ConfigError(
            f"OIDC_ROLES gives a role it cannot give ({error}); see README.md, “Settings”."
        ) from None


def register_rooms(app: Flask) -> None:
    """Open every room's door: the blueprints, in the order of the house."""
    from app.accounts.managing import blueprint as accounts
    from app.allegations.views import blueprint as allegations
    from app.allocation.views import blueprint as allocation
    from app.bundles.views import blueprint as bundles
    from app.casefile.views import blueprint as casefile
    from app.caseload.views import blueprint as caseload
    from app.cases.views import blueprint as cases
    from app.checks.views import blueprint as checks
    from app.complaints.views import blueprint as complaints
    from app.concerns.views import blueprint as concerns
    from app.consents.views import blueprint as consents
    from app.contacts.views import blueprint as contacts
    from app.decisions.views import blueprint as decisions
    from app.delegations.views import blueprint as delegations
    from app.demonstration.views import blueprint as demonstration
    from app.demonstration.views import read_the_clock
    from app.doubles.views import blueprint as doubles
    from app.drafts.views import blueprint as drafts
    from app.duties.views import blueprint as duties
    from app.enquiries.views import blueprint as enquiries
    from app.evidence.views import blueprint as evidence
    from app.examining.views import blueprint as examining
    from app.exports.views import blueprint as exports
    from app.factors.views import blueprint as factors
    from app.findings.views import blueprint as findings
    from app.front_door.views import blueprint as front_door
    from app.imaging.views import blueprint as imaging
    from app.integrity.views import blueprint as integrity
    from app.lineage.views import blueprint as lineage
    from app.messages.views import blueprint as messages
    from app.notices.views import blueprint as notices
    from app.organisations.views import blueprint as organisations
    from app.papers.views import blueprint as papers
    from app.people.views import blueprint as people
    from app.portal.views import blueprint as portal
    from app.queues.views import blueprint as queues
    from app.reading.views import blueprint as reading
    from app.receiving.views import blueprint as receiving
    from app.recommendations.views import blueprint as recommendations
    from app.redaction.views import blueprint as redaction
    from app.reference.changing import blueprint as reference
    from app.requests.answering import blueprint as requests
    from app.risk.views import blueprint as risk
    from app.search.views import blueprint as search
    from app.teams.views import blueprint as teams
    from app.timeline.views import blueprint as timeline
    from app.web.health import blueprint as health
    from config import Office

    for room in (
        health,
        accounts,
        factors,
        drafts,
        organisations,
        lineage,
        contacts,
        people,
        doubles,
        enquiries,
        reference,
        complaints,
        consents,
        allegations,
        checks,
        cases,
        casefile,
        duties,
        delegations,
        teams,
        risk,
        concerns,
        caseload,
        allocation,
        queues,
        notices,
        search,
        exports,
        evidence,
        examining,
        receiving,
        imaging,
        reading,
        redaction,
        bundles,
        timeline,
        messages,
        requests,
        papers,
        front_door,
        findings,
        recommendations,
        decisions,
        integrity,
        portal,
    ):
        app.register_blueprint(room)
    if app.config["OFFICE"] is Office.DEMONSTRATION:
        app.register_blueprint(demonstration)
        app.extensions["before_work"].append(read_the_clock)
