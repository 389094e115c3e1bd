from __future__ import annotations

import dataclasses
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from checks.account.identity import LiveAnswer, Wanted
from checks.dns.expectation import (
    Account,
    DkimExpectation,
    Expectation,
    Identity,
    IdentityUnknown,
)
from checks.dns.identity import identity_from_json
from checks.dns.sources import SourceOptions, build_expectations
from checks.dns.sources.credentials import find_credentials, preferred_region
from checks.errors import UsageError
from tests.checks.dns.test_identity import ANSWER
from tests.contract.stack import STACK

PROJECT = "name: mail\nconfig:\n  aws:region: {value: eu-west-1}\n"
DEV = "config:\n  mail:domain: jobmatch.zip\n  mail:mailFromLabel: post\n"
SES = identity_from_json(ANSWER)
ZONE = "a31d.dkim.us-west-2.amazonses.com."


class Live:
    """Answers in the place of AWS and keeps what it was asked."""

    def __init__(self, identity: Identity | IdentityUnknown = SES) -> None:
        self.identity = identity
        self.wanted: list[Wanted] = []
        self.metadata: bool | None = None

    def __call__(self, wanted: Sequence[Wanted], metadata: bool) -> Sequence[LiveAnswer]:
        self.wanted, self.metadata = list(wanted), metadata
        account = Account(production_access=False, asked=True)
        return [LiveAnswer(identity=self.identity, account=account) for _ in wanted]


def no_live(_wanted: Sequence[Wanted], _metadata: bool) -> Sequence[LiveAnswer]:
    raise AssertionError("AWS was read")


