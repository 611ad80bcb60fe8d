"""A bucket that refuses, that is gone, that is far: what only a bucket does."""

import io
import ipaddress
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from salon.platform.settings.installation import UnsafeSettings, read_settings
from salon.platform.storage.bucket import Bucket, BucketStore
from salon.platform.storage.store import FileStore, FilesUnreachable
from tests.buckets import S3Server
from tests.certificates import Authority

NAME = f"uploads/{1:032x}.pdf"
GIVEN = {
    "SALON_FILES_URL": "https://s3.salon.example/fichiers/2027/",
    "SALON_FILES_ACCESS_KEY": "salon",
    "SALON_FILES_SECRET_KEY": "secret",
}


def check_unreachable(store: FileStore) -> None:
    acts = (
        lambda: store.save(NAME, io.BytesIO(b"x")),
        lambda: store.save(NAME, io.BytesIO(bytes(6_000_000))),
        lambda: list(store.files_in("uploads")),
        store.check,
    )
    for act in acts:
        with pytest.raises(FilesUnreachable):
            act()


def test_a_wrong_key_is_refused(s3: S3Server) -> None:
    bucket = s3.bucket("wrong-key")
    store = BucketStore(replace(bucket, secret_key="another"))
    check_unreachable(store)
    for act in (store.open, store.find, store.delete):
        with pytest.raises(FilesUnreachable):
            act(NAME)
    assert BucketStore(bucket).find(NAME) is None


def test_a_bucket_that_does_not_exist_is_no_empty_one(s3: S3Server) -> None:
    check_unreachable(BucketStore(replace(s3.bucket(), name="nowhere")))


def test_a_server_that_leaves_and_comes_back(tmp_path: Path) -> None:
    server = S3Server(tmp_path)
    store = BucketStore(server.bucket())
    with server.running():
        store.save(NAME, io.BytesIO(b"content"))
    check_unreachable(store)
    for act in (store.open, store.find, store.delete):
        with pytest.raises(FilesUnreachable):
            act(NAME)
    with server.running():
        assert store.read(NAME) == b"content"


def test_two_prefixes_of_a_bucket_do_not_see_each_other(s3: S3Server) -> None:
    first, second = (BucketStore(s3.bucket(prefix)) for prefix in ("2026", "2027/test"))
    first.save(NAME, io.BytesIO(b"x"))
    assert second.find(NAME) is None
    assert list(second.files_in("uploads")) == []
    assert [facts.name for facts in first.files_in("uploads")] == [NAME]


def test_https_is_verified_with_an_authority_of_ones_own(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate = authority.certify("127.0.0.1", x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    server = S3Server(tmp_path / "buckets", certificate)
    bucket = server.bucket()
    with server.running():
        with pytest.raises(FilesUnreachable):
            BucketStore(bucket).check()
        BucketStore(replace(bucket, ca_file=authority.file)).check()


# Settings


def test_an_address_holds_the_server_the_bucket_and_the_prefix(tmp_path: Path) -> None:
    settings = read_settings({"SALON_DATA": str(tmp_path), **GIVEN})
    assert settings.files_bucket == Bucket(
        "https://s3.salon.example", "fichiers", "2027", "us-east-1", "salon", "secret"
    )
    assert "secret" not in repr(settings)
    assert read_settings({"SALON_DATA": str(tmp_path)}).files_bucket is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SALON_FILES_URL": "s3://fichiers"}, "n’est pas une adresse"),
        ({"SALON_FILES_URL": "https://s3.salon.example"}, "https://serveur/bucket"),
        ({"SALON_FILES_URL": "https://s3.salon.example/A B"}, "n’est pas une adresse"),
        ({"SALON_FILES_URL": "https://s3.salon.example/Majuscules"}, "https://serveur/bucket"),
        ({"SALON_FILES_URL": "https://s3.salon.example/fichiers?x=1"}, "https://serveur/bucket"),
        ({"SALON_FILES_URL": "https://cle@s3.salon.example/fichiers"}, "https://serveur/bucket"),
        ({"SALON_FILES_ACCESS_KEY": ""}, "SALON_FILES_ACCESS_KEY"),
        ({"SALON_FILES_SECRET_KEY": ""}, "SALON_FILES_SECRET_KEY"),
        ({"SALON_FILES_CA_FILE": "/nowhere.pem"}, "n’est pas un fichier"),
        ({"SALON_FILES_CA_FILE": __file__}, "PEM"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(
    tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(UnsafeSettings, match=words):
        read_settings({"SALON_DATA": str(tmp_path), **GIVEN, **changes})


def test_no_key_travels_in_clear_in_production(tmp_path: Path) -> None:
    environ = {
        "SALON_DATA": str(tmp_path),
        "SALON_ENV": "production",
        "PUBLIC_URL": "https://salon.example",
        "SECRET_KEY": "8f1c0e5b7a2d94436be0a17c5d9f2e8b",
        **GIVEN,
    }
    environ["SALON_FILES_URL"] = "http://s3.salon.example/fichiers"
    with pytest.raises(UnsafeSettings, match="en clair"):
        read_settings(environ)
    environ["SALON_FILES_URL"] = "http://127.0.0.1:9000/fichiers"
    assert read_settings(environ).files_bucket is not None


def test_the_key_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret\n")
    (tmp_path / "key").chmod(0o600)
    environ = {**GIVEN, "SALON_FILES_SECRET_KEY": ""}
    environ["SALON_FILES_SECRET_KEY_FILE"] = str(tmp_path / "key")
    settings = read_settings({"SALON_DATA": str(tmp_path), **environ})
    assert settings.files_bucket is not None
    assert settings.files_bucket.secret_key == "secret"
