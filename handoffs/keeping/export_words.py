"""What the tables and columns of an export mean, in Japanese: read by whoever opens it years later.

A column means the same in every table, unless a line names the table too.
"""


def _pairs(text: str) -> dict[str, str]:
    words = (one.strip().split(" ", 1) for one in text.replace("\n", "|").split("|"))
    return {pair[0]: pair[1] for pair in words if len(pair) > 1}


TABLES = _pairs("""
absence 職員の不在 | account_rule アカウントの決めごと | acknowledgement 対応中にした記録
assessment 判定(退院調整が要るか) | case_link サインインなしのリンク | certification 介護認定
certification_step 認定までの歩み | conference_slot 会議の候補日 | consent 同意
contact_confirmation 窓口一覧の自分の行の確認 | contact_person 家族などの連絡先
correction 登録内容の訂正 | decline 担当ではないという返事 | delegation 予防支援の委託
district_part 圏域表 | duty_person 当番・責任者 | emergency_account 緊急用アカウントを開いた記録
event 履歴(だれがいつ何をしたか) | fax_number FAX番号 | fax_sending FAXの送信
handed_over 送ったときの様式の内容 | handoff 引継ぎ(連絡・送付)
joining_request 機関の登録の申し込み | keeping_hold 消去の差し止め
leak 漏えい等のおそれの書き留め | leave 外泊・一時退院
link_agreement リンクの合い言葉の取り決め | mailbox お知らせの宛先
message 出した連絡(本文に個人情報なし) | miss_reason 確認がとれていない事情
month_close 確定した月の数字 | month_company 月の表に行のある事業所 | month_count 月の数
month_sheet 月報の内容 | notice お知らせ | organization 機関 | outside_figure 外の統計の数字
overdue_flag 期限を過ぎた印 | patient 本人 | plan_office 計画作成担当
region_policy 地域の決めごと | regional_goal 地域の目標 | reminder 催促の記録
shadow_line 試行の月の行 | sharing_reservation 知らせてほしくない相手
sheet_answer 書きかけの様式の欄 | sheet_attachment 様式に添えた書類(PDF)
sheet_draft 書きかけの様式 | sheet_version 様式の版 | staff 職員 | statement 連絡の記録
stay 入院 | support_step 入退院支援の日付 | survey 調査 | survey_answer 調査の回答
survey_return 調査票の提出 | transfer_answer 転院の受け入れの返事 | waiving 不要とした記録
ward 病棟
""")

