"""The columns of a ward list and the words that may stand in them.

docs/exchange.md tells the same to the person who makes the list.
"""

from exchange.cells import plain
from exchange.heading import Column
from handoffs.stays.certification import Application, CareNeedLevel

CANDIDATE, NUMBER, NAME, KANA = "対象", "患者番号", "氏名", "カナ"
BIRTH, ADMITTED, ADMITTED_TIME, WARD = "生年月日", "入院日", "入院時刻", "病棟"
LEVEL, APPLICATION, PLANNED = "介護認定", "認定申請", "退院予定日"
OFFICE = "計画作成担当の事業所番号"

COLUMNS = (
    Column(
        CANDIDATE, ("候補", "調整対象", "退院調整", "退院調整対象", "退院支援対象"), mandatory=True
    ),
    Column(NUMBER, ("患者ID", "ID", "カルテ番号", "診察券番号", "患者No", "患者No.")),
    Column(
        NAME, ("患者氏名", "患者名", "名前", "漢字氏名", "氏名(漢字)", "お名前"), mandatory=True
    ),
    Column(
        KANA,
        (
            *("フリガナ", "ふりがな", "かな", "カナ氏名", "氏名カナ", "氏名(カナ)", "患者カナ"),
            *("患者カナ氏名", "患者氏名カナ", "患者氏名(カナ)", "氏名フリガナ"),
        ),
        mandatory=True,
    ),
    Column(BIRTH, ("誕生日", "患者生年月日"), mandatory=True),
    Column(ADMITTED, ("入院年月日", "入院日付"), mandatory=True),
    Column(ADMITTED_TIME, ("入院時間",)),
    Column(WARD, ("病棟名", "入院病棟"), mandatory=True),
    Column(
        LEVEL,
        ("要介護度", "介護度", "要介護認定", "要介護状態区分", "介護認定区分"),
        mandatory=True,
    ),
    Column(APPLICATION, ("申請状況", "申請", "認定申請状況")),
    Column(PLANNED, ("退院予定", "退院予定年月日")),
    Column(
        OFFICE,
        (
            *("事業所番号", "居宅介護支援事業所番号", "居宅事業所番号", "介護保険事業所番号"),
            "ケアマネ事業所番号",
        ),
    ),
)

LEVELS = {
    **{plain(level.label): level for level in CareNeedLevel},
    **{level.label.removeprefix("要"): level for level in CareNeedLevel if level.group},
    **dict.fromkeys(
        ("なし", "無し", "無", "認定なし", "非該当", "未申請", "自立"), CareNeedLevel.NONE
    ),
    **dict.fromkeys(("総合事業", "総合事業対象者", "事業対象"), CareNeedLevel.TARGET),
    "未確認": CareNeedLevel.UNKNOWN,
}
LEVELS_TOLD = "不明、認定なし、事業対象者、要支援1〜2、要介護1〜5 "

APPLICATIONS = {
    **{plain(application.label): application for application in Application},
    **dict.fromkeys(("なし", "無し", "無"), Application.NONE),
    **dict.fromkeys(("新規", "申請中"), Application.NEW),
    **dict.fromkeys(("更新", "更新中"), Application.RENEWAL),
    **dict.fromkeys(("区分変更", "区分変更中", "変更申請中"), Application.CHANGE),
    "": Application.UNKNOWN,
}
APPLICATIONS_TOLD = "空欄、申請中でない、新規、更新、区分変更、不明 "

NO_OFFICE = frozenset({"なし", "無し", "無", "未定"})
ABOUT = ("頃", "ごろ", "ころ", "およそ", "約", "予定")
UNDECIDED = "未定"
SAYS_NOTHING = frozenset({"", "不明"})
"""不明 is a gap of the list: only 未定 takes a planned discharge back."""
