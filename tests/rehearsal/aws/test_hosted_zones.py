"""Records of Route 53: changes that can be made, and those that cannot."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rehearsal.aws.emulator import REGION, Session, gone, refusal


def change(zone: str, action: str, name: str, kind: str, *values: str) -> dict[str, Any]:
    record = {
        "Name": name,
        "Type": kind,
        "TTL": 300,
        "ResourceRecords": [{"Value": value} for value in values],
    }
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    return {"HostedZoneId": zone, "ChangeBatch": batch}


def test_records_of_route_53(session: Session) -> None:
    route53 = session.client("route53")
    zone = route53.create_hosted_zone(Name="jobmatch.zip", CallerReference="x")["HostedZone"]["Id"]
    put = route53.change_resource_record_sets
    host = "bounce.jobmatch.zip"
    spf = '"v=spf1 include:amazonses.com ~all"'
    answer = put(**change(zone, "CREATE", host, "TXT", spf))
    assert route53.get_change(Id=answer["ChangeInfo"]["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    put(**change(zone, "CREATE", host, "MX", f"10 feedback-smtp.{REGION}.amazonses.com"))
    put(**change(zone, "CREATE", f"t._domainkey.{host[7:]}", "CNAME", "t.dkim.amazonses.com"))
    shown = {
        (record["Name"], record["Type"]): [r["Value"] for r in record["ResourceRecords"]]
        for record in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        if record["Type"] not in {"NS", "SOA"}
    }
    assert shown == {
        (f"{host}.", "TXT"): [spf],
        (f"{host}.", "MX"): [f"10 feedback-smtp.{REGION}.amazonses.com"],
        ("t._domainkey.jobmatch.zip.", "CNAME"): ["t.dkim.amazonses.com"],
    }
    put(**change(zone, "UPSERT", host, "TXT", '"v=spf1 -all"'))
    put(**change(zone, "DELETE", host, "TXT", '"v=spf1 -all"'))
    for other in ("example.net", "mail.jobmatch.zip", "zip"):
        route53.create_hosted_zone(Name=other, CallerReference=other)
    found = route53.list_hosted_zones_by_name(DNSName="jobmatch.zip", MaxItems="1")
    assert [row["Id"] for row in found["HostedZones"]] == [zone]
    assert (found["IsTruncated"], found["NextDNSName"]) == (True, "mail.jobmatch.zip.")
    rest = route53.list_hosted_zones_by_name()
    names = [row["Name"] for row in rest["HostedZones"]]
    assert names == ["example.net.", "zip.", "jobmatch.zip.", "mail.jobmatch.zip."]
    assert rest["IsTruncated"] is False
    assert len(route53.get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"]) == 4
    assert gone(route53.get_hosted_zone, Id="ZNOBODY") == "NoSuchHostedZone"


@pytest.mark.parametrize(
    ("action", "kind", "words"),
    [
        ("CREATE", "TXT", "[name='a.jobmatch.zip.', type='TXT'] but it already exists"),
        ("DELETE", "MX", "[name='a.jobmatch.zip.', type='MX'] but it was not found"),
        ("CREATE", "CNAME", "is not permitted as it conflicts with other records"),
        ("UPSERT", "CNAME", "is not permitted as it conflicts with other records"),
    ],
)
def test_a_change_that_cannot_be_made(session: Session, action: str, kind: str, words: str) -> None:
    route53 = session.client("route53")
    zone = route53.create_hosted_zone(Name="jobmatch.zip", CallerReference="x")["HostedZone"]["Id"]
    put = route53.change_resource_record_sets
    put(**change(zone, "CREATE", "A.jobmatch.zip", "TXT", '"x"'))
    code, status, message = refusal(put, **change(zone, action, "a.jobmatch.zip", kind, "b.zip"))
    assert (code, status, words in message) == ("InvalidChangeBatch", 400, True)


def test_one_batch_may_replace_a_record(session: Session) -> None:
    route53 = session.client("route53")
    zone = route53.create_hosted_zone(Name="jobmatch.zip", CallerReference="x")["HostedZone"]["Id"]
    route53.change_resource_record_sets(**change(zone, "CREATE", "a.jobmatch.zip", "TXT", '"x"'))
    old = change(zone, "DELETE", "a.jobmatch.zip", "TXT", '"x"')["ChangeBatch"]["Changes"]
    new = change(zone, "CREATE", "a.jobmatch.zip", "CNAME", "b.zip")["ChangeBatch"]["Changes"]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": old + new})
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [r["Type"] for r in records if r["Name"] == "a.jobmatch.zip."] == ["CNAME"]