COLUMNS = _pairs("""
absolute_hours サインインから何時間で終わるか | acknowledged_at 確認した時刻
acknowledged_by 確認した職員 | act 何をしたか | active 使えるか | addition 地域の追加の版の日
address 住所(宛先の表ではメールアドレス) | admitted 入院の数 | admitted_on 入院日
admitted_time 入院の時刻 | agreed_on 決めた日 | answer 返事 | answered_by 返事をした人
answered_on 返事の日 | answers_until 回答の締切 | application 申請の区分 | arrangement 計画の形
asked_at 申し込んだ時刻 | at いつ | attached_at 添えた時刻 | attached_by 添えた職員
attachment_id 添えた書類 | back_planned_on 戻る予定日 | before_notice 入院の連絡より前か
birth_on 生年月日 | called_by 電話で読み合わせた職員 | called_on 電話で読み合わせた日
cancelled_at 取り消した時刻 | care_manager_id 担当の介護支援専門員
care_manager_name 担当の介護支援専門員の氏名 | cause 事情 | center_id 地域包括支援センター
changed 前の版から変わった欄とその日 | changed_at 変えた時刻 | changed_by 変えた職員
channel 方法 | choice_of どの候補から選ばれたか | chosen_at 決めた時刻 | chosen_by 決めた職員
closed_at 閉じた時刻 | closed_days 休業日 | closed_why 閉じた理由 | code 番号
confirmed_at 確認した時刻 | confirmed_by 確認した職員 | contact_staff_id 病院の窓口の職員
content 内容 | continues_id 前の病院での入院 | coordination 退院調整が要るか
counted_at 数えた時刻 | counterpart 相手の氏名 | counting 期限の数え方 | created_at 作った時刻
day 日 | declined_at 担当ではないと返事があった時刻 | definition 定義 | delivered_at 届いた時刻
destination 退院先 | detail 詳しいこと(符号と番号) | digest 内容の指紋(SHA-256)
direct_line 直通電話 | directory 何で調べた番号か | discharged 退院の数 | discharged_on 退院日
discharged_time 退院の時刻 | draft_id 書きかけの様式 | due_at 期限(この時刻から遅れ)
due_on 期限の日 | edition_digest 判定に使ったルールの版の指紋
edition_in_force 判定に使ったルールの版の日 | ended_at 終えた時刻 | ended_by 終えた職員
ends_at 終わり | excluded 除外に当たるか | expires_at 使える終わり | facts 判定項目(符号)
fax FAX番号 | field 欄 | figures 数字 | first_reported_on 速報の日 | flagged_for 印を付けた期限
from_on はじめの日 | goal 目標 | ground 根拠 | handed_over_id 送ったときの内容
handled_at 片付けた時刻 | handled_by 片付けた職員 | handoff_id 引継ぎ | happened_on あった日
happened_time あった時刻 | holds_until いつまで有効か | hospital_id 病院
hospital_number 病院の患者番号 | hours 営業時間 | id 番号
idle_minutes 操作がないと何分で終わるか | in_region 地域に住むか
insured_category 被保険者の区分 | insured_number 被保険者番号 | insurer_number 保険者番号
judged_by 判定した職員 | kana ふりがな(カタカナ) | key 二重に出さないための名前 | kind 種類
known_on 知った日 | lease_until 送り手が受け持つ終わり | left_on 出た日 | level 要介護度
made_at 作った時刻 | made_by 作った人 | mail_address メールアドレス | means 方法
measures 測り方 | message_id 連絡 | mixed_characters 文字の種類を混ぜるか | moment どの時点か
month 月 | municipality 市町村 | name 名前 | named 行のある事業所 | new_text 訂正したあとの語
next_hospital_id 転院先の病院 | next_step 次にすること | next_try_at 次に送る時刻
not_before この時刻より前に送らない | noticed_at 気づいた時刻 | number 番号
number_id FAX番号の行 | occasion どの場面か | office_id 事業所
offices_ended_at 事業所が開けなくなった時刻 | erased_at 内容を消した時刻
old_text 訂正する前の語 | open_on_public_holidays 祝日も営業するか | opened_at 始めた時刻
opened_by 始めた職員 | opening_until 開いている終わり | organization_id 機関 | outcome 結果
page 画面 | pages 枚数 | paper_admission_on 紙の記録の入院時の連絡の日
paper_discharge_on 紙の記録の退院時の連絡の日 | passed_on 伝えた日 | patient_id 本人
paused_at 止めた時刻 | period 期間 | person 氏名 | place 場所 | planned_certainty 予定日の確かさ
planned_discharge_on 退院予定日 | planned_on 予定日 | policy 決めごと | post 役目
preferred_on 望ましい日 | proposed_at 挙げた時刻 | purpose 目的 | question 質問
reachable つながる時間 | reason 理由 | receiver 受け手 | receiver_id 受け手の機関
recorded_at 書いた時刻 | recorded_by 書いた職員 | redirected 代わりの人に向けたか | region 地域
registered_at 登録した時刻 | relation 本人との関係 | removed_at 外した時刻
reopened_at もう一度開いた時刻 | reopened_by もう一度開いた職員 | reported_on 確報の日
reserved 知らせてほしくないか | result 結果 | retracted_at 取り消した時刻
retracted_by 取り消した職員 | retracts_id 取り消した行 | returned_at 出した時刻
returned_on 戻った日 | reviewed_at 点検した時刻 | reviewed_by 点検した職員
revision 何回目の書き直しか | revoked_at 取り消した時刻 | revoked_by 取り消した職員
role 職種・役割 | rule_id ルールの中の名前 | saved_at 書いた時刻 | saved_by 書いた職員
seconded_at 二人目が確かめた時刻 | seconded_by 二人目の職員 | seen 見た数 | sender 送り手
sender_id 送り手の機関 | sent_at 送った時刻 | sent_by 送った職員 | set_at 決めた時刻
set_by 決めた職員 | settled_at 片付けた時刻 | settled_by 片付けた職員
several 複数の人がいる事業所 | sex 性別 | sheet 様式 | sheet_digest 渡した様式の指紋
short_notice 期限まで間がないか | shown 画面に出した入院の番号 | side どちらの記録か
sign_in_name サインイン名 | since はじめ | source 出典 | source_on 出典の日 | staff_id 職員
standing 要か判定保留か | started_at 始めた時刻 | starts_at はじまり | state 状態
state_at 状態の時刻 | state_by 状態を書いた職員 | stated_at 書いた時刻 | stated_by 書いた職員
statement_id 連絡の記録 | status 状態 | stay_id 入院 | step 段階 | subject_id 対象の番号
substitute_id 代わりの職員 | suggested_id 教えてもらった機関 | superseded 前の担当か
survey_id 調査 | taken_back 取り消したか | taken_back_at 取り消した時刻 | target 目標の値
telephone 電話 | test_code 試し送りのコード | tested_at 試し送りが届いた時刻
tested_by 試し送りを確かめた職員 | text 定めの文 | to_on 終わりの日 | told 答えを示す事業所
told_at 答えを示す事業所を決めた時刻 | topic 何について
town 町・字 | tried_at 試した時刻 | tries 試した回数 | unit 単位
unlisted_informed 一覧にない方で情報提供した数 | unlisted_met 一覧にない方で面談した数
unlisted_not_informed 一覧にない方で情報提供しなかった数
unlisted_not_met 一覧にない方で面談しなかった数 | until 終わり | used_at 使った時刻
valid_from 有効期間のはじめ | valid_until 有効期間の終わり | value 値 | version 版
via_center_id 委託元のセンター | waits_for 何を待つか | waived_at 不要とした時刻
waived_reason 不要とした理由 | wants_no_contact 連絡を望まないか | ward_id 病棟
whereabouts_hidden 所在を伏せるか | window_from この日から | withdrawn_at 不要になった時刻
word 答え | words 言葉 | wrongful 不正の目的のおそれ | year 年度
""")

