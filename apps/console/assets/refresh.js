// Looks at the list anew, so that an emergency stands on it without anybody's doing. What is asked by itself keeps no session alive.
const list = document.getElementById('list');
const told = document.getElementById('list-told');
const itemsOf = (root) => [...root.querySelectorAll('.wb-item')].map((item) => item.id);

async function look() {
  // Nothing moves under somebody's fingers.
  if (document.hidden || list.contains(document.activeElement)) return;
  const answer = await fetch(list.dataset.refresh, { headers: { accept: 'text/html' }, redirect: 'error' }).catch(() => undefined);
  if (!answer || answer.status !== 200 || list.contains(document.activeElement)) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const before = new Set(itemsOf(list));
  const added = itemsOf(fresh).filter((id) => !before.has(id)).length;
  list.replaceChildren(...fresh.body.childNodes);
  if (added > 0) told.textContent = `${added} new on the list`;
}

if (list) setInterval(() => void look(), Number(list.dataset.refreshMs));
