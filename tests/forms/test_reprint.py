import json
from pathlib import Path

from forms.kept import as_content
from forms.reprint import reprint
from tests.forms.paper import filled


def test_every_kept_sheet_of_a_folder_is_printed_beside_its_words(tmp_path: Path) -> None:
    content = json.dumps(as_content(filled("admission_information")), ensure_ascii=False)
    (tmp_path / "handed-over-2.hidden.json").write_text(content, encoding="utf-8")
    (tmp_path / "handed-over-3.json").write_text("{}", encoding="utf-8")

    assert reprint(tmp_path) == (1, 1)
    assert [one.name for one in tmp_path.glob("*.pdf")] == ["handed-over-2.pdf"]
