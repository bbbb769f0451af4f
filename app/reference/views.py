from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.core import calendar, clock
from app.database import db
from app.policy import Permission
from app.reference import lists, queries
from app.reference.catalogue import FIXED, LISTS
from app.web.access import requires

blueprint = Blueprint("reference", __name__, url_prefix="/lists")

FIRST_YEAR, LAST_YEAR = 2000, 2040


@blueprint.get("/")
@requires(Permission.REFERENCE_VIEW)
def index() -> ResponseReturnValue:
    return render_template(
        "reference/index.html",
        lists=[(about, queries.in_force(about)) for about in LISTS.values()],
        drafted=queries.drafted(db.session),
    )


@blueprint.get("/failures")
@requires(Permission.REFERENCE_VIEW)
def failures() -> ResponseReturnValue:
    return render_template("reference/failures.html", taxonomy=lists.taxonomy())


@blueprint.get("/standards")
@requires(Permission.REFERENCE_VIEW)
def standards() -> ResponseReturnValue:
    library, version = lists.standards().values(), lists.version_of("standards")
    return render_template("reference/standards.html", standards=library, version=version)


@blueprint.get("/severity")
@requires(Permission.REFERENCE_VIEW)
def severity() -> ResponseReturnValue:
    bands, version = lists.severity_bands().values(), lists.version_of("severity")
    return render_template("reference/severity.html", bands=bands, version=version)


@blueprint.get("/factors")
@requires(Permission.REFERENCE_VIEW)
def factors() -> ResponseReturnValue:
    return render_template(
        "reference/factors.html", factors=lists.factors().values(), version=lists.version_of("factors")
    )


@blueprint.get("/modalities")
@requires(Permission.REFERENCE_VIEW)
def modalities() -> ResponseReturnValue:
    return render_template(
        "reference/modalities.html",
        modalities=lists.modalities().values(),
        version=lists.version_of("modalities"),
    )


@blueprint.get("/legal-tests")
@requires(Permission.REFERENCE_VIEW)
def legal_tests() -> ResponseReturnValue:
    return render_template(
        "reference/legal_tests.html",
        tests=lists.legal_tests().values(),
        grounds=lists.remit().values(),
        version=lists.version_of("legal_tests"),
        remit_version=lists.version_of("remit"),
        stays=FIXED["legal_tests"],
    )


@blueprint.get("/clocks")
@requires(Permission.REFERENCE_VIEW)
def clocks() -> ResponseReturnValue:
    return render_template(
        "reference/clocks.html",
        clocks=lists.clocks().values(),
        version=lists.version_of("clocks"),
        stays=FIXED["clocks"],
    )


@blueprint.get("/stages")
@requires(Permission.REFERENCE_VIEW)
def stages() -> ResponseReturnValue:
    return render_template(
        "reference/stages.html",
        stages=lists.stages().values(),
        version=lists.version_of("stages"),
        stays=FIXED["stages"],
    )


@blueprint.get("/calendar")
@requires(Permission.REFERENCE_VIEW)
def days() -> ResponseReturnValue:
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else clock.today().year
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    return render_template(
        "reference/days.html",
        year=year,
        days=calendar.bank_holidays(year),
        otherwise=[one for one in lists.days_of_the_office() if one.day.year == year],
        version=calendar.version(),
        list_version=lists.version_of("calendar"),
    )
