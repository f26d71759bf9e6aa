"""What was done at a service, filtered and as a file."""

from tests.helpers.pages import text_of, url


def test_history_is_filtered_and_downloaded(service, browser, manager):
    browser.post(url("sms-prefix", service), {"on": "yes"})
    browser.post(url("key-create", service), {"name": "Case system", "key_type": "test"})
    assert "‘start texts with the service name’ from ‘off’ to ‘on’" in text_of(browser.get(url("history", service)))
    keys = text_of(browser.get(url("history", service) + "?show=api"))
    assert ("created the test API key ‘Case system’" in keys, "start texts" in keys) == (True, False)
    assert browser.get(url("history", service) + "?show=nonsense").status_code == 404
    assert browser.get(url("history", service) + "?before=nonsense").status_code == 404
    lines = b"".join(browser.get(url("history-download", service) + "?show=api").streaming_content).decode()
    assert len(lines.splitlines()) == 2
