// The lower edge: writing, replying, the list of commands, and what is there instead of them.

import { byId, el, icon } from "./dom.js";
import { preview } from "./bubble.js";

const ENDED = {
  deactivated: "This account was deleted",
  kicked: "The bot was removed from this chat",
  migrated: "This group was upgraded to a supergroup",
};

export class Composer {
  constructor({ say, start, unblock }) {
    this.say = say;
    this.replyTo = null;
    this.commands = [];
    this.input = byId("input");
    byId("send").append(icon("send"));
    byId("composer").addEventListener("submit", (event) => this.submit(event));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    byId("menu").addEventListener("click", () => this.toggleMenu());
    byId("closed").addEventListener("click", () => (byId("closed").dataset.does === "start" ? start() : unblock()));
  }

  draw(chat, commands, isOwner) {
    this.commands = commands;
    const waits = { never_started: "Start", blocked: "Unblock" }[chat.standing];
    const closed = byId("closed");
    closed.hidden = !waits;
    closed.textContent = waits ?? "";
    closed.dataset.does = chat.standing === "blocked" ? "unblock" : "start";
    const reads = chat.type === "channel" && !isOwner ? "You read this channel" : null;
    const note = ENDED[chat.standing] ?? reads;
    byId("read-only").hidden = !note;
    byId("read-only").textContent = note ?? "";
    byId("composer").hidden = Boolean(waits || note);
    byId("conversation").classList.toggle("mute", byId("composer").hidden);
    byId("menu").hidden = commands.length === 0;
    if (byId("composer").hidden) byId("commands").hidden = true;
  }

  clear() {
    this.input.value = "";
    this.answer(null);
    this.typed();
  }

  answer(message) {
    this.replyTo = message?.message_id ?? null;
    const bar = byId("replying");
    bar.hidden = !message;
    if (!message) return;
    const cancel = el("button", { className: "round", type: "button", ariaLabel: "Do not reply", data: { testid: "reply-cancel" }, onclick: () => this.answer(null) }, icon("close"));
    bar.replaceChildren(icon("reply"), el("span", {}, preview(message)), cancel);
    this.input.focus();
  }

  async submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    const replyTo = this.replyTo;
    this.clear();
    const sent = await this.say(text, replyTo);
    if (!sent && !this.input.value) this.input.value = text;
  }

  key(event) {
    if (event.key === "Escape") byId("commands").hidden = true;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId("composer").requestSubmit();
  }

  typed() {
    this.input.rows = Math.min(this.input.value.split("\n").length, 6);
    byId("send").disabled = !this.input.value.trim();
    const start = /^\/(\w*)$/.exec(this.input.value);
    this.list(start ? this.commands.filter((item) => item.command.startsWith(start[1])) : []);
  }

  toggleMenu() {
    this.list(byId("commands").hidden ? this.commands : []);
  }

  list(commands) {
    const drawn = commands.map((item) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", data: { testid: "command", command: item.command }, onclick: () => this.command(item.command) },
          el("b", {}, `/${item.command}`),
          el("span", {}, item.description),
        ),
      ),
    );
    byId("commands").replaceChildren(...drawn);
    byId("commands").hidden = drawn.length === 0;
  }

  command(name) {
    this.clear();
    this.say(`/${name}`, null);
  }
}
