"""What ``deploy/`` starts from names commands, settings and addresses that there are."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from qa.settings import Settings
from ui.cli.app import make_app

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {command.name for command in make_app().registered_commands}
SETTINGS = {f"QA_{name.upper()}" for name in Settings.model_fields}


def services():
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    return {name: each for name, each in compose["services"].items() if name != "database"}


def kubernetes():
    return [*yaml.safe_load_all((ROOT / "deploy/kubernetes/article-qa.yaml").read_text())]


def containers():
    pods = [each["spec"]["template"]["spec"] for each in kubernetes() if "template" in each["spec"]]
    return [container for pod in pods for container in pod["containers"]]


def test_compose_starts_commands_with_settings_that_exist():
    commands = {(each.get("command") or ["serve"])[0] for each in services().values()}
    assert commands == {"migrate", "serve", "work"}
    assert commands <= COMMANDS
    assert all(each["environment"].keys() <= SETTINGS for each in services().values())


def test_kubernetes_starts_commands_that_exist():
    assert {container["args"][0] for container in containers()} == {"migrate", "serve", "work"}
    assert {"migrate", "serve", "work"} <= COMMANDS


def test_kubernetes_finds_the_pods_of_the_service():
    (service,) = [each for each in kubernetes() if each["kind"] == "Service"]
    labels = [
        each["spec"]["template"]["metadata"]["labels"]
        for each in kubernetes()
        if each["kind"] == "Deployment"
    ]
    assert service["spec"]["selector"] in labels


def test_kubernetes_probes_ask_addresses_that_exist():
    (app,) = [each for each in containers() if each["args"][0] == "serve"]
    paths = {name: each["httpGet"]["path"] for name, each in app.items() if "Probe" in name}
    assert paths["readinessProbe"] == "/api/ready"
    routes = (ROOT / "docs/authorization.md").read_text()
    assert [path for path in paths.values() if f"`GET {path}`" not in routes] == []


def test_compose_asks_whether_the_app_is_ready():
    assert "/api/ready" in services()["app"]["healthcheck"]["test"][-1]


def test_disruption_budget_is_that_of_the_app():
    (budget,) = [each for each in kubernetes() if each["kind"] == "PodDisruptionBudget"]
    (app,) = [each for each in kubernetes() if each["metadata"]["name"] == "article-qa-app"
              and each["kind"] == "Deployment"]  # fmt: skip
    assert budget["spec"]["selector"] == app["spec"]["selector"]
    assert budget["spec"]["minAvailable"] < app["spec"]["replicas"]


def test_image_installs_the_driver_of_the_database_by_its_hash():
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    installs = re.findall(r"pip install .*", dockerfile)
    assert [each for each in installs if "--require-hashes" not in each] == [
        "pip install --no-cache-dir --no-deps ."
    ]
    (lock,) = re.findall(r"--require-hashes -r (\S+)", dockerfile)
    assert re.search(r"^psycopg(\[binary\])?==", (ROOT / lock).read_text(), re.MULTILINE)


def test_unit_starts_a_command_that_exists():
    unit = (ROOT / "deploy/systemd/article-qa.service").read_text()
    program, command, *_ = shlex.split(re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)[1])
    assert (program.rpartition("/")[2], command in COMMANDS) == ("article-qa", True)
    assert set(re.findall(r"\bQA_\w+(?==)", unit)) <= SETTINGS


def test_image_serves_by_default():
    lines = (ROOT / "deploy/Dockerfile").read_text().splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY")]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert lines[-1].startswith('CMD ["serve"')


@pytest.mark.parametrize("command", re.findall(
    r"^ +(?:\w+=\S+ )?article-qa (\w+)", (ROOT / "docs/operations.md").read_text(), re.MULTILINE
))  # fmt: skip
def test_page_names_commands_that_exist(command):
    assert command in COMMANDS
