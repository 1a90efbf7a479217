"""Second steps: passkeys, one-time codes, recovery codes. Their secrets are sealed.

allauth keeps them in one JSON column. Its hook for encryption does not say whose secret it
is, so a secret is sealed for nobody first and bound to its row's person when that is saved.
Moved to another person's row it does not open.
"""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from stepwell.lib import sealing
from stepwell.lib.key_rings import SealingError

SECRETS = ("secret", "seed")  # of one-time codes, and of recovery codes
NOBODY = "mfa_authenticator:data:nobody"


class Bound(str):
    """A sealed secret that knows whose it is."""

    person: Any = None


def place(name: str, person: Any) -> str:
    """Return to what a secret is bound."""
    return f"mfa_authenticator:data.{name}:{person}"


class StaffFactorAdapter(DefaultMFAAdapter):
    """Seals what allauth would keep as it is."""

    def encrypt(self, text: str) -> str:
        """Seal a new secret; `bind` gives it to its person when the row is saved."""
        return sealing.seal(text, NOBODY)

    def decrypt(self, encrypted_text: str) -> str:
        """Open the secret of a row."""
        if not isinstance(encrypted_text, Bound):
            raise SealingError("This secret belongs to no row. Read it from its Authenticator.")
        for name in SECRETS:
            try:
                return sealing.unseal(encrypted_text, place(name, encrypted_text.person))
            except SealingError as error:
                failed = error
        raise failed


def bind(sender: Any, instance: Authenticator, raw: bool = False, **kwargs: Any) -> None:
    """Bind new secrets to the person of their row, before it is saved."""
    for name in [] if raw else SECRETS:
        value = instance.data.get(name)
        if value is not None and not isinstance(value, Bound):
            plain = sealing.unseal(value, NOBODY)
            sealed = sealing.seal(plain, place(name, instance.user_id))
            instance.data[name] = _bound(sealed, instance.user_id)


def know(sender: Any, instance: Authenticator, **kwargs: Any) -> None:
    """Tell the secrets of a row that was read whose they are."""
    data = instance.__dict__.get("data")
    if instance.pk is not None and data:
        for name in SECRETS:
            if name in data:
                data[name] = _bound(data[name], instance.user_id)


def _bound(sealed: str, person: Any) -> Bound:
    found = Bound(sealed)
    found.person = person
    return found


class Secrets:
    """The secrets of all second steps, for the rotation of keys (lib/sealing.py)."""

    def waiting(self) -> int:
        """Return how many are not under the newest key."""
        return sum(len(self._old(data)) for _, _, data in _rows())

    def reseal(self) -> Iterator[tuple[int, list[str]]]:
        """Seal them under the newest key again; yield how many, and which did not open."""
        for pk, person, before in list(_rows()):
            after, unopened = dict(before), []
            for name in self._old(before):
                context = place(name, person)
                try:
                    after[name] = sealing.seal(sealing.unseal(before[name], context), context)
                except SealingError:
                    unopened.append(f"mfa_authenticator:data.{name}:{pk}")
            changed = len([name for name in SECRETS if before.get(name) != after.get(name)])
            same = Authenticator.objects.filter(pk=pk, data=before)
            yield (changed * same.update(data=after) if changed else 0), unopened

    def try_one(self) -> None:
        """Open one; raise SealingError where the keys do not."""
        for _, person, data in _rows():
            for name in SECRETS:
                if name in data:
                    sealing.unseal(data[name], place(name, person))
                    return

    def _old(self, data: dict[str, Any]) -> list[str]:
        newest = f"s1.{sealing.ring().newest}."
        return [name for name in SECRETS if not data.get(name, newest).startswith(newest)]


def _rows() -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    return iter(Authenticator.objects.order_by("pk").values_list("pk", "user_id", "data"))
