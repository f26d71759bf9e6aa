import pytest
from cryptography.fernet import Fernet
from django.db import connection

from notify.lib.crypto import InvalidToken, decrypt, decrypt_json, encrypt, encrypt_json, keyed_hash
from services.models import ApiKey
from tests.factories.services import ApiKeyFactory


def test_sealed_text_opens_with_the_same_key_and_says_nothing():
    sealed = encrypt("07700 900123")
    assert (b"07700" in sealed, decrypt(sealed)) == (False, "07700 900123")


def test_older_keys_still_open_and_the_newest_one_seals(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [old]
    sealed = encrypt_json({"to": "Sam"})
    settings.ENCRYPTION_KEYS = [new, old]
    assert decrypt_json(sealed) == {"to": "Sam"}
    settings.ENCRYPTION_KEYS = [new]
    with pytest.raises(InvalidToken):
        decrypt(sealed)


def test_hash_finds_the_same_value_for_one_purpose_only():
    assert keyed_hash("recipient", "a") == keyed_hash("recipient", "a")
    assert keyed_hash("recipient", "a") != keyed_hash("search", "a")


@pytest.mark.django_db
def test_encrypted_field_is_text_in_python_and_sealed_in_the_database():
    key = ApiKeyFactory(secret="4c3f6c1e-0000-4000-8000-000000000000")
    assert ApiKey.objects.get(pk=key.pk).secret == "4c3f6c1e-0000-4000-8000-000000000000"
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM services_apikey WHERE id = %s", [key.pk])
        assert b"4c3f6c1e" not in bytes(cursor.fetchone()[0])
