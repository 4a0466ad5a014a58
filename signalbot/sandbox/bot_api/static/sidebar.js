// Who one acts as, and the chats of that person, as a phone lists them.

import { byId, clock, el, face, icon } from "./dom.js";

const MANY = 30;

export const isPerson = (chat) => chat.type === "private";

export function people(chats) {
  return [...chats.values()].filter(isPerson).sort((one, other) => one.id - other.id);
}

export function chatsOf(person, chats) {
  const own = [...chats.values()].filter((chat) => chat.members.includes(person));
  return own.sort((one, other) => (other.last?.arrived ?? 0) - (one.last?.arrived ?? 0));
}

export function chatName(chat, bot) {
  return isPerson(chat) ? bot.first_name : chat.title;
}

export function drawPeople(state, choose, add) {
  const shown = people(state.chats).filter((person, index) => index < MANY || person.id === state.person);
  const drawn = shown.map((person) =>
    el(
      "button",
      {
        className: "person",
        type: "button",
        ariaPressed: String(person.id === state.person),
        data: { testid: "person", id: person.id, name: person.title },
        onclick: () => choose(person.id),
      },
      face(person.id, person.title),
      el("span", {}, person.title),
    ),
  );
  const more = el(
    "button",
    { className: "person", type: "button", data: { testid: "add-person" }, ariaLabel: "Add a person", onclick: add },
    el("span", { className: "face plus" }, icon("plus")),
    el("span", {}, "Add"),
  );
  byId("people").replaceChildren(...drawn, more);
}

export function drawChats(state, open) {
  const drawn = chatsOf(state.person, state.chats).map((chat) => {
    const name = chatName(chat, state.bot);
    const fresh = unread(state, chat);
    return el(
      "li",
      {},
      el(
        "button",
        {
          className: "chat",
          type: "button",
          ariaCurrent: chat.id === state.chat ? "true" : "false",
          data: { testid: "chat", id: chat.id, type: chat.type },
          onclick: () => open(chat.id),
        },
        face(isPerson(chat) ? state.bot.id : chat.id, name),
        el(
          "span",
          { className: "chat-lines" },
          el("span", { className: "chat-first" }, el("b", {}, name), el("time", {}, chat.last ? clock(chat.last.arrived) : "")),
          el(
            "span",
            { className: "chat-second" },
            el("span", {}, lastWords(chat)),
            fresh ? el("span", { className: "badge", data: { testid: "unread" } }, fresh > 99 ? "99+" : String(fresh)) : null,
          ),
        ),
      ),
    );
  });
  byId("chats").replaceChildren(...drawn);
}

function unread(state, chat) {
  if (!chat.last || chat.id === state.chat) return 0;
  return Math.max(chat.last.message_id - (state.seen.get(`${state.person}/${chat.id}`) ?? 0), 0);
}

function lastWords(chat) {
  if (chat.standing === "blocked") return "Blocked";
  if (!chat.last) return chat.standing === "never_started" ? "Not started yet" : "No messages yet";
  const text = chat.last.text.replaceAll("\n", " ");
  if (chat.last.file === "photo") return `Photo ${text}`;
  return chat.last.file === "document" ? `Document ${text}` : text;
}
