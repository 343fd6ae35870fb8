// Shows the findings of one kind only; the list itself stays as it is.
document.addEventListener('click', (event) => {
  const button = event.target.closest('.gw-kind');
  if (!button) return;
  const report = button.closest('.gw-report'), kind = button.value;
  report.dataset.shown = kind;
  report.querySelectorAll('.gw-kind').forEach((one) =>
    one.setAttribute('aria-pressed', String(one === button)));
  report.querySelectorAll('.gw-finding').forEach((one) => {
    one.hidden = kind !== 'all' && one.dataset.kind !== kind
      && !(kind === 'flagged' && one.matches('.gw-flagged'));
  });
});
