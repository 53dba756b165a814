"""E-mail over a mail server (SMTP submission)."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from common.messages.message import Delivery, Message

SECURITY = ("starttls", "tls", "none")
TIMEOUT_S = 10.0
"""Of every step; a mail server is the house's own choice and not a stranger."""


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """``sender`` is the address mails come from; without ``user`` nobody signs in.

    ``security``: ``starttls`` (refuses to go on where the server has none), ``tls`` from the first byte, or
    ``none``. ``context`` says whose certificates are believed: by default the system's authorities'.
    """

    host: str
    sender: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"
    context: ssl.SSLContext | None = field(default=None, repr=False)
    timeout_s: float = TIMEOUT_S

    def send(self, message: Message) -> Delivery:
        """Hand it to the server."""
        try:
            with self._connect() as server:
                if self.security == "starttls":
                    server.starttls(context=self.context or ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(self._mail(message))
        # Only codes are told: what servers say quotes addresses, and more.
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _ in error.recipients.values()), default=0)
            return Delivery("refused" if code >= 500 else "failed", f"the mail server answered {code}")
        except smtplib.SMTPResponseException as error:
            return Delivery("failed", f"the mail server answered {error.smtp_code}")
        except smtplib.SMTPException as error:
            return Delivery("failed", f"the mail server {self.host} cannot be used ({type(error).__name__})")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            return Delivery("failed", f"the mail server {self.host} cannot be reached ({why})")
        return Delivery("sent")

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = self.context or ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_s, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, message.to, message.subject
        mail["Date"] = formatdate()
        domain = self.sender.rpartition("@")[2]
        # A mail that comes twice is shown once by programs that know its id.
        mail["Message-ID"] = f"<{message.token}@{domain}>" if message.token else make_msgid(domain=domain)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail
