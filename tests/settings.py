"""Settings of the tests: the site's own, with plain static files and a fast password hash."""

import os
import tempfile

os.environ.setdefault("STEPWELL_VAR", tempfile.mkdtemp(prefix="stepwell-tests-"))
os.environ.setdefault("SECRET_KEY", "for tests only")
# A key that seals nothing but invented letters.
os.environ.setdefault("SEALING_KEYS", "tests " + "A" * 43)
os.environ.setdefault("UNSIGNED_ACKNOWLEDGED", "yes")

from stepwell.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
KEEP_PAGES = False  # tests of the page store switch it on, each with a folder of its own
EXIT_URL = "http://neutral.example/"
_default = DATABASES["default"]  # noqa: F405
if _default["ENGINE"].endswith("sqlite3"):
    # A file, so that a live server's threads see the same database; it need not survive a
    # power cut (tests/lib holds that the site's own database does).
    _default["TEST"] = {"NAME": VAR / "test.sqlite3"}  # noqa: F405
    _default["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
