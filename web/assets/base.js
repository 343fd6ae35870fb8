// Runs in the page: opens places in the pane, steps through them, copies, and keeps Enter from
// sending a question while an input method is still composing it.
const pane = element.querySelector('.gw-pane');
let opener = null, places = [], at = 0;

const step = () => {
  const buttons = pane.querySelectorAll('.gw-step');
  if (!buttons.length) return;
  pane.querySelector('.gw-count').textContent = `${at + 1} / ${places.length}`;
  buttons[0].disabled = at === 0;
  buttons[1].disabled = at === places.length - 1;
};
const light = () => {
  document.querySelectorAll('.gw-on').forEach((b) => b.classList.remove('gw-on'));
  const answer = opener && opener.closest('.gw-scope, .gw-answer');
  if (!answer) return;
  answer.querySelectorAll('.gw-open').forEach((b) =>
    b.classList.toggle('gw-on', b.value === places[at]));
};
const show = async () => {
  const place = places[at];
  const library = document.querySelector('#gw-library input');
  const html = await server.open_source(place, library ? library.value : null);
  if (place !== places[at]) return;
  pane.innerHTML = html;
  document.querySelector('#gw-row').classList.add('gw-opened');
  step();
  light();
  const text = pane.querySelector('.gw-text'), mark = pane.querySelector('mark');
  if (!text) return;
  if (mark) {
    const gap = mark.getBoundingClientRect().top - text.getBoundingClientRect().top;
    text.scrollTop += gap - text.clientHeight / 4;
  }
  if (matchMedia('(max-width: 959px)').matches) pane.scrollIntoView({ block: 'start' });
  text.focus({ preventScroll: true });
};
const close = () => {
  document.querySelector('#gw-row').classList.remove('gw-opened');
  places = [];
  light();
  pane.replaceChildren();
  if (opener && opener.isConnected) {
    opener.scrollIntoView({ block: 'center' });
    opener.focus({ preventScroll: true });
  }
};
const copy = async (button) => {
  try {
    await navigator.clipboard.writeText(button.value);
  } catch {
    const area = document.createElement('textarea');
    area.value = button.value;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const label = button.dataset.label || button.textContent;
  button.dataset.label = label;
  button.textContent = say('已复制');
  setTimeout(() => { button.textContent = label; }, 1500);
};
document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.matches('.gw-open')) {
    opener = button;
    // The neighbours to step through: of the same kind, within what the button stands in.
    const kind = button.matches('.gw-mark') ? '.gw-ref' : `.${button.classList[1]}`;
    const scope = button.closest('.gw-scope, .gw-answer') || document.body;
    const all = scope.querySelectorAll(kind);
    places = [...new Set([...all].map((b) => b.value))];
    at = places.indexOf(button.value);
    if (at < 0) { places = [button.value]; at = 0; }
    show();
  } else if (button.matches('.gw-copy')) copy(button);
  else if (button.matches('.gw-step')) { at += Number(button.value); show(); }
  else if (button.matches('.gw-close')) close();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.isComposing) event.stopPropagation();
  if (event.key === 'Escape' && pane.contains(document.activeElement)) close();
}, true);
let asked = 0;
const follow = () => {
  // A new question goes to the top of the chat, so that its answer is read from the beginning.
  const all = document.querySelectorAll('.gw-asked');
  if (all.length === asked) return;
  asked = all.length;
  const last = all[asked - 1], box = last && last.closest('.bubble-wrap');
  if (box) requestAnimationFrame(() => {
    box.scrollTop += last.getBoundingClientRect().top - box.getBoundingClientRect().top - 16;
  });
};
new MutationObserver(() => {
  follow();
  document.querySelectorAll('.gw-answer button[title]:not([aria-label])')
    .forEach((b) => { if (!b.matches('.gw-ref, .gw-place')) b.setAttribute('aria-label', b.title); });
}).observe(document.body, { childList: true, subtree: true });
