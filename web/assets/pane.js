// In the source pane: the outline, the page of the original, and what finds words in the text.
const pane = element.querySelector('.gw-pane');
let onPaper = false, query = '', hit = 0;

const part = (name) => pane.querySelector(name);
const place = () => part('.gw-tools')?.dataset.place;
const library = () => document.querySelector('#gw-library input')?.value ?? null;
const centre = (mark) => {
  const text = part('.gw-text');
  const gap = mark.getBoundingClientRect().top - text.getBoundingClientRect().top;
  text.scrollTop += gap - text.clientHeight / 4;
};
const paper = (on) => {
  onPaper = on;
  part('.gw-text').hidden = on;
  part('.gw-leaf').hidden = !on;
  const button = part('.gw-paper');
  if (!button) return;
  button.setAttribute('aria-pressed', on);
  button.textContent = on ? say('看文字') : say('看原件页面');
};
const turn = async (number) => {
  const asked = place(), leaf = part('.gw-leaf');
  leaf.setAttribute('aria-busy', 'true');
  if (!leaf.firstChild) leaf.innerHTML = `<p class="gw-quiet">${say('正在取页面……')}</p>`;
  const html = await server.leaf(asked, library(), number);
  if (asked !== place()) return;
  const zoomed = leaf.classList.contains('gw-zoomed');
  leaf.innerHTML = html;
  leaf.setAttribute('aria-busy', 'false');
  const button = part('.gw-zoom');
  if (button) button.setAttribute('aria-pressed', zoomed);
  const room = part('.gw-paper-room'), box = part('.gw-box');
  if (room && box) room.scrollTop = box.offsetTop - room.clientHeight / 3;
};
const contents = async (button) => {
  const nav = part('.gw-outline'), asked = place();
  const open = nav.hidden;
  button.setAttribute('aria-expanded', open);
  nav.hidden = !open;
  if (!open) return;
  if (!nav.firstChild) {
    const html = await server.outline(asked, library());
    if (asked !== place()) return;
    nav.innerHTML = html;
  }
  const current = nav.querySelector('[aria-current]');
  if (current) nav.scrollTop = current.offsetTop - nav.clientHeight / 3;
  (current || nav.querySelector('.gw-jump'))?.focus({ preventScroll: true });
};
const jump = async (button) => {
  paper(false);
  const start = button.value, text = part('.gw-text');
  const heading = () => text.querySelector(`[data-start="${CSS.escape(start)}"]`);
  if (!heading()) text.innerHTML = await server.text(place(), library(), start);
  pane.querySelectorAll('.gw-jumped').forEach((one) => one.classList.remove('gw-jumped'));
  const found = heading();
  if (!found) return;
  centre(found);
  found.classList.add('gw-jumped');
  if (matchMedia('(max-width: 959px)').matches) part('.gw-contents').click();
  text.focus({ preventScroll: true });
};
const find = async (step) => {
  const asked = place(), wanted = part('.gw-find input').value.trim();
  hit = wanted === query ? hit + step : 0;
  query = wanted;
  const found = await server.find(asked, library(), wanted, hit);
  if (asked !== place()) return;
  paper(false);
  part('.gw-text').innerHTML = found.html;
  const some = found.count > 0;
  part('.gw-hits').textContent = some ? `${found.at + 1} / ${found.count}` : wanted && say('没有找到');
  pane.querySelectorAll('.gw-hit').forEach((one) => { one.disabled = !some; });
  const mark = part('mark.gw-here') || part('mark');
  if (mark) centre(mark);
};
pane.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.matches('.gw-contents')) contents(button);
  else if (button.matches('.gw-jump')) jump(button);
  else if (button.matches('.gw-hit')) find(Number(button.value));
  else if (button.matches('.gw-turn')) turn(button.value);
  else if (button.matches('.gw-paper')) {
    paper(!onPaper);
    if (onPaper && !part('.gw-leaf img')) turn(0);
  } else if (button.matches('.gw-zoom')) {
    const zoomed = part('.gw-leaf').classList.toggle('gw-zoomed');
    button.setAttribute('aria-pressed', zoomed);
  }
});
// A tree stands in other parts of the page, too.
document.addEventListener('click', (event) => {
  const twig = event.target.closest('.gw-twig');
  if (twig) twig.setAttribute('aria-expanded', twig.getAttribute('aria-expanded') !== 'true');
});
pane.addEventListener('keydown', (event) => {
  if (event.target.matches('.gw-find input') && event.key === 'Enter' && !event.isComposing) {
    event.preventDefault();
    find(event.shiftKey ? -1 : 1);
    return;
  }
  if (event.target.closest('.gw-leaf') && ['ArrowLeft', 'ArrowRight'].includes(event.key)) {
    const turns = pane.querySelectorAll('.gw-turn:not(.gw-back)');
    const wanted = turns[event.key === 'ArrowLeft' ? 0 : 1];
    if (wanted && !wanted.disabled) turn(wanted.value);
  }
});
new MutationObserver(() => {
  // Another place was opened: it is shown in the way that was chosen last.
  query = '';
  hit = 0;
  if (!place()) return;
  if (onPaper && part('.gw-paper')) { paper(true); turn(0); }
}).observe(pane, { childList: true });