README = """つなぎ から取り出した記録

取り出した時刻: {at}
だれの分か: {whose}
この記録には個人情報(要配慮個人情報)が入っています。暗号化されていません。
鍵のかかる場所に置いてください。

【中にあるもの】
tables/       表ごとの CSV。UTF-8(BOM付き)、見出し一行、一行に一件。{rows}行。
columns.csv   表と列の意味。
codes.csv     決まった語の列の、符号と意味。
attachments/  様式に添えられた PDF。
sheets/       送ったとき・控えとして残したときの様式。JSON と、印刷した PDF({printed}枚)。
editions/     判定に使われた、退院調整ルールの版。
manifest.json 表ごとの行数。
SHA256SUMS    すべてのファイルの指紋。

【CSVの読み方】
時刻は日本時間です。空の欄は「なし」です。はい=1、いいえ=0。
「=」「+」「-」「@」などで始まる語には、先頭に ' が付いています
(表計算ソフトが式として動かさないように)。
名前が _id で終わる列は、ほかの表の id です(columns.csv の「指す先」)。

【欠けたり変わったりしていないか】
python -m handoffs export --verify この場所  または  sha256sum -c SHA256SUMS

【入っていないもの】
・パスワード、認証アプリの秘密、合い言葉などの指紋、サインインのしくみの表。
・限られた方だけの記録(虐待の疑い)。名前のある二人だけが、その画面で読めます。
・ほかの機関だけのもの。取り消された入院の登録。
・本人が知らせてほしくないとした、または所在を伏せている入院: {kept_back}件
 (自院の入院は入っています)。
{also}"""
