"""Codes of the provider register and the roles they stand for."""

import csv

from stepwell.domain import taxonomy_roles


def test_codes_have_one_role_each_that_points_to_what_is_there():
    taxonomy_roles.check()

    assert len(taxonomy_roles.by_code()) == 131
    assert len(taxonomy_roles.file().roles) == 36


def test_codes_lead_to_professions_and_unknown_ones_to_none():
    found = taxonomy_roles.professions_of(["106H00000X", "207K00000X"])

    assert found == {"marriage_family_therapist"}


def test_roles_come_once_in_the_order_of_the_codes():
    roles = taxonomy_roles.roles_of(["225X00000X", "101YM0800X", "101Y00000X"])

    assert [role.id for role in roles] == ["occupational_therapist", "counsellor"]


def test_codes_and_roles_are_those_of_the_reference_table(shared):
    table = shared / "directory" / "nucc" / "nucc_251_mental_health_roles.csv"
    with table.open(encoding="utf-8", newline="") as file:
        expected = {row["code"]: (row["role"], row["regulation"]) for row in csv.DictReader(file)}

    roles = taxonomy_roles.by_code()

    assert {code: (role.id, role.regulation.value) for code, role in roles.items()} == expected
