"""Words that mean a person may be in danger, so that help is shown first."""

WORDS = (
    "suicid",
    "kill myself",
    "end my life",
    "end it all",
    "want to die",
    "self harm",
    "self-harm",
    "hurt myself",
    "cutting myself",
    "overdose",
    "unalive",
    "raped",
    "beats me",
    "hits me",
    "no reason to live",
    "better off dead",
)


def speaks_of_danger(text: str) -> bool:
    """Say whether a text holds words of somebody who may be in danger."""
    folded = " ".join(text.casefold().replace("’", "'").split())
    return any(words in folded for words in WORDS)
