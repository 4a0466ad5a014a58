// The page: what is open, what a hand does, and the loop that keeps it up to date.

import { act, ask } from "./api.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { byId, icon } from "./dom.js";
import { deepLink } from "./links.js";
import { copy, enlarge, tell, warn } from "./notices.js";
import { chatsOf, drawChats, drawPeople, people } from "./sidebar.js";

const PAGE = 100;
const CALM_MS = 150;
const RETRY_MS = 1000;
const state = { bot: null, chats: new Map(), revision: 0, person: null, chat: null, limit: PAGE, seen: new Map(), sought: null };

const hands = {
  say,
  press,
  copy,
  tell,
  enlarge,
  reply: (message) => composer.answer(message),
  jump: (messageId) => conversation.jump(messageId),
  refresh: () => refresh(),
  follow,
  open: (address) => follow(address) || window.open(address, "_blank", "noopener,noreferrer"),
};
const conversation = new Conversation(hands);
const composer = new Composer({ say, start: () => say("/start"), unblock: () => tried("unblock", { user_id: state.person }) });

async function tried(name, order) {
  try {
    const result = await act(name, order);
    return result ?? true;
  } catch (error) {
    tell(error.message);
    return null;
  }
}

async function say(text, replyTo = null) {
  const thread = conversation.topic ? Number(conversation.topic) : null;
  return tried("message", { user_id: state.person, chat_id: state.chat, text, reply_to: replyTo, thread_id: thread });
}

async function press(message, key, button) {
  const place = { chat_id: state.chat, message_id: message.message_id };
  const order = { user_id: state.person, ...place, label: key.text, data: key.callback_data };
  button.classList.add("waits");
  try {
    const pressed = await act("callback", order);
    const answered = await ask(`query/${pressed.query_id}?timeout=20`);
    if (answered.text) (answered.show_alert ? warn : tell)(answered.text);
  } catch (error) {
    tell(error.message);
  } finally {
    button.classList.remove("waits");
  }
}

function follow(address) {
  const goal = deepLink(address, state);
  if (!goal) return false;
  state.sought = goal.message;
  open(goal.chat);
  if (goal.start !== null) say(`/start ${goal.start}`.trim());
  return true;
}

function open(chat, person = state.person) {
  location.hash = `#${person}/${chat}`;
  arrive();
}

function choose(person) {
  open(person, person);
}

function arrive() {
  const [person, chat] = location.hash.slice(1).split("/").map(Number);
  const known = people(state.chats);
  const next = known.some((one) => one.id === person) ? person : (known[0]?.id ?? null);
  const within = chatsOf(next, state.chats).some((one) => one.id === chat);
  const opened = within ? chat : location.hash.endsWith("/list") ? null : next;
  if (next !== state.person || opened !== state.chat) {
    Object.assign(state, { person: next, chat: opened, limit: PAGE });
    conversation.forget();
    composer.clear();
  }
  document.body.classList.toggle("in-chat", opened !== null);
  refresh();
}

async function refresh() {
  drawPeople(state, choose, () => byId("newcomer").showModal());
  const opened = state.chat;
  if (opened !== null) await draw(opened);
  drawChats(state, (chat) => open(chat));
}

async function draw(opened) {
  try {
    const view = await ask(`chat/${opened}?limit=${state.limit}`);
    if (opened !== state.chat) return;
    const isOwner = view.chat.members[0] === state.person;
    conversation.draw(view, state);
    composer.draw(view.chat, view.commands, isOwner);
    if (state.sought) conversation.jump(state.sought);
    state.sought = null;
    if (view.chat.last) state.seen.set(`${state.person}/${opened}`, view.chat.last.message_id);
  } catch (error) {
    tell(error.message);
  }
}

function merge(answer) {
  if (answer.all) state.chats.clear();
  for (const chat of answer.chats) state.chats.set(chat.id, chat);
  state.revision = answer.revision;
}

async function begin() {
  const all = await ask("chats");
  state.bot = all.bot;
  document.title = `${all.bot.first_name} - sandbox`;
  merge({ ...all, all: true });
  for (const chat of all.chats) {
    for (const member of chat.members) {
      const key = `${member}/${chat.id}`;
      if (!state.seen.has(key)) state.seen.set(key, chat.last?.message_id ?? 0);
    }
  }
  arrive();
}

async function live() {
  for (;;) {
    try {
      if (!state.bot) await begin();
      const answer = await ask(`changes?since=${state.revision}&timeout=25`);
      byId("offline").hidden = true;
      const restarted = answer.revision < state.revision;
      const changed = answer.all || answer.chats.length > 0;
      merge(answer);
      if (restarted) state.bot = null;
      else if (changed) arrive();
      await pause(CALM_MS);
    } catch {
      byId("offline").hidden = false;
      await pause(RETRY_MS);
    }
  }
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function theme(name) {
  if (name) document.documentElement.dataset.theme = name;
}

byId("back").append(icon("back"));
byId("back").addEventListener("click", () => open("list"));
byId("theme").append(icon("theme"));
byId("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).getPropertyValue("--is-dark").trim() === "1";
  localStorage.setItem("theme", dark ? "light" : "dark");
  theme(dark ? "light" : "dark");
});
byId("block").addEventListener("click", () => tried("block", { user_id: state.person }));
byId("earlier").addEventListener("click", () => {
  state.limit += PAGE;
  refresh();
});
byId("newcomer-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const added = await tried("person", { first_name: byId("newcomer-name").value });
  if (!added) return;
  byId("newcomer-name").value = "";
  byId("newcomer").close();
  location.hash = `#${added.id}/${added.id}`;
});
window.addEventListener("hashchange", arrive);
theme(localStorage.getItem("theme"));
live();
