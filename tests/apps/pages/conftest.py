"""A store of its own for every test, in a folder of its own."""

import pytest

from stepwell.apps.pages import folder, rendering


@pytest.fixture
def kept(settings, tmp_path, db):
    """The store, switched on."""
    settings.KEEP_PAGES = True
    keeping = "stepwell.web.keeping.keep_pages"
    if keeping not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [keeping, *settings.MIDDLEWARE]
    settings.PAGES_ROOT = tmp_path / "pages"
    settings.SITE_URL = "http://testserver"
    folder.store.cache_clear()
    folder.release.cache_clear()
    rendering._handler.cache_clear()
    yield folder.store()
    folder.store.cache_clear()
    folder.release.cache_clear()
    rendering._handler.cache_clear()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do what a real commit does, at the end of a block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
