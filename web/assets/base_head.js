// The head line: light or dark, the help, and the keys that work everywhere.
const THEME = 'guiwen-theme';
const button = document.querySelector('.gw-theme'), help = document.querySelector('#gw-help-text');
const dark = matchMedia('(prefers-color-scheme: dark)');
const names = { auto: say('随系统'), light: say('浅色'), dark: say('深色') };
const stored = () => {
  try { return localStorage.getItem(THEME) || 'auto'; } catch { return 'auto'; }
};
const wear = (theme) => {
  document.body.classList.toggle('dark', theme === 'dark' || (theme === 'auto' && dark.matches));
  document.documentElement.style.colorScheme = theme === 'auto' ? 'light dark' : theme;
  button.querySelector('span').textContent = names[theme];
  button.title = `${say('外观')}：${names[theme]}`;
  button.setAttribute('aria-label', button.title);
};
document.body.append(help);
wear(stored());
dark.addEventListener('change', () => wear(stored()));
button.addEventListener('click', () => {
  const order = ['auto', 'light', 'dark'], next = order[(order.indexOf(stored()) + 1) % 3];
  try { localStorage.setItem(THEME, next); } catch { /* this page alone, then */ }
  const place = new URL(location);
  place.searchParams.delete('__theme');
  history.replaceState(null, '', place);
  wear(next);
});
document.querySelector('.gw-help').addEventListener('click', () => help.showModal());
// A click beside a dialog closes it.
document.addEventListener('click', (event) => {
  if (event.target.matches('dialog')) event.target.close();
  const close = event.target.closest('dialog .gw-done');
  if (close) close.closest('dialog').close();
});
const composing = (event) => event.isComposing || event.keyCode === 229;
document.addEventListener('keydown', (event) => {
  // Enter that ends the composing of an input method sends nothing.
  if (event.key === 'Enter' && composing(event)) event.stopPropagation();
  const writes = event.target.closest('input, textarea, select, [contenteditable]');
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    document.querySelectorAll('dialog[open]').forEach((one) => one.close());
    const chat = document.querySelector('#gw-chat-tab-button');
    if (chat && chat.getAttribute('aria-selected') !== 'true') chat.click();
    requestAnimationFrame(() => document.querySelector('#gw-box textarea').focus());
  } else if (event.key === '?' && !writes && !help.open) help.showModal();
}, true);
