// Conversations in this browser: kept, listed, taken up again, deleted. Nothing of it is sent
// anywhere but to the program itself when one is opened.
const MOST = 50, LARGEST = 1_000_000, KEY = 'guiwen-chat-', NOW = 'guiwen-now';
const kept = () => Object.keys(localStorage).filter((key) => key.startsWith(KEY)).map((key) => {
  try { return { key, size: localStorage[key].length, ...JSON.parse(localStorage[key]) }; }
  catch { localStorage.removeItem(key); return null; }
}).filter(Boolean).sort((one, other) => other.at - one.at);
const trim = (most, largest) => {
  let sum = 0;
  kept().forEach((one, place) => {
    sum += one.size;
    if (place >= most || sum > largest) localStorage.removeItem(one.key);
  });
};
let expected = 0;
const save = (data) => {
  const turns = JSON.parse(data).turns ?? [];
  document.querySelector('#gw-reach').asked = turns.map((turn) => turn.text);
  if (!turns.length) { sessionStorage.removeItem(NOW); expected = 0; return; }
  // While a conversation is taken up again, its beginning does not replace it.
  if (turns.length < expected) return;
  expected = 0;
  const key = sessionStorage[NOW] ?? `${KEY}${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
  sessionStorage[NOW] = key;
  const value = JSON.stringify({ title: turns[0].text.slice(0, 80), at: Date.now(), count: turns.length, data });
  if (localStorage[key] && JSON.parse(localStorage[key]).data === data) return;
  try { localStorage[key] = value; trim(MOST, LARGEST); }
  catch { trim(MOST / 2, LARGEST / 2); try { localStorage[key] = value; } catch { /* no room */ } }
};
document.addEventListener('gw-kept', (event) => {
  try { if (event.detail) save(event.detail); } catch { /* the browser keeps nothing */ }
});
const resume = (one) => {
  sessionStorage[NOW] = one.key;
  expected = one.count;
  document.querySelector('#gw-reach').guiwen.send('select', one.data);
};

const dialog = document.createElement('dialog');
dialog.className = 'gw-dialog';
dialog.setAttribute('aria-label', say('历史'));
document.body.append(dialog);
const make = (tag, text, name = '') => Object.assign(document.createElement(tag), { textContent: text, className: name });
const list = () => {
  const found = kept(), head = make('header', ''), rows = make('ul', '', 'gw-history');
  head.append(make('h2', say('历史')), Object.assign(make('button', '×', 'gw-done'), { ariaLabel: say('关闭') }));
  for (const one of found) {
    const row = make('li', ''), button = make('button', '', 'gw-resume');
    const when = new Date(one.at).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
    button.append(make('b', one.title), make('span', `${when} · ${say('{count} 问').replace('{count}', one.count)}`));
    button.addEventListener('click', () => { dialog.close(); resume(one); });
    const drop = Object.assign(make('button', say('删除'), 'gw-discard'), { ariaLabel: `${say('删除')}：${one.title}` });
    drop.addEventListener('click', () => {
      localStorage.removeItem(one.key);
      if (sessionStorage[NOW] === one.key) sessionStorage.removeItem(NOW);
      list();
    });
    row.append(button, drop);
    rows.append(row);
  }
  const note = found.length ? say('对话只存在这个浏览器里，最多 50 段。') : say('还没有对话。问过的会留在这个浏览器里，别人看不到。');
  dialog.replaceChildren(head, rows, make('p', note, 'gw-quiet'));
};
document.addEventListener('click', (event) => {
  if (!event.target.closest('.gw-past')) return;
  try { list(); } catch { dialog.replaceChildren(make('p', say('浏览器不允许保存，历史不可用。'))); }
  dialog.showModal();
});
// A page that is loaded anew goes on with the conversation it had.
const begin = (tries = 0) => {
  if (!document.querySelector('#gw-reach')?.guiwen) { if (tries < 100) setTimeout(begin, 50, tries + 1); return; }
  const now = kept().find((one) => one.key === sessionStorage[NOW]);
  if (now) resume(now);
};
try { begin(); } catch { /* the browser keeps nothing */ }
