"""All settings, grouped by purpose. Each host sets theirs in the environment or in var/.env."""

from pathlib import Path
from urllib.parse import urlsplit

from stepwell.domain import loading
from stepwell.domain.freshness import check_reminder_days
from stepwell.lib.databases import database, replicas
from stepwell.lib.env import EnvError, env, env_flag, env_int, env_list, env_paths, read_env_file

# Where this installation keeps what it makes: database, media, static files, keys.
VAR = Path(env("STEPWELL_VAR", "var")).resolve()  # folder of database, media and keys
read_env_file(VAR / ".env")

# The site: who runs it, where it stands, what it says of itself.
SITE_NAME = env("SITE_NAME", "Mental Health Network")  # shown on every page
STRAPLINE = "Improve mental quality and promote mental health"
SITE_STRAPLINE = env("SITE_STRAPLINE", STRAPLINE)  # under the name in the footer
SITE_URL = env("SITE_URL", "http://localhost:8000")  # public address; https but on localhost
CONTACT_EMAIL = env("CONTACT_EMAIL", "hello@example.org")  # in the footer and security.txt
HOME_COUNTRY = env("HOME_COUNTRY", "")  # ISO code; empty: every visitor chooses
EXIT_URL = env("EXIT_URL", "https://www.wikipedia.org/")  # where "Leave this page" leads
FACTS_DIRS = env_paths("FACTS_DIRS")  # folders that add to or replace the packaged facts
loading.use_folders(FACTS_DIRS)

# Safety. Rules and crisis numbers need a clinician's sign-off; without it a site that is
# not in DEBUG starts only when its host says here that they know.
UNSIGNED_ACKNOWLEDGED = env_flag("UNSIGNED_ACKNOWLEDGED", default=False)  # see docs/editing

# Directory. Both engines find the same; the snapshot is for hundreds of thousands of listings.
DIRECTORY_ENGINE = env("DIRECTORY_ENGINE", "database")  # database, or snapshot: columns on disk
if DIRECTORY_ENGINE not in {"database", "snapshot"}:
    raise EnvError("DIRECTORY_ENGINE is neither database nor snapshot. Write one of the two.")

# Newsroom. A review holds for so long; the clinician who signs may choose a shorter time.
REVIEW_MONTHS = env_int("REVIEW_MONTHS", default=36)  # months from a review to the next, up to 36

# Security. Over https everything is strict; plain http is for localhost only.
SECRET_KEY = env("SECRET_KEY")  # no default: `stepwell run` makes one, other hosts choose one
DEBUG = env_flag("DEBUG", default=False)  # never on a public site
_https = urlsplit(SITE_URL).scheme == "https"
_host = urlsplit(SITE_URL).hostname or "localhost"
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", _host)  # names this server answers to
ALLOWED_HOSTS += ["127.0.0.1"] if _host == "localhost" else []
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # set_headers sends X-Frame-Options by page class
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
SESSION_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SERIALIZER = "stepwell.apps.accounts.sessions.SealedSerializer"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrftoken"
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = False  # Wagtail's admin scripts read it
CSRF_COOKIE_SAMESITE = "Lax"

# Sealing. What people write is stored sealed, under keys that lie apart from the database.
SEALING_KEYS = env("SEALING_KEYS", "")  # the keys themselves; empty: the file of the next setting
_keys = str(VAR / "keys" / "sealing")
SEALING_KEYS_FILE = env("SEALING_KEYS_FILE", _keys)  # made by `stepwell run`; keep a copy apart

# The log of who did what. A line a day says how long it is; copy the file to another machine.
_checkpoints = str(VAR / "audit" / "checkpoints")
AUDIT_CHECKPOINTS_FILE = env("AUDIT_CHECKPOINTS_FILE", _checkpoints)  # lines are only added

# Letters to the editors: who reads them, how soon, and how long they are kept.
CONTACT_READERS = env("CONTACT_READERS", "the editors of this site")  # who reads letters
CONTACT_HOURS = env("CONTACT_HOURS", "on working days")  # when letters are read
CONTACT_ANSWER_DAYS = env_int("CONTACT_ANSWER_DAYS", default=7)  # days until a letter is read
CONTACT_KEEP_DAYS = env_int("CONTACT_KEEP_DAYS", default=90)  # days until a letter is deleted
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", default=0)  # web servers in front, for the limits

# Checking licences. A document is deleted so many days after the decision it served.
EVIDENCE_KEEP_DAYS = env_int("EVIDENCE_KEEP_DAYS", default=30)  # days until a document is deleted

# Freshness. Providers are asked by mail before their listing is hidden after 90 days.
LISTING_REMIND_DAYS = [int(day) for day in env_list("LISTING_REMIND_DAYS", "60,75,85")]
check_reminder_days(LISTING_REMIND_DAYS)  # days after the last confirmation, in rising order
REPORT_READERS = env("REPORT_READERS", "the stewards of this site")  # who reads reports of problems
REPORT_READ_DAYS = env_int("REPORT_READ_DAYS", default=3)  # days until a report is read
REPORT_KEEP_DAYS = env_int("REPORT_KEEP_DAYS", default=180)  # days until its words are deleted
EMAIL_HOST = env("EMAIL_HOST", "")  # mail server; empty: no mail is sent, stewards are told
EMAIL_PORT = env_int("EMAIL_PORT", default=587)  # of the mail server
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")  # account on the mail server
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")  # of that account
EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS", default=True)  # off for a server on this machine only
EMAIL_TIMEOUT = 20  # seconds
MAIL_FROM = env(
    "MAIL_FROM", CONTACT_EMAIL
)  # sender of mails; a neutral name that gives nothing away

