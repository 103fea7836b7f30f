# Everything starts here. `make help` explains the targets.
.DEFAULT_GOAL := help
.PHONY: help run test storm train tune evaluate benchmark ways hidden console user setup setup-test lock clean
SHELL := /bin/sh

APP := .venv/bin/python
ENGINE := .venv-engine/bin/python
FILE ?= tests/understanding

help: ## explain these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

run: setup ## start the whole product: web chat, desk, and Telegram when TELEGRAM_BOT_TOKEN is set
	@exec $(APP) -m service run

test: setup-test ## run every test; what is absent on this machine is listed as not tested
	@sh tests/run.sh

storm: setup-test ## fill in forms with everything in between, a thousand times, half of them on each database
	@STORM=$(or $(WALKS),500) $(APP) -m pytest tests/house/test_storm.py -s

train: setup ## train the assistant on the content as it is, and make that model live
	@$(APP) -m training train

tune: setup ## tune the sentence encoder on all questions, once many are new (half an hour and more), then make train
	@PYTHONPATH=. PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 $(ENGINE) -m bot.engine.tuning

evaluate: setup ## measure the live model: make evaluate FILE=messages.jsonl, or a folder of them
	@$(APP) -m training evaluate $(FILE)

benchmark: setup ## measure pipelines side by side, Rasa's own too (long: ARGS="--every 8 --epochs 100")
	@$(APP) -m benchmarks.understanding $(ARGS)

ways: setup ## measure the ways to tell a topic, each alone and together, on the development messages
	@PYTHONPATH=. PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 $(ENGINE) -m benchmarks.ways

hidden: setup ## measure whether danger is noticed that is said beside harmless questions
	@$(APP) -m benchmarks.hidden $(ARGS)

console: setup ## chat in this terminal while `make run` runs in another
	@$(APP) -m service console

user: setup ## make a desk account: make user NAME="Ana" ROLE=counsellor|supervisor|trainer|admin
	@test -n "$(NAME)" && test -n "$(ROLE)" || { echo 'usage: make user NAME="Ana" ROLE=counsellor|supervisor|trainer|admin'; exit 2; }
	@$(APP) -m service user "$(NAME)" "$(ROLE)"

setup: ## install what running needs (done by the other targets)
	@sh service/setup.sh app.txt engine.txt

setup-test: ## install what testing needs (done by `make test`)
	@sh service/setup.sh app-test.txt engine-test.txt

lock: ## pin the dependencies anew from requirements/*.in (needs uv)
	@sh requirements/lock.sh

clean: ## remove what was installed and trained; data in var/ stays
	rm -rf .venv .venv-engine .python .cache .rasa models/*.tar.gz models/live.json
