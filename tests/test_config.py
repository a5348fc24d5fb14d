"""What a site may set, and the words it reads when a setting cannot be used."""

from pathlib import Path

import pytest
from pydantic import ValidationError

import config
from app import create_app
from config import ConfigError, Settings, load
from rules import InputError

WHOLE = """\
region: mihon
public_base_url: https://tsunagi.example/
database:
  url: postgresql+psycopg://tsunagi@127.0.0.1/tsunagi
session:
  idle_minutes: 10
  absolute_hours: 8
scheduler:
  tick_seconds: 30
  heartbeat_max_age_seconds: 90
rates:
  hospital_names: shown
  month_closes: 20
"""


def settings_from(folder: Path, text: str, **environ: str) -> Settings:
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return load({"TSUNAGI_CONFIG": str(file), "TSUNAGI_DATA": str(folder / "data")} | environ)


def refusal(folder: Path, text: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as refused:
        settings_from(folder, text, **environ)
    return str(refused.value).replace(f"{folder}/", "")


def test_the_file_in_the_repository_is_read_as_it_stands() -> None:
    settings = load({})

    assert settings.region == "mihon"
    assert settings.port == 8000
    assert settings.data == config.ROOT / "var"
    assert settings.database_url == f"sqlite:///{config.ROOT}/var/tsunagi.db"
    assert settings.session.idle_minutes == 15
    assert settings.session.absolute_hours == 12
    assert settings.scheduler.tick_seconds == 60
    assert settings.scheduler.heartbeat_max_age_seconds == 180
    assert settings.rates.hospital_names == "shown"
    assert settings.rates.month_closes == "last_open_day"
    assert settings.exchange.ward_list_as == "discharge-nurse"


def test_every_key_of_the_file_is_used(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, WHOLE)

    assert settings.public_base_url == "https://tsunagi.example"
    assert settings.database_url == "postgresql+psycopg://tsunagi@127.0.0.1/tsunagi"
    assert settings.session.idle_minutes == 10
    assert settings.session.absolute_hours == 8
    assert settings.scheduler.tick_seconds == 30
    assert settings.scheduler.heartbeat_max_age_seconds == 90
    assert settings.rates.month_closes == 20


def test_what_is_left_out_is_the_careful_choice(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, "region: mihon\n")

    assert settings.rates.hospital_names == "hidden"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/tsunagi.db"


def test_the_address_follows_the_port_unless_the_file_names_one(tmp_path: Path) -> None:
    here = settings_from(tmp_path, "region: mihon\n", PORT="8123").public_base_url
    named = settings_from(tmp_path, WHOLE, PORT="8123").public_base_url

    assert (here, named) == ("http://127.0.0.1:8123", "https://tsunagi.example")


def test_settings_cannot_be_changed_after_they_were_read(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, WHOLE)

    with pytest.raises(ValidationError):
        settings.port = 9000  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "regoin: mihon\n",
            (
                "config.yaml:1: 「region」がありません。"
                "rules/regions/ のフォルダー名(例: mihon)で書いてください。\n"
                "config.yaml:1: 「regoin」という項目はありません。「region」ではありませんか。"
            ),
        ),
        (
            "region: mihon\nsession:\n  idle_minuts: 15\n",
            (
                "config.yaml:3: 「session.idle_minuts」という項目はありません。"
                "「idle_minutes」ではありませんか。"
            ),
        ),
        (
            "region: mihon\nrates:\n  xyz: 15\n",
            (
                "config.yaml:3: 「rates.xyz」という項目はありません。"
                "書けるのは hospital_names、month_closes です。"
            ),
        ),
        (
            "region: mihon\nsession:\n  idle_minutes: 15分\n",
            "config.yaml:3: 「session.idle_minutes」は 1 から 240 の整数で書いてください。",
        ),
        (
            'region: mihon\nsession:\n  idle_minutes: "15"\n',
            "config.yaml:3: 「session.idle_minutes」は 1 から 240 の整数で書いてください。",
        ),
        (
            "region: mihon\nsession:\n  absolute_hours: 25\n",
            "config.yaml:3: 「session.absolute_hours」は 1 から 24 の整数で書いてください。",
        ),
        (
            "region: mihon\nscheduler:\n  tick_seconds: yes\n",
            "config.yaml:3: 「scheduler.tick_seconds」は 5 から 600 の整数で書いてください。",
        ),
        (
            "region: mihon\nsession: 15\n",
            "config.yaml:2: 「session」は idle_minutes、absolute_hours の並びで書いてください。",
        ),
        (
            "region: 見本\n",
            (
                "config.yaml:1: 「region」は rules/regions/ のフォルダー名(例: mihon)"
                "で書いてください。"
            ),
        ),
        (
            "region: mihon\npublic_base_url: tsunagi.example\n",
            (
                "config.yaml:2: 「public_base_url」は http:// か https:// で始まるアドレス"
                "で書いてください。"
            ),
        ),
        (
            "region: mihon\nrates:\n  hospital_names: yes\n",
            "config.yaml:3: 「rates.hospital_names」は shown か hiddenで書いてください。",
        ),
        (
            "region: mihon\nrates:\n  month_closes: 31\n",
            (
                "config.yaml:3: 「rates.month_closes」は last_open_day か 1 から 28 の整数"
                "で書いてください。"
            ),
        ),
        (
            "region: mihon\nregion: fukui\n",
            "config.yaml:2: 「region」が二度書かれています。どちらか一つにしてください。",
        ),
        (
            "region: mihon\n session: {\n",
            "config.yaml:2: YAML として読めません。字下げと「項目: 値」の形を確かめてください。",
        ),
        (
            "",
            (
                "config.yaml:1: 「region」がありません。"
                "rules/regions/ のフォルダー名(例: mihon)で書いてください。"
            ),
        ),
        (
            "region: mihon\ndatabase:\n  url: postgresql://tsunagi@127.0.0.1/tsunagi\n",
            (
                "config.yaml:3: データベースの書き方が違います。"
                "sqlite か postgresql+psycopg://利用者@ホスト/名前 の形で書いてください。"
            ),
        ),
        (
            "region: mihon\ndatabase:\n  url: postgresql+psycopg://tsunagi:himitsu@127.0.0.1/t\n",
            (
                "config.yaml:3: パスワードは config.yaml に書かず、環境変数 DATABASE_PASSWORD か"
                " DATABASE_PASSWORD_FILE で渡してください。"
            ),
        ),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, text: str, said: str
) -> None:
    assert refusal(tmp_path, text) == said


