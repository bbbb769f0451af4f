from __future__ import annotations

from app.accounts.models import Role


def test_a_list_can_be_filtered_by_who_is_covered_and_by_stays_to_be_looked_at(make, session, reader):
    client, _account = reader(Role.INVESTIGATOR)
    session.commit()

    page = client.get("/caseload/?owner=covered&review=yes").text

    assert "Investigator: those I cover for" in page
    assert "Stay to be looked at: Yes" in page
