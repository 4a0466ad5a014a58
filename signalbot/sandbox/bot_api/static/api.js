// The calls to the server. Whatever fails is an Error whose message may be shown.

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `The sandbox answered ${response.status}.`);
  return body;
}

export async function ask(path, signal) {
  return answer(await fetch(`/sim/${path}`, { cache: "no-store", signal }));
}

export async function act(name, order) {
  const response = await fetch(`/sim/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(order),
  });
  return (await answer(response)).result;
}

export const fileAddress = (file) => `/sim/file/${encodeURIComponent(file.file_id)}`;
