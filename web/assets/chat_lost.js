// A lost connection is told, and the question that was on its way is put back into the box.
const PENDING = 'guiwen-pending', EVERY = 1500;
const box = () => document.querySelector('#gw-box textarea');
const home = window.gradio_config?.app_id;
let pending = '', bar = null;
const remember = (text) => {
  pending = text;
  try { if (text) sessionStorage[PENDING] = text; else sessionStorage.removeItem(PENDING); } catch { /* this page alone */ }
};
const back = (text) => {
  const area = box();
  if (!text || !area || area.value) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, text);
  area.dispatchEvent(new Event('input', { bubbles: true }));
};
const alive = async () => {
  try {
    const base = new URL(window.gradio_config.root);
    const answer = await fetch(`${base.href.replace(/\/$/, '')}/gradio_api/app_id`, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    return answer.ok && ((await answer.json()).app_id === home || home === undefined) ? 'yes' : 'new';
  } catch { return 'no'; }
};
let broken = false, misses = 0;
const tell = () => {
  if (bar) return;
  bar = document.createElement('div');
  bar.className = 'gw-lost';
  bar.setAttribute('role', 'alert');
  const text = document.createElement('p'), button = document.createElement('button');
  text.textContent = say('与规问的连接断开了，正在重连。没有答完的问题没有丢，已放回输入框。');
  button.textContent = say('重新载入');
  button.addEventListener('click', () => location.reload());
  bar.append(text, button);
  document.body.append(bar);
  back(pending);
  watch();
};
// Once the program is there again the page is loaded anew, and takes up its conversation; if it
// was only slow, the page goes on as it is.
const watch = async () => {
  const state = await alive();
  if (state === 'no') { setTimeout(watch, EVERY); return; }
  if (state === 'yes' && !broken) { bar.remove(); bar = null; misses = 0; return; }
  bar.querySelector('p').textContent = say('规问已恢复，正在重新载入。');
  if (box()?.value.trim()) remember(box().value);
  setTimeout(() => location.reload(), 800);
};
const check = async () => {
  if (bar || !(pending || document.querySelector('.gw-waiting'))) { misses = 0; return; }
  const state = await alive();
  misses = state === 'yes' ? 0 : misses + 1;
  if (state === 'new' || misses > 1) tell();
};
setInterval(check, EVERY);
const note = () => { if (box()?.value.trim()) remember(box().value); };
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target === box()) note();
}, true);
document.addEventListener('click', (event) => {
  if (event.target.closest('#gw-box button')) note();
  const question = event.target.closest('.gw-follow, .gw-example');
  if (question) remember(question.textContent.trim());
}, true);
// What was answered, or refused with a reason, is no longer on its way.
document.addEventListener('gw-kept', () => remember(''));
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) {
    if (!(node instanceof Element)) continue;
    if (node.matches('.gw-problem') || node.querySelector('.gw-problem')) remember('');
    const toast = node.closest('.toast-body') ?? node.querySelector('.toast-body');
    if (toast && /Connection (to the server|errored)/.test(toast.textContent)) { toast.remove(); broken = true; tell(); }
  }
}).observe(document.body, { childList: true, subtree: true });
const restore = (tries = 0) => {
  let text = '';
  try { text = sessionStorage[PENDING] ?? ''; } catch { /* nothing was kept */ }
  if (!text) return;
  if (box()) back(text); else if (tries < 100) setTimeout(restore, 50, tries + 1);
};
restore();
