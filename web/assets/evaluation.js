// A .gw-ask button asks its value in the chat, after the questions of its data-history.
const until = async (done, limit = 30000) => {
  const end = Date.now() + limit;
  while (!done() && Date.now() < end) await new Promise((next) => setTimeout(next, 60));
  return done();
};
const answered = () =>
  document.querySelectorAll('#gw-chat .gw-refs, #gw-chat .gw-none, #gw-chat .gw-problem').length;
const send = async (text) => {
  const box = document.querySelector('#gw-box textarea');
  const before = answered();
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
  set.call(box, text);
  box.dispatchEvent(new Event('input', { bubbles: true }));
  // The box tells its value to the page before it is sent.
  await new Promise((next) => setTimeout(next, 120));
  document.querySelector('#gw-box button.submit-button').click();
  return until(() => answered() > before);
};
document.addEventListener('click', async (event) => {
  const button = event.target.closest('.gw-ask');
  if (!button) return;
  const before = JSON.parse(button.dataset.history || '[]');
  const tab = document.querySelector('[role="tab"][data-tab-id="chat"]');
  if (tab) tab.click();
  await until(() => document.querySelector('#gw-box textarea')?.offsetParent);
  for (const text of [...before, button.value]) {
    if (!await send(text)) return;
  }
  document.querySelector('#gw-box textarea').focus();
});
