// Elements of the page. Text goes in as text nodes only, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  back: "M15 5l-7 7 7 7",
  send: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  link: "M8 16L17 7M9 7h8v8",
  copy: "M9 9h10v10H9zM5 15V5h10",
  reply: "M10 7L5 12l5 5M5 12h9a5 5 0 0 1 5 5v1",
  file: "M7 4h7l4 4v12H7zM14 4v4h4",
  close: "M7 7l10 10M17 7L7 17",
  theme: "M12 4a8 8 0 1 0 8 8 6 6 0 0 1-8-8z",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  plus: "M12 6v12M6 12h12",
};

export const byId = (id) => document.getElementById(id);

export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "data") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "role") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  picture.append(path);
  return picture;
}

export function shade(id) {
  return [...String(id)].reduce((sum, digit) => (sum * 31 + digit.charCodeAt(0)) % 1009, 7) % 7;
}

export function face(id, name) {
  const initials = name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("");
  return el("span", { className: `face face-${shade(id)}`, ariaHidden: "true" }, initials.toUpperCase());
}

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

export function day(seconds) {
  return new Date(seconds * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}
