// Text with Telegram's entities. Offsets are UTF-16 units, which is what JavaScript counts in.

import { el } from "./dom.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };
const WEB = /^https?:\/\//i;

export function formatted(text, entities, hands) {
  const fragment = document.createDocumentFragment();
  fill(fragment, text, [0, text.length], entities || [], hands);
  return fragment;
}

function fill(parent, text, [start, end], entities, hands) {
  let position = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    index += 1;
    if (entity.offset < position || stop <= entity.offset) continue;
    const inner = [];
    while (index < entities.length && entities[index].offset < stop) inner.push(entities[index++]);
    parent.append(text.slice(position, entity.offset));
    const node = wrapped(entity, text.slice(entity.offset, stop), hands);
    fill(node, text, [entity.offset, stop], inner, hands);
    parent.append(node);
    position = stop;
  }
  parent.append(text.slice(position, end));
}

function wrapped(entity, words, hands) {
  if (entity.type in TAGS) return el(TAGS[entity.type]);
  if (entity.type === "code") return copied("code", words, hands);
  if (entity.type === "pre") return copied("pre", words, hands);
  if (entity.type === "spoiler") return spoiler();
  if (entity.type === "blockquote") return el("blockquote");
  if (entity.type === "expandable_blockquote") return expandable();
  if (entity.type === "url" || entity.type === "text_link") return link(entity.url || words, hands);
  if (entity.type === "bot_command") return command(words, hands);
  return el("span");
}

function copied(tag, words, hands) {
  return el(tag, {
    className: "copied",
    role: "button",
    tabIndex: 0,
    title: "Copy",
    data: { testid: tag },
    onclick: () => hands.copy(words),
    onkeydown: (event) => event.key === "Enter" && hands.copy(words),
  });
}

function spoiler() {
  return el("span", {
    className: "spoiler",
    tabIndex: 0,
    onclick: (event) => event.currentTarget.classList.add("shown"),
  });
}

function expandable() {
  return el("blockquote", {
    className: "expandable",
    onclick: (event) => event.currentTarget.classList.toggle("shown"),
  });
}

function link(address, hands) {
  if (!WEB.test(address)) return el("span");
  return el("a", {
    href: address,
    target: "_blank",
    rel: "noopener noreferrer",
    onclick: (event) => {
      if (hands.follow(address)) event.preventDefault();
    },
  });
}

function command(words, hands) {
  return el("a", {
    href: "#",
    data: { testid: "inline-command" },
    onclick: (event) => {
      event.preventDefault();
      hands.say(words);
    },
  });
}