Build = Callable[..., tuple[list[Expectation], list[str]]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return a build with an empty home and the files of ``tmp_path``."""

    def run(
        *domains: str,
        live: Any = no_live,
        environ: Mapping[str, str] | None = None,
        stdin: str = "",
        **options: Any,
    ) -> tuple[list[Expectation], list[str]]:
        return build_expectations(
            domains or ("jobmatch.zip",),
            SourceOptions(**options),
            folder=tmp_path,
            environ={"HOME": str(tmp_path), **(environ or {})},
            stdin=io.StringIO(stdin),
            read_live=live,
        )

    return run


def saved(folder: Path, name: str, content: object) -> str:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def with_project(folder: Path, dev: str = DEV) -> None:
    (folder / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    (folder / "Pulumi.dev.yaml").write_text(dev, encoding="utf-8")


def problems(build: Build, *domains: str, **options: Any) -> list[str]:
    with pytest.raises(UsageError) as caught:
        build(*domains, **options)
    return list(caught.value.problems)


# --- which source decides ---


def test_the_identity_gives_everything_but_the_region(build: Build, tmp_path: Path) -> None:
    (found,), notes = build("JobMatch.zip", identity=saved(tmp_path, "i", ANSWER), aws=False)
    assert (found.domain, found.from_host) == ("jobmatch.zip.", "jobmatch.zip.")
    assert found.mail_from == "bounce.jobmatch.zip."
    assert found.mail_from_known
    assert not found.mail_from_by_hand
    assert found.dkim == DkimExpectation(origin="AWS_SES", tokens=("t1", "t2", "t3"), zone=ZONE)
    assert found.identity == SES
    assert not found.account.asked
    assert found.region == "us-west-2"
    assert found.sources == {
        "identity": "file",
        "mail_from": "file",
        "dkim": "file",
        "region": "default",
    }
    assert notes == []


def test_the_identity_can_come_from_stdin(build: Build) -> None:
    (found,), _ = build(identity="-", stdin=json.dumps(ANSWER))
    assert found.identity == SES


def test_options_replace_the_identity(build: Build, tmp_path: Path) -> None:
    (found,), _ = build(
        identity=saved(tmp_path, "i", ANSWER),
        from_host="News.jobmatch.zip",
        mail_from="post.jobmatch.zip",
        dkim_tokens=("X1",),
        dkim_zone="dkim.amazonses.com",
        region="eu-west-1",
        view="resolver",
        dkim_only=True,
    )
    assert found.from_host == "news.jobmatch.zip."
    assert (found.mail_from, found.mail_from_by_hand) == ("post.jobmatch.zip.", True)
    assert found.dkim == DkimExpectation(
        origin="AWS_SES", tokens=("x1",), zone="dkim.amazonses.com."
    )
    assert (found.region, found.view, found.dkim_only) == ("eu-west-1", "resolver", True)
    assert found.identity == SES
    assert found.sources["dkim"] == "option"


def test_an_identity_without_mail_from_outweighs_the_stack(build: Build, tmp_path: Path) -> None:
    answer = {**ANSWER, "MailFromAttributes": None}
    (found,), notes = build(
        identity=saved(tmp_path, "i", answer), stack=saved(tmp_path, "s", STACK)
    )
    assert (found.mail_from, found.mail_from_known) == (None, True)
    assert notes == [
        "MAIL FROM: the identity says none, the stack bounce.jobmatch.zip; the identity is judged"
    ]


def test_an_identity_without_zone_outweighs_the_stack(build: Build, tmp_path: Path) -> None:
    answer = {**ANSWER, "DkimAttributes": {"Tokens": ["t1", "t2", "t3"]}}
    (found,), notes = build(
        identity=saved(tmp_path, "i", answer), stack=saved(tmp_path, "s", STACK)
    )
    assert found.dkim is not None
    assert found.dkim.zone is None
    assert notes[0].startswith("the DKIM zone: the identity says none, the stack a31d.dkim.")


def test_the_stack_alone_gives_names_but_no_verdict(build: Build, tmp_path: Path) -> None:
    stack = {**STACK, "region": "eu-west-1"}
    (found,), _ = build(
        stack=saved(tmp_path, "s", stack), environ={"AWS_ACCESS_KEY_ID": "x"}, live=no_live
    )
    assert found.mail_from == "bounce.jobmatch.zip."
    assert found.dkim == DkimExpectation(origin="AWS_SES", tokens=("t1", "t2", "t3"), zone=ZONE)
    assert isinstance(found.identity, IdentityUnknown)
    assert "--stack does not say what SES found" in found.identity.cause
    assert found.region == "eu-west-1"
    assert found.sources == {"mail_from": "stack", "dkim": "stack", "region": "stack"}


def test_a_stack_with_byodkim(build: Build, tmp_path: Path) -> None:
    stack = {**STACK, "dkim": "byodkim", "dkimTokens": ["sel"], "dkimSigningHostedZone": None}
    (found,), _ = build(stack=saved(tmp_path, "s", stack))
    assert found.dkim == DkimExpectation(origin="EXTERNAL", tokens=("sel",))


def test_a_replica_keeps_its_origin(build: Build, tmp_path: Path) -> None:
    dkim = {**ANSWER["DkimAttributes"], "SigningAttributesOrigin": "AWS_SES_EU_WEST_1"}
    (found,), _ = build(identity=saved(tmp_path, "i", {**ANSWER, "DkimAttributes": dkim}))
    assert found.dkim is not None
    assert (found.dkim.origin, found.dkim.zone) == ("AWS_SES_EU_WEST_1", ZONE)


def test_an_identity_without_tokens(build: Build, tmp_path: Path) -> None:
    answer = {**ANSWER, "DkimAttributes": {"Status": "NOT_STARTED"}}
    (found,), _ = build(identity=saved(tmp_path, "i", answer))
    assert found.dkim is None


def test_a_selector_by_hand_is_byodkim(build: Build) -> None:
    (found,), _ = build(dkim_selector="Sel")
    assert found.dkim == DkimExpectation(origin="EXTERNAL", tokens=("sel",))


def test_tokens_by_hand_without_a_zone(build: Build) -> None:
    (found,), _ = build(dkim_tokens=("t1",))
    assert found.dkim == DkimExpectation(origin="AWS_SES", tokens=("t1",))


def test_the_project_of_this_domain_is_the_last_source(build: Build, tmp_path: Path) -> None:
    with_project(tmp_path)
    (found,), _ = build()
    assert (found.mail_from, found.region) == ("post.jobmatch.zip.", "eu-west-1")
    assert found.sources == {"mail_from": "project", "region": "project"}
    (other,), _ = build("other.zip")
    assert (other.mail_from, other.region) == (None, "us-west-2")
    assert not other.mail_from_known


def test_the_project_may_name_a_byodkim_selector_and_a_zone(build: Build, tmp_path: Path) -> None:
    with_project(tmp_path, DEV + "  mail:dkim: byodkim\n  mail:byodkimSelector: own\n")
    (found,), _ = build()
    assert found.dkim == DkimExpectation(origin="EXTERNAL", tokens=("own",))
    with_project(tmp_path, DEV + "  mail:dkimSigningHostedZone: dkim.amazonses.com\n")
    (by_hand,), _ = build(dkim_tokens=("t1",))
    assert by_hand.dkim is not None
    assert by_hand.dkim.zone == "dkim.amazonses.com."


def test_a_bad_project_value_matters_for_its_own_domain_alone(build: Build, tmp_path: Path) -> None:
    with_project(tmp_path, DEV.replace("post", "a.b"))
    (problem,) = problems(build)
    assert problem.startswith("Pulumi.yaml, Pulumi.dev.yaml: mailFromLabel: 'a.b' has a dot")
    assert build("other.zip")[0][0].mail_from is None


def test_several_domains_keep_their_order(build: Build) -> None:
    found, _ = build("b.zip", "a.zip", "B.zip")
    assert [one.domain for one in found] == ["b.zip.", "a.zip."]


# --- without AWS ---


@pytest.mark.parametrize(("aws", "words"), [(None, "or --aws"), (False, "and --no-aws")])
def test_without_anything_the_cause_names_what_ends_it(
    build: Build, aws: bool | None, words: str
) -> None:
    (found,), notes = build(aws=aws)
    assert isinstance(found.identity, IdentityUnknown)
    assert "give --identity FILE (of `aws sesv2 get-email-identity" in found.identity.cause
    assert words in found.identity.cause
    assert "\n" not in found.identity.cause
    assert not found.mail_from_known
    assert found.dkim is None
    assert notes == []


# --- live ---


def test_credentials_and_no_file_mean_a_live_read(build: Build) -> None:
    live = Live()
    (found,), notes = build(environ={"AWS_PROFILE": "p"}, live=live)
    assert found.identity == SES
    assert found.sources["identity"] == "aws"
    assert found.account == Account(production_access=False, asked=True)
    assert live.wanted == [Wanted(domain="jobmatch.zip.", region="us-west-2")]
    assert live.metadata is False
    assert notes == [
        "reading the identity from SES with credentials of AWS_PROFILE (not: --no-aws)"
    ]


def test_aws_reads_live_whatever_is_found(build: Build) -> None:
    live = Live(IdentityUnknown(cause="gone", not_found=True))
    (found,), notes = build(aws=True, live=live, region="eu-west-1")
    assert found.identity == IdentityUnknown(cause="gone", not_found=True)
    assert live.wanted == [Wanted(domain="jobmatch.zip.", region="eu-west-1", owned=True)]
    assert live.metadata is True
    assert notes == []


def test_a_file_with_aws_adds_the_account(build: Build, tmp_path: Path) -> None:
    live = Live(IdentityUnknown(cause="from a file"))
    (found,), _ = build(aws=True, live=live, identity=saved(tmp_path, "i", ANSWER))
    assert found.identity == SES
    assert found.sources["identity"] == "file"
    assert found.account.production_access is False
    assert live.wanted[0].account_only


def test_no_aws_and_files_prevent_the_live_read(build: Build, tmp_path: Path) -> None:
    environ = {"AWS_ACCESS_KEY_ID": "x"}
    build(environ=environ, aws=False)
    build(environ=environ, identity=saved(tmp_path, "i", ANSWER))


def test_the_stack_stands_in_where_the_live_read_fails(build: Build, tmp_path: Path) -> None:
    live = Live(IdentityUnknown(cause="denied"))
    (found,), _ = build(aws=True, live=live, stack=saved(tmp_path, "s", STACK))
    assert found.sources["mail_from"] == "stack"
    assert found.identity == IdentityUnknown(cause="denied")


# --- the Region of other tools ---


def test_a_region_that_is_not_used_is_told(build: Build) -> None:
    _, notes = build(environ={"AWS_REGION": "eu-west-1"})
    (note,) = notes
    assert note == (
        "AWS_REGION says eu-west-1, which is not used: the Region is us-west-2 (default); "
        "--region changes it"
    )
    assert build(environ={"AWS_REGION": "eu-west-1"}, region="eu-west-1")[1] == []


def test_a_profiles_region_is_told(build: Build, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = eu-west-1\n", encoding="utf-8")
    environ = {"AWS_CONFIG_FILE": str(config), "AWS_PROFILE": "work"}
    _, notes = build(environ=environ, aws=False)
    assert notes[0].startswith("profile work says eu-west-1, which is not used")


# --- bad input ---


def test_all_problems_come_at_once(build: Build, tmp_path: Path) -> None:
    found = problems(
        build,
        "a@b.zip",
        "zip",
        identity=str(tmp_path / "missing"),
        stack=saved(tmp_path, "s", {**STACK, "domain": 5}),
        dkim_tokens=("a.b",),
        dkim_zone="a b",
        dkim_selector="-",
        from_host="",
        mail_from="bounce",
        region="us-west2",
    )
    starts = [
        "DOMAIN 'a@b.zip' is an e-mail address",
        "DOMAIN 'zip' is a single label",
        "--identity is of one domain, and 2 are given",
        "--dkim-token is of one domain, and 2 are given",
        "--dkim-selector is for BYODKIM, --dkim-token for Easy DKIM",
        "--dkim-selector is for BYODKIM, which has no --dkim-zone",
        "--dkim-token: 'a.b' is no DKIM token",
        "--from '' is empty",
        "--mail-from 'bounce' is a single label",
        "--dkim-zone 'a b' holds ' '",
        "--dkim-selector: '-' is no DKIM selector",
        "--region: 'us-west2' is no AWS Region with Amazon SES; did you mean us-west-2?",
        f"--identity {tmp_path / 'missing'}: cannot be read: No such file",
        f"--stack {tmp_path / 's'}: domain: text expected, found 5",
    ]
    assert [line[: len(start)] for line, start in zip(found, starts, strict=True)] == starts


FILES = [
    (b"", "is empty; save `"),
    (b" \n\t", "is empty; save `"),
    (b"|  Tokens |", "is not JSON (line 1, column 1"),
    (b"{", "is not JSON (line 1"),
    (b"\xff\xfe\x00", "is not JSON"),
    (b"\x80abc", "is not JSON (no text)"),
    (b"[" * 100_000, "is not JSON that can be used"),
    (b'{"a": ' + b"1" * 5000 + b"}", "is not JSON that can be used"),
    (b" " * (1024 * 1024 + 1), "is larger than 1024 KiB"),
]


@pytest.mark.parametrize(("content", "words"), FILES)
@pytest.mark.parametrize("option", ["identity", "stack"])
def test_a_file_that_cannot_be_used(
    build: Build, tmp_path: Path, option: str, content: bytes, words: str
) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(content)
    (problem,) = problems(build, **{option: str(path)})
    assert problem.startswith(f"--{option} {path}: {words}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_the_encodings_of_every_shell_are_read(build: Build, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "i.json"
    path.write_text(json.dumps(ANSWER), encoding=encoding)
    assert build(identity=str(path))[0][0].identity == SES


def test_a_directory_is_no_file(build: Build, tmp_path: Path) -> None:
    (problem,) = problems(build, identity=str(tmp_path))
    assert problem.startswith(f"--identity {tmp_path}: cannot be read")


def test_a_name_with_a_nul_is_no_file(build: Build) -> None:
    (problem,) = problems(build, identity="a\0b")
    assert "cannot be read" in problem


def test_a_file_that_may_not_be_read(build: Build, tmp_path: Path) -> None:
    path = Path(saved(tmp_path, "i", ANSWER))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    (problem,) = problems(build, identity=str(path))
    assert "cannot be read: Permission denied" in problem


def test_all_problems_of_an_identity_are_named(build: Build, tmp_path: Path) -> None:
    path = saved(tmp_path, "i", {**ANSWER, "DkimAttributes": 1, "VerificationStatus": 2})
    found = problems(build, identity=path)
    assert sorted(line.removeprefix(f"--identity {path}: ") for line in found) == [
        "DkimAttributes: an object expected, found 1",
        "VerificationStatus: text expected, found 2",
    ]


def test_all_problems_of_a_stack_are_named(build: Build, tmp_path: Path) -> None:
    path = saved(tmp_path, "s", {"domain": "jobmatch.zip"})
    found = problems(build, stack=path)
    assert len(found) == 20
    assert all(line.startswith(f"--stack {path}: ") for line in found)


def test_the_names_of_a_stack_are_judged_too(build: Build, tmp_path: Path) -> None:
    stack = {**STACK, "mailFromDomain": "a b", "region": "mars-1", "dkimTokens": ["x.y"]}
    path = saved(tmp_path, "s", stack)
    assert [line.split(": ")[1].split(" ")[0] for line in problems(build, stack=path)] == [
        "region",
        "mailFromDomain",
        "dkimTokens",
    ]


def test_a_stack_of_another_domain(build: Build, tmp_path: Path) -> None:
    path = saved(tmp_path, "s", STACK)
    assert problems(build, "other.zip", stack=path) == [
        f"--stack {path}: is of jobmatch.zip, not of other.zip"
    ]


def test_stdin_holds_one_file(build: Build) -> None:
    (problem,) = problems(build, identity="-", stack="-")
    assert problem.startswith("--identity - and --stack - cannot both be read from stdin")


def test_no_domain_at_all(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no DOMAIN is given"):
        build_expectations([], SourceOptions(), folder=tmp_path, environ={}, stdin=io.StringIO(""))


def test_a_broken_project_file_is_told(build: Build, tmp_path: Path) -> None:
    with_project(tmp_path, "config: [")
    assert "Pulumi.dev.yaml: line 1: is no YAML" in problems(build)[0]


# --- credentials, found without boto3 ---


@pytest.mark.parametrize(
    "variable",
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ],
)
def test_a_variable_that_leads_to_credentials(variable: str) -> None:
    assert find_credentials({variable: "x"}) == variable
    assert find_credentials({variable: ""}) == ""


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("credentials", "[default]\naws_access_key_id = x\n", True),
        ("config", "[default]\nsso_session = x\n", True),
        ("config", "[profile a]\nrole_arn = x\n", True),
        ("config", "[default]\nregion = eu-west-1\n", False),
        ("config", "no section", False),
        ("credentials", "", False),
        ("credentials", "[default]\n\udcff\n", False),
    ],
)
@pytest.mark.parametrize("variable", ["HOME", "USERPROFILE"])
def test_a_profile_file(tmp_path: Path, variable: str, name: str, text: str, found: bool) -> None:
    path = tmp_path / ".aws" / name
    path.parent.mkdir()
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert find_credentials({variable: str(tmp_path)}) == (str(path) if found else "")


def test_no_home_no_credentials() -> None:
    assert find_credentials({}) == ""
    assert preferred_region({}) == ("", "")


def test_aws_default_region() -> None:
    assert preferred_region({"AWS_DEFAULT_REGION": "x"}) == ("x", "AWS_DEFAULT_REGION")


# --- what is imported ---


def test_with_a_file_neither_boto3_nor_pulumi_is_imported(tmp_path: Path) -> None:
    path = saved(tmp_path, "i", ANSWER)
    code = (
        "import io, sys; from pathlib import Path;"
        "from checks.dns.sources import SourceOptions, build_expectations;"
        f"build_expectations(['jobmatch.zip'], SourceOptions(identity={path!r}),"
        f"folder=Path({str(tmp_path)!r}), environ={{}}, stdin=io.StringIO());"
        "print(sorted({'boto3', 'botocore', 'pulumi', 'yaml', 'idna', 'cryptography'}"
        "& set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_options_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        SourceOptions().region = "x"  # type: ignore[misc]  # that is what is tested
