# Everything a person types. `make help` lists it.

# Which Python makes .venv/; Debian 12's own is right.
PYTHON ?= python3
export PYTHON MAKECMDGOALS

PY := .venv/bin/python
FONT := forms/fonts/built/TsunagiSansJP-Regular.ttf
TO_RUN := .venv/.ready-to-run
TO_TEST := .venv/.ready-to-test

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run check test test-long coverage rules sheets screens assets format lock clean backup restore sbom audit

help: ## この一覧
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(TO_RUN) $(FONT) ## 動かす用意をする(.venv/、部品、文字)
	@true

run: setup ## 動かす: 画面と見回り。PORT=8001 や TSUNAGI_DATA=フォルダー も指定できる
	@$(PY) -m handoffs migrate
	@$(PY) -m handoffs sample
	@exec $(PY) serve.py

# What runs at a site. Weaknesses of these are looked for at each check.
OURS := rules handoffs forms exchange scheduler web app.py config.py serve.py \
	settings_blocks.py settings_environment.py settings_secrets.py

check: $(TO_TEST) ## 書き方、型、依存の向き、ルールの版を確かめる
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy .
	@.venv/bin/lint-imports
	@$(PY) -m bandit --quiet --recursive --severity-level medium $(OURS)
	@.venv/bin/yamllint --strict .
	@$(PY) -m rules check

test: check $(FONT) ## すべて確かめる(check のあと、単体・性質・PostgreSQL・ブラウザー)
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

test-long: $(TO_TEST) $(FONT) ## 長い確かめ(百万件の突き合わせなど)
	@$(PY) -m pytest -m long

coverage: $(TO_TEST) $(FONT) ## rules と handoffs の、試していない枝を数える
	@$(PY) -m coverage run -m pytest
	@$(PY) -m coverage report

rules: $(TO_RUN) ## ルールの版を読み、例をすべて動かす
	@$(PY) -m rules check

sheets: $(TO_TEST) $(FONT) ## 様式の見本を作り直す(人が見てから残す)
	@$(PY) -m pytest tests/forms --rewrite-sheets

screens: $(TO_TEST) $(FONT) ## 画面の写真を撮り直す(人が見てから残す)
	@$(PY) -m pytest tests/browser/test_screens.py --rewrite-screens

assets: $(TO_RUN) ## 画面の色と寸法をデジタル庁デザインシステムから写し直す(npm が要る)
	@$(PY) setup/design_tokens.py

format: $(TO_TEST) ## 書き方をそろえる
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

# The options keep addresses and paths of this machine out of the files.
LOCK := .venv/bin/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe \
	--no-header --no-emit-options --no-emit-index-url --no-emit-trusted-host \
	--no-emit-find-links --annotation-style=line

lock: $(TO_TEST) ## 部品の版を決め直す(pyproject.toml から requirements*.txt へ)
	$(LOCK) --only-build-deps --build-deps-for wheel -o requirements-build.txt pyproject.toml
	$(LOCK) -o requirements.txt pyproject.toml
	$(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
	@rm -rf *.egg-info

sbom: $(TO_TEST) ## 部品の一覧(SBOM、CycloneDX)を var/sbom.json に書く
	@mkdir -p var
	@$(PY) -m cyclonedx_py requirements requirements.txt --output-format JSON \
		--output-file var/sbom.json
	@echo var/sbom.json

audit: ## 部品に知られた弱点がないか調べる(インターネットにつながる機械で)
	@setup/audit

backup: setup ## バックアップを一つ作り、戻して比べる(config.yaml の keeping。docs/operations.md)
	@$(PY) -m handoffs backup

restore: setup ## バックアップを空のところに戻す。FROM=ファイル(今の SQLite は別名で残る)
	@$(PY) -m handoffs restore --aside "$(FROM)"
	@$(PY) -m handoffs migrate

clean: ## 作り直せるものを消す(データは残る)
	rm -rf .venv forms/fonts/built .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(TO_RUN): requirements-build.txt requirements.txt setup/system-packages setup/environment
	@setup/system-packages run
	@setup/environment requirements.txt
	@touch $@

$(TO_TEST): $(TO_RUN) requirements-dev.txt
	@setup/system-packages test
	@setup/environment requirements.txt requirements-dev.txt
	@touch $@

$(FONT): $(TO_RUN) forms/font.py
	@$(PY) -m forms font
	@touch $@
