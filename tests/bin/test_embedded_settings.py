import embedded_settings
import environment


def test_secrets_are_made_once_and_are_the_owners(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "STATE", tmp_path)
    first = embedded_settings.ensure_secrets(tmp_path)

    assert sorted(first) == ["NOTIFY_ENCRYPTION_KEYS", "SECRET_KEY"]
    assert embedded_settings.ensure_secrets(tmp_path) == first
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_a_variable_of_the_operator_wins(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "STATE", tmp_path)
    monkeypatch.setattr(embedded_settings, "STATE", tmp_path)
    monkeypatch.setenv("BASE_URL", "https://notify.example")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.delenv("CALLBACK_ALLOWED_HOSTS", raising=False)

    found = embedded_settings.settings_environment({"DATABASE_URL": "postgres://embedded"})

    assert found["BASE_URL"] == "https://notify.example"
    assert found["CALLBACK_ALLOWED_HOSTS"] == "localhost:8123"
    assert found["DATABASE_URL"] == "postgres://embedded"
