/* Whatever is typed into a form is kept on the server while it is typed, for its writer alone, and
   stands in its fields again when the page is opened again. Nothing of it lies in the browser.
   Leaving asks first as long as something is not kept yet. Without this file the form is sent with
   its button, and what was sent too late comes back after signing in. Sheets have sheets.js. */
(() => {
  "use strict";
  const PAUSE = 3000;
  const AGAIN = 10000;
  const MARKS = ["form_token", "form_id"];
  const OF_RECORD = ["version", "seen", "kept_mine", "kept_before"];
  const AWAY = "いまつながりません。入力はこの画面に残っています。つながると、自動でとっておきます。";
  const SIGNED_OUT = "サインアウトになりました。登録のボタンを押してサインインすると、続きから書けます。";
  const NOT_KEPT = "この入力は、とっておけません。登録するまで、この画面を閉じないでください。";
  const TAKEN = "この画面の内容は、すでに登録されています。";
  const NOT_SENT = "いまつながらないため、まだ送っていません。つながったら、もう一度押してください。";
  const SECRET = 'input[type="password"], input[autocomplete="one-time-code"]';
  const TYPED = "input:not([type=hidden]):not([type=submit]):not([type=file]), select, textarea";

  const leadsTo = (form) => new URL(form.getAttribute("action") || "", location.href).pathname;
  const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.matches(TYPED));
  const toKeep = (form) => form.getAttribute("method") === "post"
    && form.getAttribute("id") !== "sheet" && form.getAttribute("role") !== "search"
    && form.elements.form_id && !form.querySelector(SECRET) && fieldsOf(form).length > 0;

  class Kept {
    constructor(form) {
      this.form = form;
      this.instead = [];
      this.dirty = false;
      this.busy = false;
      this.over = false;
      this.timer = 0;
      this.state = null;
      form.addEventListener("input", () => this.changed());
      form.addEventListener("change", () => this.changed());
      form.addEventListener("submit", (event) => this.sent(event));
    }

    say(words, trouble = false) {
      if (!this.state) {
        this.state = document.createElement("p");
        this.state.className = "meta kept-state";
        this.form.append(this.state);
      }
      this.state.setAttribute("aria-live", trouble ? "polite" : "off");
      if (this.state.textContent !== words) this.state.textContent = words;
    }

    get unsaved() { return !leaving && (this.dirty || this.busy); }

    changed() {
      this.dirty = true;
      if (this.over) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), PAUSE);
    }

    sent(event) {
      if (event.defaultPrevented) return;
      if (!navigator.onLine) {
        event.preventDefault();
        this.say(NOT_SENT, true);
        return;
      }
      leaving = true;
      clearTimeout(this.timer);
    }

    async save() {
      clearTimeout(this.timer);
      if (this.busy || !this.dirty || this.over || leaving) return;
      this.busy = true;
      this.dirty = false;
      const texts = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
      const body = new URLSearchParams(texts);
      body.append("draft_of", leadsTo(this.form));
      for (const path of this.instead) body.append("draft_instead", path);
      let wait = PAUSE;
      try {
        const answer = await fetch("/drafts", {
          method: "POST", body, redirect: "manual", keepalive: document.hidden,
        });
        if (answer.status >= 500) throw new Error(String(answer.status));
        if (!answer.ok) this.end(answer.type === "opaqueredirect" ? SIGNED_OUT : NOT_KEPT);
        else this.taken(await answer.json());
      } catch {
        this.dirty = true;
        this.say(AWAY, true);
        wait = AGAIN;
      } finally {
        this.busy = false;
        if (this.dirty && !this.over) this.timer = setTimeout(() => this.save(), wait);
      }
    }

    taken(told) {
      if (told.kept) {
        this.instead = [];
        this.say(`入力をとっておきました（まだ登録していません）。${told.at}`);
      } else if (told.at) {
        this.end(TAKEN);
        this.dirty = false;
      } else {
        this.end(NOT_KEPT);
      }
    }

    end(words) {
      this.over = true;
      this.dirty = true;
      this.say(words, true);
    }

    /* How well a draft fits this form; 0 where it does not. */
    fits(draft) {
      const place = draft.path.split("#")[0];
      if (draft.path.includes("#") && place !== leadsTo(this.form)) return 0;
      if (!fieldsOf(this.form).some((one) => one.name in draft.fields)) return 0;
      const hidden = [...this.form.elements].filter(
        (one) => one.type === "hidden" && !MARKS.includes(one.name),
      );
      return 1 + [...hidden, ...fieldsOf(this.form)].filter((one) => one.name in draft.fields
        && (one.type !== "hidden" || draft.fields[one.name].includes(one.value))).length;
    }

    /* Put a draft into the fields; false where it says what stands there anyway. */
    fill(draft) {
      const before = new URLSearchParams([...new FormData(this.form)]).toString();
      const left = new Map(Object.entries(draft.fields).map(([name, all]) => [name, [...all]]));
      for (const field of fieldsOf(this.form)) {
        const given = left.get(field.name);
        if (field.type === "checkbox" || field.type === "radio") {
          field.checked = (given || []).includes(field.value);
        } else if (given && given.length) {
          field.value = given.shift();
        }
      }
      if (this.form.elements.seen && left.has("seen")) {
        // What the page had shown then goes along, so that a colleague's change is noticed.
        for (const name of OF_RECORD) {
          if (this.form.elements[name] && left.has(name)) {
            [this.form.elements[name].value] = left.get(name);
          }
        }
      }
      return new URLSearchParams([...new FormData(this.form)]).toString() !== before;
    }

    tell() {
      for (let part = this.form.closest("details"); part;
        part = part.parentElement.closest("details")) part.open = true;
      const banner = document.createElement("div");
      banner.className = "banner";
      banner.setAttribute("role", "status");
      const words = document.createElement("p");
      words.textContent = "入力の続きです。前にここで入力し、まだ登録していない内容を戻しました。"
        + "確かめてから登録してください。";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small button-outline";
      button.textContent = "入力を消して、はじめから";
      button.addEventListener("click", () => this.forget());
      const last = document.createElement("p");
      last.append(button);
      banner.append(words, last);
      this.form.before(banner);
    }

    async forget() {
      clearTimeout(this.timer);
      this.over = true;
      const body = new URLSearchParams(MARKS.map((one) => [one, this.form.elements[one].value]));
      for (const path of [...this.instead, `${leadsTo(this.form)}#${body.get("form_id")}`]) {
        body.append("draft_instead", path);
      }
      try {
        const answer = await fetch("/drafts/forgotten", { method: "POST", body, redirect: "manual" });
        if (!answer.ok) throw new Error(String(answer.status));
        leaving = true;
        location.replace(location.pathname + location.search);
      } catch {
        this.over = false;
        this.say(AWAY, true);
      }
    }
  }

  let leaving = false;
  const all = [...document.querySelectorAll("main form")].filter(toKeep).map((one) => new Kept(one));
  if (!all.length) return;

  /* What came with the page, because it was just sent with a mistake or after a session's end. */
  const here = all.find((one) => leadsTo(one.form) === location.pathname);
  const back = document.getElementById("draft-taken") ? here || all[0] : null;
  const cameAlong = back || (document.body.dataset.drafts === "sent" ? here : null);

  async function giveBack() {
    const places = new Set([location.pathname, ...all.map((one) => leadsTo(one.form))]);
    const query = new URLSearchParams([...places].map((one) => ["of", one]));
    let drafts;
    try {
      const answer = await fetch(`/drafts?${query}`, { redirect: "manual" });
      ({ drafts } = await answer.json());
    } catch {
      return;
    }
    for (const draft of drafts) {
      const [best] = all.map((one) => [one.fits(draft), one])
        .filter(([fit]) => fit).sort(([a], [b]) => b - a).map(([, one]) => one);
      if (!best) continue;
      best.instead.push(draft.path);
      // Of several the newest counts; and whoever types already is not interrupted.
      if (best.instead.length > 1 || best.dirty) continue;
      if (best.fill(draft)) best.tell();
      best.changed();
    }
  }

  addEventListener("beforeunload", (event) => {
    if (all.some((one) => one.unsaved)) event.preventDefault();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
  addEventListener("online", () => { for (const one of all) one.save(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) for (const one of all) one.save();
  });
  if (cameAlong) cameAlong.changed();
  if ("drafts" in document.body.dataset) giveBack();
})();
