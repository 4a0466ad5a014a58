// What comes up over the chat: a toast, an alert that must be closed, a picture in full.

import { byId } from "./dom.js";

const TOAST_MS = 3500;
let fading = 0;

export function tell(text) {
  const toast = byId("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => {
    toast.hidden = true;
  }, TOAST_MS);
}

export function warn(text) {
  byId("alert-text").textContent = text;
  if (!byId("alert").open) byId("alert").showModal();
}

export function enlarge(address) {
  byId("lightbox-picture").src = address;
  byId("lightbox").showModal();
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    tell(`Copied ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`);
  } catch {
    tell("This browser does not let the page copy.");
  }
}

byId("lightbox").addEventListener("click", () => byId("lightbox").close());
