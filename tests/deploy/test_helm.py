"""The Helm chart, rendered by helm and held to the schemas of Kubernetes and to the code that it starts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.door import main as door
from frontdesk.settings import REPOSITORY

CHART = REPOSITORY / "deploy" / "helm" / "frontdesk"
NEEDED = ["settings.PUBLIC_ADDRESS=https://desk.example", "settings.FRONTDESK_ORIGINS=https://clinic.example"]
ALL = [*NEEDED, "ingress.enabled=true", "ingress.host=desk.example", "serviceMonitor.enabled=true", "clinic=a: b"]
KUBERNETES = "1.28"
# Made by operators, not by Kubernetes.
FOREIGN = {"ServiceMonitor"}


def helm(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run helm; skips where it is missing, a failure in CI."""
    program = shutil.which("helm", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("helm is missing: make install")
        pytest.skip("helm is missing: make install")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def render(*values: str) -> list[dict[str, Any]]:
    done = helm("template", "desk", str(CHART), *(f"--set={value}" for value in values))
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def pods(documents: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The pods of deployments and jobs, by name."""
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]
        for each in documents
        if "template" in each.get("spec", {})
    }


def containers(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for pod in pods(documents).values() for each in (*pod["containers"], *pod.get("initContainers", []))]


def test_helm_finds_nothing_wrong() -> None:
    done = helm("lint", str(CHART), *(f"--set={value}" for value in NEEDED))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("values", [NEEDED, ALL])
def test_kubernetes_would_take_all_of_it(values: list[str]) -> None:
    try:
        import kubernetes_validate
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("kubernetes-validate is missing: make install")
    for document in render(*values):
        if document["kind"] not in FOREIGN:
            kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_nothing_is_installed_without_an_address() -> None:
    done = helm("template", "desk", str(CHART))
    assert done.returncode != 0
    assert "PUBLIC_ADDRESS" in done.stderr


def test_nothing_runs_as_root_or_changes_itself() -> None:
    documents = render(*ALL)
    for pod in pods(documents).values():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
    for container in containers(documents):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"requests", "limits"} <= set(container["resources"])


def test_secrets_come_from_a_secret_and_settings_are_known() -> None:
    known = set(re.findall(r"^#([A-Z_]+)=", (REPOSITORY / ".env.example").read_text(), flags=re.M))
    for container in containers(render(*ALL)):
        for variable in container.get("env", []):
            assert variable["name"] in known or variable["name"].startswith("SANIC_"), variable
            assert not re.search("SECRET|PASSWORD|TOKEN|DATABASE_URL|REDIS_URL", variable["name"])
        if "nginx" not in container["image"]:
            assert {"secretRef": {"name": "frontdesk"}} in container["envFrom"]


def test_each_server_is_watched_and_not_evicted_with_its_twin() -> None:
    documents = render(*NEEDED)
    for name in ("desk-rasa", "desk-actions", "desk-door"):
        (server,) = pods(documents)[name]["containers"]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(server)
    budgets = {each["metadata"]["name"] for each in documents if each["kind"] == "PodDisruptionBudget"}
    assert budgets == {"desk-rasa", "desk-actions", "desk-door"}
    paths = {
        each[probe]["httpGet"]["path"]
        for each in containers(documents)
        for probe in ("startupProbe", "livenessProbe", "readinessProbe")
        if "httpGet" in each.get(probe, {})
    }
    assert paths == {"/health/live"}


def test_services_find_their_pods_and_the_world_finds_the_channels_only() -> None:
    documents = render(*ALL)
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in documents if each["kind"] == "Deployment"]
    for service in (each for each in documents if each["kind"] == "Service"):
        assert any(service["spec"]["selector"].items() <= pod.items() for pod in labels)
    (ingress,) = [each for each in documents if each["kind"] == "Ingress"]
    (path,) = ingress["spec"]["rules"][0]["http"]["paths"]
    assert (path["path"], path["backend"]["service"]["name"]) == ("/webhooks", "desk-door")


def test_migrations_run_before_anything_else() -> None:
    (job,) = [each for each in render(*NEEDED) if each["kind"] == "Job"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["command"] == ["python", "-m", "deploy.local", "migrate"]


def test_the_door_understands_what_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    (made,) = pods(render(*NEEDED))["desk-door"]["initContainers"]
    words = made["command"][-1].replace("> /door/default.conf", "").split()
    assert words[:3] == ["python", "-m", "deploy.door"]
    assert door(words[3:]) == 0
    written = capsys.readouterr().out
    assert "server desk-rasa.default.svc.cluster.local:5005 resolve" in written
    assert "resolver kube-dns" in written
