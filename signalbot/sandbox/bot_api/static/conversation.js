// The open chat: its bar, its topics, its messages, and the place one has scrolled to.

import { bubble, preview } from "./bubble.js";
import { byId, day, el, face, icon } from "./dom.js";
import { chatName, isPerson } from "./sidebar.js";

const ACTIONS = { typing: "typing…", upload_photo: "sending a picture…", upload_document: "sending a file…" };
const NEAR_PX = 120;

export class Conversation {
  constructor(hands) {
    this.hands = hands;
    this.drawn = new Map();
    this.topic = null;
    this.shown = null;
    this.atEnd = true;
    this.scroll = byId("scroll");
    byId("down").append(icon("down"));
    byId("down").addEventListener("click", () => this.toEnd());
    this.scroll.addEventListener("scroll", () => this.placed());
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.scroll);
  }

  forget() {
    this.drawn.clear();
    this.topic = null;
    this.shown = null;
    byId("messages").replaceChildren();
    byId("pinned").hidden = true;
    byId("topics").hidden = true;
  }

  draw(view, state) {
    const first = this.shown !== view.chat.id;
    const stays = !first && !this.atEnd;
    this.shown = view.chat.id;
    this.bar(view, state);
    this.topics(view);
    this.pin(view);
    this.messages(view, state);
    if (!stays) this.toEnd();
    this.placed();
  }

  jump(messageId) {
    const found = this.drawn.get(messageId)?.element;
    if (!found) return this.hands.tell("This message is not here any more.");
    found.scrollIntoView({ block: "center", behavior: "smooth" });
    found.classList.add("found");
    setTimeout(() => found.classList.remove("found"), 1600);
  }

  bar({ chat, action, action_for_s: forSeconds }, state) {
    const name = chatName(chat, state.bot);
    byId("chat-face").replaceChildren(face(isPerson(chat) ? state.bot.id : chat.id, name));
    byId("chat-title").textContent = name;
    const members = chat.member_count === 1 ? "1 member" : `${chat.member_count} members`;
    const still = isPerson(chat) ? "bot · sandbox, not Telegram" : `${chat.type === "channel" ? "channel" : "group"}, ${members}`;
    const status = byId("chat-status");
    clearTimeout(this.acting);
    status.textContent = action ? ACTIONS[action] ?? "busy…" : still;
    status.classList.toggle("busy", Boolean(action));
    if (action) {
      this.acting = setTimeout(() => {
        status.textContent = still;
        status.classList.remove("busy");
      }, forSeconds * 1000);
    }
    byId("block").hidden = !(isPerson(chat) && chat.standing === "normal");
  }

  topics({ chat }) {
    const listed = Object.entries(chat.topics);
    const bar = byId("topics");
    bar.hidden = listed.length === 0;
    const chips = [["", "All"], ...listed].map(([number, title]) =>
      el(
        "button",
        {
          className: "chip",
          type: "button",
          ariaPressed: String((this.topic ?? "") === number),
          data: { testid: "topic", id: number },
          onclick: () => {
            this.topic = number || null;
            this.drawn.clear();
            this.hands.refresh();
          },
        },
        title,
      ),
    );
    bar.replaceChildren(...chips);
  }

  pin({ messages, pinned }) {
    const message = messages.find((one) => one.message_id === pinned);
    const bar = byId("pinned");
    bar.hidden = !message;
    if (!message) return;
    bar.replaceChildren(icon("pin"), el("span", {}, preview(message)));
    bar.onclick = () => this.jump(message.message_id);
  }

  messages(view, state) {
    const wanted = view.messages.filter((one) => !this.topic || String(one.message_thread_id) === this.topic);
    const kept = new Map();
    const children = this.introduction(view, wanted);
    let today = null;
    for (const message of wanted) {
      const date = day(message.arrived);
      if (date !== today) children.push(el("p", { className: "service" }, date));
      today = date;
      const seal = JSON.stringify(message);
      const old = this.drawn.get(message.message_id);
      const element = old?.seal === seal ? old.element : bubble(message, view.chat, state.person, this.hands);
      kept.set(message.message_id, { seal, element });
      children.push(element);
    }
    this.drawn = kept;
    place(byId("messages"), children);
    byId("earlier").hidden = view.messages.length < state.limit;
  }

  introduction({ description, chat }, messages) {
    if (messages.length || !isPerson(chat)) return [];
    const words = description || "This bot has not said anything yet.";
    return [el("div", { className: "introduction", data: { testid: "description" } }, el("b", {}, "What can this bot do?"), el("p", {}, words))];
  }

  isNearEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_PX;
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  placed() {
    this.atEnd = this.isNearEnd();
    byId("down").hidden = this.atEnd;
  }
}

// Puts the children in order and touches only those that moved, so that pictures do not flicker.
function place(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
  });
}
