"""What went wrong, as a FHIR OperationOutcome."""

from stepwell.lib.fhir import Json


def outcome(code: str, told: str, *, severity: str = "error") -> Json:
    """Return an OperationOutcome with one issue; `told` says what is wrong and the repair.

    `code` is one of FHIR's issue types: not-found, not-supported, invalid ...
    """
    return outcomes([(code, told)], severity=severity)


def outcomes(issues: list[tuple[str, str]], *, severity: str) -> Json:
    """Return an OperationOutcome with an issue for each (code, what is wrong and the repair)."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {"severity": severity, "code": code, "diagnostics": told} for code, told in issues
        ],
    }
