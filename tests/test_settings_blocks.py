"""The settings of messages: off unless named, secrets elsewhere, and refused in words."""

from pathlib import Path

import pytest

from config import ConfigError, Settings, load


def settings_from(folder: Path, text: str, **environ: str) -> Settings:
    file = folder / "config.yaml"
    file.write_text(f"region: mihon\n{text}", encoding="utf-8")
    return load({"TSUNAGI_CONFIG": str(file), "TSUNAGI_DATA": str(folder / "data"), **environ})


def test_nothing_leaves_unless_it_is_named(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, "")

    assert not settings.mail.is_on
    assert settings.webhook.organizations == {}
    assert not settings.reminders.beyond_office
    assert settings.paste.mcs == "masked"


def test_a_mail_server_is_named_with_its_sender(tmp_path: Path) -> None:
    text = "mail: {host: mail.example.jp, sender: tsunagi@example.jp}\n"
    settings = settings_from(tmp_path, text, MAIL_PASSWORD="himitsu")

    assert settings.mail.is_on
    assert (settings.mail.port, settings.mail.starttls) == (587, True)
    assert settings.mail_password == "himitsu"
    assert "himitsu" not in repr(settings) + "".join(settings.lines())


def test_the_password_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("himitsu\n", encoding="utf-8")
    settings = settings_from(tmp_path, "", MAIL_PASSWORD_FILE=str(tmp_path / "password"))

    assert settings.mail_password == "himitsu"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mail: {host: mail.example.jp}\n", "「mail」は"),
        ("mail: {sender: tsunagi@example.jp}\n", "「mail」は"),
        ("mail: {host: 'a b', sender: a@example.jp}\n", "「mail.host」は"),
        ("mail: {host: a.example.jp, sender: 'a@b.jp, c@d.jp'}\n", "「mail.sender」は"),
        ("mail: {password: himitsu}\n", "「mail.password」という項目はありません"),
        ("mail: {port: 0}\n", "「mail.port」は"),
        ("reminders: {beyond_office: 1}\n", "「reminders.beyond_office」は"),
        ("webhook: {organizations: {'1': 'http://a.jp/'}}\n", "「webhook.organizations」は"),
        ("paste: {mcs: open}\n", "「paste.mcs」は"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml:2: ") as refused:
        settings_from(tmp_path, text)

    assert said in str(refused.value)
    assert "himitsu" not in str(refused.value)


def test_nothing_is_posted_without_a_key_to_sign_it(tmp_path: Path) -> None:
    text = "webhook: {organizations: {'1810000014': 'https://hospital.example.jp/in'}}\n"
    with pytest.raises(ConfigError, match="WEBHOOK_SECRET"):
        settings_from(tmp_path, text)
    with pytest.raises(ConfigError, match="16文字以上"):
        settings_from(tmp_path, text, WEBHOOK_SECRET="mijikai")

    settings = settings_from(tmp_path, text, WEBHOOK_SECRET="k" * 16)

    assert settings.webhook_secret not in repr(settings)
