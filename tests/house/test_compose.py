"""compose.yaml by its form: nobody ran it here, so at least nothing in it points nowhere."""

import yaml

from docs import generate
from tests.conftest import ROOT

FILE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
KNOWN = {
    *("image", "command", "volumes", "environment", "ports", "depends_on", "healthcheck"),
    *("stop_grace_period", "restart"),
}


def test_every_setting_in_it_is_one_of_ours():
    page = generate.settings_page()
    for name in FILE["services"]["web"]["environment"]:
        assert f"| `{name}` |" in page, name


def test_services_volumes_and_hosts_exist():
    services = FILE["services"]
    for name, service in services.items():
        assert set(service) <= KNOWN, name
        assert ":" in service["image"], "a version is named"
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source.startswith("./") or source in FILE["volumes"], volume
        assert set(service.get("depends_on", ())) <= set(services)
    told = services["web"]["environment"]
    assert "@database/" in told["DATABASE_URL"]
    assert "//cache:" in told["CACHE_URL"]


def test_it_is_seen_from_this_machine_only_and_keeps_no_counts_on_disk():
    services = FILE["services"]
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])
    assert not services["database"].get("ports")
    assert not services["cache"].get("ports")
    assert '--save ""' in services["cache"]["command"]