def test_a_list_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert "region、public_base_url" in refusal(tmp_path, "- region\n")


def test_a_missing_file_says_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.yaml を読めません.*TSUNAGI_CONFIG"):
        load({"TSUNAGI_CONFIG": str(tmp_path / "absent.yaml")})


def test_a_file_in_shift_jis_is_asked_for_in_utf_8(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes("region: mihon # 地域\n".encode("shift_jis"))

    with pytest.raises(ConfigError, match="UTF-8 で保存し直してください"):
        load({"TSUNAGI_CONFIG": str(tmp_path / "config.yaml")})


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1", "8000", "\u0668"])
def test_only_a_port_is_taken_for_a_port(tmp_path: Path, port: str) -> None:
    if port == "8000":
        assert settings_from(tmp_path, WHOLE, PORT=port).port == 8000
    else:
        assert "PORT は 1 から 65535 の整数" in refusal(tmp_path, WHOLE, PORT=port)


def test_a_misspelt_variable_is_not_taken_in_silence(tmp_path: Path) -> None:
    said = refusal(tmp_path, WHOLE, TSUNAGI_DATE="elsewhere")

    assert "環境変数 TSUNAGI_DATE は使われません。「TSUNAGI_DATA」ではありませんか。" in said


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    url = "postgresql+psycopg://a:himitsu@127.0.0.1/b"

    assert settings_from(tmp_path, WHOLE, DATABASE_URL=url).database_url == url


def test_a_password_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("hi@mitsu\n", encoding="utf-8")

    settings = settings_from(tmp_path, WHOLE, DATABASE_PASSWORD_FILE=str(secret))

    assert settings.database_url == "postgresql+psycopg://tsunagi:hi%40mitsu@127.0.0.1/tsunagi"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    both = {"DATABASE_PASSWORD": "himitsu", "DATABASE_PASSWORD_FILE": "somewhere"}

    said = refusal(tmp_path, WHOLE, **both)

    assert "どちらか一方だけ" in said
    assert "himitsu" not in said


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, WHOLE, DATABASE_PASSWORD_FILE=str(tmp_path / "absent"))

    assert "DATABASE_PASSWORD_FILE が指すファイル absent を読めません" in said


@pytest.mark.parametrize("url", ["mysql://a:himitsu@b/c", "himitsu", "postgresql+psycopg://a@b"])
def test_an_address_that_is_refused_is_not_repeated(tmp_path: Path, url: str) -> None:
    said = refusal(tmp_path, WHOLE, DATABASE_URL=url)

    assert said.startswith("環境変数 DATABASE_URL: データベースの書き方が違います。")
    assert url not in said
    assert "himitsu" not in said


def test_start_up_says_what_was_read_but_no_secret(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, WHOLE, DATABASE_PASSWORD="himitsu")

    told = "\n".join(settings.lines())

    assert "地域 mihon" in told
    assert "postgresql+psycopg://tsunagi:***@127.0.0.1/tsunagi" in told
    assert "himitsu" not in told + repr(settings)


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = settings_from(tmp_path, WHOLE).data_folder()

    assert folder == tmp_path / "data"
    assert folder.stat().st_mode & 0o077 == 0


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands in the way", encoding="utf-8")

    with pytest.raises(ConfigError, match="TSUNAGI_DATA で指定してください"):
        settings_from(tmp_path, WHOLE).data_folder()


def test_a_list_of_public_holidays_lies_beside_the_file_that_names_it(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, "region: mihon\npublic_holidays: syukujitsu.csv\n")
    assert settings.public_holidays == tmp_path / "syukujitsu.csv"
    assert settings_from(tmp_path, "region: mihon\n").public_holidays is None


def test_a_list_of_public_holidays_that_is_none_stops_the_start_with_its_line(
    tmp_path: Path,
) -> None:
    (tmp_path / "syukujitsu.csv").write_text("日付,名前\n", encoding="utf-8")
    settings = settings_from(tmp_path, "region: mihon\npublic_holidays: syukujitsu.csv\n")
    with pytest.raises(InputError, match="見出し") as refused:
        create_app(settings)
    assert (refused.value.file, refused.value.line) == (tmp_path / "syukujitsu.csv", 1)