# Watching. /healthz, /readyz and /metrics on 127.0.0.1 only; never let a web server in front
# hand them on.
PRIVATE_PORT = env_int("PRIVATE_PORT", default=0)  # port of this machine; 0: nothing is counted

# Crowds. Help now, the exit, letters and reports are answered however many there are.
MOST_AT_ONCE = env_int("MOST_AT_ONCE", default=8)  # pages a process makes at once; others wait

# Leaving. Behind a web server with several of us, so many seconds pass between the order to stop
# (SIGTERM) and the end: /readyz says 503, every answer closes its connection, all are answered.
DRAIN_SECONDS = env_int("DRAIN_SECONDS", default=0)  # 6 with the nginx.conf for many; 0: at once

# Parts.
INSTALLED_APPS = [
    "stepwell.web",
    "stepwell.importers",
    "stepwell.design",
    "stepwell.apps.magazine",
    "stepwell.apps.support",
    "stepwell.apps.guide",
    "stepwell.apps.crisis",
    "stepwell.apps.directory",
    "stepwell.apps.registers",
    "stepwell.apps.selftests",
    "stepwell.apps.contact",
    "stepwell.apps.search",
    "stepwell.apps.pages",
    "stepwell.apps.accounts",
    "stepwell.apps.audit",
    "stepwell.apps.tasks",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.contrib.redirects",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "stepwell.web.middleware.log_requests",
    "stepwell.web.crowding.let_some_wait",
    "stepwell.web.keeping.keep_pages",
    "stepwell.web.middleware.set_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "stepwell.apps.accounts.middleware.StaffSessions",
    "allauth.account.middleware.AccountMiddleware",
    "stepwell.web.old_addresses.send_on",
    "stepwell.web.middleware.RouteRules",
    "stepwell.web.reading.ReadFromReplicas",
    "stepwell.apps.magazine.refusals.BackToTheEditor",
]
ROOT_URLCONF = "stepwell.config.urls"
WSGI_APPLICATION = "stepwell.config.wsgi.application"
AUTH_USER_MODEL = "accounts.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stepwell.web.context.site",
                "stepwell.apps.crisis.context.help_now",
            ],
            "builtins": ["stepwell.design.templatetags.design"],
        },
    }
]

# Storage.
_sqlite = f"sqlite:///{VAR / 'stepwell.sqlite3'}"
_database = env(
    "DATABASE_URL", _sqlite
)  # sqlite:///path or postgres://user:password@host[,host]/name
DATABASES = {"default": database(_database)}
# Copies of a PostgreSQL that follow it and are only read, each with its own address.
DATABASE_REPLICAS = env_list("DATABASE_REPLICAS")  # postgres://user:password@host/name, by commas
DATABASES |= replicas(DATABASE_REPLICAS)
DATABASE_ROUTERS = ["stepwell.lib.replicas.Router"] if DATABASE_REPLICAS else []
# Backups (docs/hosting/backup.md). What was deleted for good is noted beside the database, so
# that a restored backup does not bring it back.
BACKUP_KEEP_DAYS = env_int("BACKUP_KEEP_DAYS", default=365)  # days; older backups are refused
_stones = str(VAR / "tombstones")
TOMBSTONES_FILE = env("TOMBSTONES_FILE", _stones)  # on a disk that all hosts of the site share
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = VAR / "static"
STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 86_400  # seconds; files with a hash in their name are kept for ever
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Public pages are kept as they were made, in files that any web server can serve.
KEEP_PAGES = env_flag("KEEP_PAGES", default=True)  # off: every page is made for every visitor
PAGES_ROOT = VAR / "pages"
# Counts of the limits, for all hosts together where they share a cache.
CACHE_URL = env(
    "CACHE_URL", ""
)  # redis://host:6379/0, Valkey too; empty: each process counts alone
_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
_shared = {"BACKEND": "stepwell.lib.shared_cache.SharedCache", "LOCATION": CACHE_URL}
CACHES = {"default": _shared if CACHE_URL else _memory}

# Signing in (docs/hosting/accounts.md): a password and a second step, or a passkey.
STAFF_SECOND_FACTOR = env_flag("STAFF_SECOND_FACTOR", default=True)  # off: on localhost only
if _https and not STAFF_SECOND_FACTOR:
    raise EnvError("STAFF_SECOND_FACTOR is off, which is for a try on localhost. Remove it.")
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds
ACCOUNT_ADAPTER = "stepwell.apps.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; sign-in reads it too
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
# By network our own limits count (accounts/limits.py); these are for one name or address.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/10m/key", "reset_password": "5/m/key"}
MFA_ADAPTER = "stepwell.apps.accounts.factors.StaffFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey alone is two factors: device and person
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Passwords. Argon2id; the offline list and our own words, no rules on what must be in it.
PASSWORD_HASHERS = [
    "stepwell.apps.accounts.hashing.CappedArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "stepwell.apps.accounts.passwords.Length"},
    {"NAME": "stepwell.apps.accounts.passwords.MoreThanOurWords"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Words and time.
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

# Wagtail: nothing from other hosts, nothing sent to them.
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "stepwell.apps.magazine.uploads.PictureForm"
WAGTAIL_PASSWORD_RESET_ENABLED = False  # these three are under /staff/
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # every public address is one that the magazine answers

# Logs: events only (see stepwell.web.logs); never paths, bodies, addresses or names.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"event": {"()": "stepwell.web.logs.EventFormatter"}},
    "handlers": {"events": {"class": "logging.StreamHandler", "formatter": "event"}},
    "root": {"handlers": ["events"], "level": "WARNING"},
    "loggers": {
        "stepwell": {"level": "INFO"},
        "django": {"handlers": ["events"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.request": {"handlers": ["events"], "level": "ERROR", "propagate": False},
    },
}
CSRF_FAILURE_VIEW = "stepwell.web.errors.csrf_failure"
