// Warns before the session ends, and lets whoever is there stay. At its end the page goes: nobody reads on over an empty chair.
const box = document.getElementById('idle');
let ends = Date.now() + Number(box.dataset.leftMs);
let focused;

function look() {
  const left = ends - Date.now();
  if (left <= 0) return void location.replace('/?to=' + encodeURIComponent(location.pathname + location.search));
  if (left > Number(box.dataset.warnMs) || !box.hidden) return;
  focused = document.activeElement;
  box.hidden = false;
  document.getElementById('idle-stay').focus();
}

document.getElementById('idle-stay').addEventListener('click', async () => {
  const answer = await fetch('/stay', { method: 'POST', body: new URLSearchParams({ formToken: box.dataset.formToken }), redirect: 'error' }).catch(() => undefined);
  if (!answer || answer.status !== 201 && answer.status !== 200) return void location.replace('/');
  ends = Date.now() + (await answer.json()).leftMs;
  box.hidden = true;
  focused?.focus();
});
setInterval(look, 1000);
