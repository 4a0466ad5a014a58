// Links into the sandbox itself: t.me/<bot>?start=x, t.me/<channel> and t.me/<channel>/<message>.

import { chatsOf } from "./sidebar.js";

export function deepLink(address, state) {
  const parts = read(address);
  if (!parts) return null;
  const name = parts.name.toLowerCase();
  if (name === (state.bot.username ?? "").toLowerCase()) {
    return { chat: state.person, start: parts.start, message: null };
  }
  const chat = chatsOf(state.person, state.chats).find((one) => one.username?.toLowerCase() === name);
  return chat ? { chat: chat.id, start: null, message: parts.message } : null;
}

function read(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const start = url.searchParams.get("start");
  const [, name, message] = url.pathname.split("/");
  if (["t.me", "telegram.me"].includes(url.hostname)) return { name, start, message: Number(message) || null };
  if (url.protocol !== "tg:") return null;
  return { name: url.searchParams.get("domain") ?? "", start, message: null };
}
