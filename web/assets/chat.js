// The chat: asks again with another reading, notes what users say of an answer, recalls questions.
const inner = () => document.querySelector('#gw-reach')?.guiwen;
const box = () => document.querySelector('#gw-box textarea');
const library = () => document.querySelector('#gw-library input')?.value ?? null;
const put = (text) => {
  const area = box();
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, text);
  area.dispatchEvent(new Event('input', { bubbles: true }));
};

// A small window beside a button: choices for a chip, or a remark on an answer.
let pop = null, owner = null;
const shut = (back = true) => {
  if (!pop) return;
  pop.remove();
  pop = null;
  owner.removeAttribute('aria-expanded');
  if (back && owner.isConnected) owner.focus();
};
const open = (button, label) => {
  shut(false);
  owner = button;
  pop = document.createElement('div');
  pop.className = 'gw-pop';
  pop.setAttribute('role', 'dialog');
  pop.setAttribute('aria-label', label);
  button.setAttribute('aria-expanded', 'true');
  document.body.append(pop);
  return pop;
};
const place = () => {
  const at = owner.getBoundingClientRect(), own = pop.getBoundingClientRect();
  pop.style.left = `${Math.max(8, Math.min(at.left, innerWidth - own.width - 8))}px`;
  const below = at.bottom + 4 + own.height < innerHeight;
  pop.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - own.height - 4)}px`;
};
const choose = async (button) => {
  const part = JSON.parse(button.value).part, window = open(button, button.title);
  const list = document.createElement('div'), search = document.createElement('input');
  const fill = async () => {
    const html = await inner().server.menu(button.value, library(), search.value);
    if (pop !== window) return;
    list.innerHTML = html;
    place();
  };
  search.type = 'search';
  search.placeholder = search.ariaLabel = say('输入文字查找');
  search.addEventListener('input', (event) => { if (!event.isComposing) fill(); });
  search.addEventListener('compositionend', fill);
  if (part === 'region' || part === 'indicator') window.append(search);
  window.append(list);
  await fill();
  if (pop === window) (window.querySelector('input') || window.querySelector('button'))?.focus();
};
const judge = (button) => {
  const note = (remark) => {
    inner().send('like', `${button.value}:${remark}`);
    button.parentElement.querySelectorAll('.gw-judge')
      .forEach((one) => one.setAttribute('aria-pressed', String(one === button)));
  };
  if (button.value.endsWith(':right')) return note('');
  const window = open(button, button.textContent), form = document.createElement('form');
  const remark = document.createElement('textarea'), send = document.createElement('button');
  remark.maxLength = 1000;
  remark.rows = 3;
  remark.placeholder = remark.ariaLabel = say('哪里不对？可以不写。');
  send.textContent = say('记下');
  form.append(remark, send);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    note(remark.value);
    shut();
  });
  window.append(form);
  place();
  remark.focus();
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (pop && !pop.contains(event.target) && !button?.matches('.gw-change, .gw-judge')) shut(false);
  if (!button) return;
  if (button.matches('.gw-change')) {
    if (button === owner && pop) shut(); else choose(button);
  } else if (button.matches('.gw-judge')) judge(button);
  else if (button.matches('.gw-again')) { inner().send('submit', button.value); shut(false); }
  else if (button.matches('.gw-follow')) inner().send('input', button.value);
});
document.addEventListener('scroll', (event) => {
  if (pop && event.target instanceof Element && event.target.matches('.bubble-wrap')) place();
}, true);
addEventListener('resize', () => shut(false));
document.addEventListener('keydown', (event) => {
  if (pop && event.key === 'Escape') { event.stopPropagation(); shut(); }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (pop && step && pop.contains(event.target) && event.target.tagName !== 'TEXTAREA') {
    const all = [...pop.querySelectorAll('button')], at = all.indexOf(event.target) + step;
    (all[at] ?? (at < 0 ? pop.querySelector('input') : null))?.focus();
    event.preventDefault();
  }
  if (event.key === 'ArrowUp' && event.target === box() && !box().value) {
    const last = document.querySelector('#gw-reach')?.asked?.at(-1);
    if (last) { put(last); event.preventDefault(); }
  }
}, true);

// A new question goes to the top of the chat, so that its answer is read from the beginning.
let asked = 0;
new MutationObserver(() => {
  const all = document.querySelectorAll('.gw-asked');
  if (all.length === asked) return;
  asked = all.length;
  const last = all[asked - 1], wrap = last && last.closest('.bubble-wrap');
  if (wrap) requestAnimationFrame(() => {
    wrap.scrollTop += last.getBoundingClientRect().top - wrap.getBoundingClientRect().top - 16;
  });
}).observe(document.body, { childList: true, subtree: true });
