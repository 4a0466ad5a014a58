// One message as a bubble: quote, picture or document, text, time and keyboard.

import { fileAddress } from "./api.js";
import { clock, day, el, icon, shade } from "./dom.js";
import { formatted } from "./text.js";

const STYLES = new Set(["primary", "success", "danger"]);

export function bubble(message, chat, person, hands) {
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) {
    return el("p", { className: "service" }, "The group was upgraded to a supergroup");
  }
  const own = chat.type !== "channel" && message.from?.id === person;
  const body = el(
    "div",
    { className: "bubble" },
    sender(message, chat, own),
    quote(message.reply_to_message, hands),
    picture(message, hands),
    file(message.document),
    words(message, hands),
    stamp(message),
  );
  const reply = el(
    "button",
    { className: "reply-to", type: "button", ariaLabel: "Reply", data: { testid: "reply" }, onclick: () => hands.reply(message) },
    icon("reply"),
  );
  return el(
    "article",
    {
      className: `message ${own ? "own" : "other"}`,
      data: { testid: "message", id: message.message_id, from: message.is_bot ? "bot" : "person" },
    },
    el("div", { className: "line" }, body, reply),
    keyboard(message, hands),
  );
}

export function preview(message) {
  const text = message.text || message.caption || "";
  if (message.photo) return text ? `Photo, ${text}` : "Photo";
  if (message.document) return message.document.file_name || "Document";
  return text;
}

function sender(message, chat, own) {
  if (chat.type === "private" || own) return null;
  const name = message.sender_chat?.title ?? message.from?.first_name ?? "";
  const who = message.sender_chat?.id ?? message.from?.id ?? 0;
  return el("div", { className: `sender ink-${shade(who)}` }, name);
}

function quote(message, hands) {
  if (!message) return null;
  const name = message.from?.first_name ?? message.sender_chat?.title ?? "";
  return el(
    "button",
    { className: "quote", type: "button", data: { testid: "quote" }, onclick: () => hands.jump(message.message_id) },
    el("b", {}, name),
    el("span", {}, preview(message)),
  );
}

function picture(message, hands) {
  const photo = message.photo?.at(-1);
  if (!photo) return null;
  const image = el("img", {
    src: fileAddress(photo),
    width: photo.width,
    height: photo.height,
    alt: message.caption ? "Picture of this message" : "Picture",
    loading: "lazy",
    data: { testid: "photo" },
  });
  return el("button", { className: "picture", type: "button", ariaLabel: "Enlarge the picture", onclick: () => hands.enlarge(image.src) }, image);
}

function file(document) {
  if (!document) return null;
  return el(
    "a",
    { className: "file", href: fileAddress(document), download: document.file_name || "file", data: { testid: "document" } },
    el("span", { className: "file-mark" }, icon("file")),
    el("span", { className: "file-names" }, el("b", {}, document.file_name || "file"), el("small", {}, size(document.file_size))),
  );
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function words(message, hands) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  const entities = message.entities ?? message.caption_entities;
  return el("div", { className: "words", data: { testid: "text" } }, formatted(text, entities, hands));
}

function stamp(message) {
  const at = new Date(message.arrived * 1000).toISOString();
  const marks = [message.edited ? "edited" : null, message.silent ? "silent" : null].filter(Boolean);
  const shown = [...marks, clock(message.arrived)].join(" · ");
  return el("time", { dateTime: at, title: `${day(message.arrived)}, ${at}` }, shown);
}

function keyboard(message, hands) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const drawn = rows.map((row) => el("div", { className: "row" }, ...row.map((key) => button(message, key, hands))));
  return el("div", { className: "keyboard", data: { testid: "keyboard" } }, ...drawn);
}

function button(message, key, hands) {
  const style = STYLES.has(key.style) ? key.style : "";
  const mark = key.url ? icon("link") : key.copy_text ? icon("copy") : null;
  return el(
    "button",
    {
      className: `key ${style}`,
      type: "button",
      data: { testid: "button", label: key.text },
      onclick: (event) => {
        if (key.callback_data !== undefined) hands.press(message, key, event.currentTarget);
        else if (key.copy_text) hands.copy(key.copy_text.text);
        else if (key.url) hands.open(key.url);
        else hands.tell("This kind of button does nothing in the sandbox.");
      },
    },
    el("span", {}, key.text),
    mark,
  );
}
