"""The mail with links. It could stand on a postcard: it says nothing of what anybody offers."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from stepwell.domain.freshness import day_words

SUBJECT = "Please check your entry"
BODY = """Hello,

please check whether {entries} still right. It takes a minute, without an account:

{links}

Nothing changes when you open {link}; you choose on the page. {until}
On the same page you can say that something is wrong, or that you do not want to be listed.

{name}
{site}
"""


def mail_to(
    address: str, links: Sequence[str], hidden_after: date | None, connection: BaseEmailBackend
) -> EmailMessage:
    """Return the mail with the links of one provider's listings."""
    several = len(links) > 1
    until = (
        f"Without an answer {{}} hidden after {day_words(hidden_after)}." if hidden_after else ""
    )
    body = BODY.format(
        entries=f"your {len(links)} entries are" if several else "your entry is",
        links="\n\n".join(links),
        link="a link" if several else "the link",
        until=until.format("the first of them is" if several else "it is"),
        name=settings.SITE_NAME,
        site=settings.SITE_URL,
    )
    return EmailMessage(
        subject=SUBJECT,
        body=body,
        from_email=settings.MAIL_FROM,
        to=[address],
        headers={"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{links[0]}>"},
        connection=connection,
    )
