// The comparison: what is chosen, what is offered while typing, the table, and its files.
const nothing = () => ({ indicators: [], regions: [], years: [], rows: 'regions', join: true });
let root = null, calls = null, library = null, chosen = nothing(), turn = 0, typing = 0;

const find = (selector) => root.querySelector(selector);
const field = (kind) => find(`.gw-field[data-kind="${kind}"]`);
const kindOf = (node) => node.closest('.gw-field').dataset.kind;
const make = (tag, className, text) => {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
};
const lost = () => {
  const note = make('div', 'gw-answer gw-problem', '');
  note.append(make('p', '', root.dataset.lost));
  return note.outerHTML;
};
// Gradio gives nothing when the connection is lost.
const ask = async (name, given) => {
  try { return (await calls[name](given)) ?? lost(); } catch { return lost(); }
};

const show = async () => {
  const mine = ++turn, board = find('.gw-board');
  board.setAttribute('aria-busy', 'true');
  const html = await ask('compare_show', [chosen, library]);
  if (mine !== turn) return;
  board.innerHTML = html;
  board.setAttribute('aria-busy', 'false');
};
const draw = () => {
  for (const kind of ['indicators', 'regions', 'years']) {
    const chips = chosen[kind].map((value) => {
      const chip = make('button', 'gw-chip', value);
      chip.type = 'button';
      chip.value = value;
      chip.setAttribute('aria-label', `${root.dataset.remove} ${value}`);
      return chip;
    });
    field(kind).querySelector('.gw-chips').replaceChildren(...chips);
  }
  root.querySelectorAll('.gw-rows').forEach((b) =>
    b.setAttribute('aria-pressed', String(b.value === chosen.rows)));
  find('.gw-join input').checked = chosen.join;
  find('.gw-clear').hidden = !(chosen.indicators.length + chosen.regions.length + chosen.years.length);
};
const settle = () => { draw(); show(); };

// Options of a field: typed, moved through with the arrows, taken with Enter or a click.
const close = (kind) => {
  const list = field(kind).querySelector('.gw-offers'), input = field(kind).querySelector('input');
  list.hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
};
const mark = (kind, at) => {
  const options = [...field(kind).querySelectorAll('[role="option"]')];
  const input = field(kind).querySelector('input');
  options.forEach((option, number) => {
    option.id = `gw-offer-${kind}-${number}`;
    option.setAttribute('aria-selected', String(number === at));
  });
  if (options[at]) {
    input.setAttribute('aria-activedescendant', options[at].id);
    options[at].scrollIntoView({ block: 'nearest' });
  } else input.removeAttribute('aria-activedescendant');
};
const offer = async (kind) => {
  const mine = ++typing, input = field(kind).querySelector('input'), typed = input.value;
  const html = await ask('compare_offer', [kind, typed, chosen, library]);
  if (mine !== typing || document.activeElement !== input) return;
  const list = field(kind).querySelector('.gw-offers');
  list.innerHTML = html;
  list.hidden = !html;
  list.scrollTop = 0;
  input.setAttribute('aria-expanded', String(!list.hidden));
  // Enter takes the first that was asked for, never the nearest of what is not there.
  mark(kind, typed.trim() && !list.querySelector('.gw-offer-note') ? 0 : -1);
};
const take = (kind, value) => {
  if (!chosen[kind].includes(value)) chosen[kind].push(value);
  const input = field(kind).querySelector('input');
  input.value = '';
  typing += 1;
  close(kind);
  settle();
};
const step = (kind, by) => {
  const options = [...field(kind).querySelectorAll('[role="option"]')];
  if (!options.length) return;
  const at = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  mark(kind, (Math.max(at, by > 0 ? -1 : 0) + by + options.length) % options.length);
};

// Files: a workbook and a table come as they are, a picture is drawn here, in the reader's fonts.
const save = (name, blob) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};
const bytes = (content) => Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
const picture = (svg) => new Promise((done, fail) => {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement('canvas');
    const zoom = Math.min(2, 16_000 / image.height);
    canvas.width = image.width * zoom;
    canvas.height = image.height * zoom;
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => (blob ? done(blob) : fail()), 'image/png');
  };
  image.onerror = fail;
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
});
const download = async (kind) => {
  const file = await ask('compare_file', [chosen, kind, library]);
  if (typeof file === 'string') { find('.gw-board').insertAdjacentHTML('afterbegin', file); return; }
  const content = bytes(file.content);
  save(`${file.name}.${kind}`, kind === 'png' ? await picture(content) : new Blob([content]));
};

const open = (asked) => {
  chosen = { ...nothing(), ...JSON.parse(asked) };
  if (root) settle();
};
// Gradio drops container queries: beside a source and on a phone this part is narrow.
const fit = new ResizeObserver(([entry]) => {
  entry.target.classList.toggle('gw-slim', entry.contentRect.width < 764);
  entry.target.classList.toggle('gw-small', entry.contentRect.width < 544);
});
const begin = (element) => {
  root = element.querySelector('.gw-compare');
  fit.disconnect();
  fit.observe(root);
  calls = element.gwServer;
  const input = document.querySelector('#gw-library input');
  library = input ? input.value : null;
  settle();
};
document.addEventListener('gw-comparison', (event) => begin(event.detail));
document.addEventListener('gw-library', (event) => {
  library = event.detail;
  chosen = nothing();
  if (root) settle();
});
document.addEventListener('click', (event) => {
  const button = event.target.closest('button, [role="option"]');
  if (!button) return;
  if (button.matches('.gw-to-comparison')) {
    open(button.value);
    document.querySelector('#gw-comparison-tab-button').click();
    return;
  }
  if (!root || !root.contains(button)) return;
  if (button.matches('.gw-offers [role="option"]')) take(kindOf(button), button.dataset.value);
  else if (button.matches('.gw-chip')) {
    const kind = kindOf(button);
    chosen[kind] = chosen[kind].filter((value) => value !== button.value);
    settle();
    field(kind).querySelector('input').focus();
  } else if (button.matches('.gw-rows')) { chosen.rows = button.value; settle(); }
  else if (button.matches('.gw-clear')) { chosen = nothing(); settle(); }
  else if (button.matches('.gw-ready')) { open(button.value); find('.gw-board').focus(); }
  else if (button.matches('.gw-file')) download(button.value);
});
document.addEventListener('change', (event) => {
  if (root && event.target === find('.gw-join input')) { chosen.join = event.target.checked; settle(); }
});
document.addEventListener('mousedown', (event) => {
  // The field keeps the focus while an option is taken.
  if (root && event.target.closest('.gw-offers')) event.preventDefault();
  const box = event.target.closest('.gw-typed');
  if (root && box && !event.target.closest('button, input')) {
    event.preventDefault();
    box.querySelector('input').focus();
  }
});
document.addEventListener('focusin', (event) => {
  if (event.target.matches('.gw-typed input')) offer(kindOf(event.target));
});
document.addEventListener('focusout', (event) => {
  if (event.target.matches('.gw-typed input')) close(kindOf(event.target));
});
document.addEventListener('input', (event) => {
  if (!event.target.matches('.gw-typed input')) return;
  const kind = kindOf(event.target), mine = ++typing;
  setTimeout(() => { if (mine === typing) offer(kind); }, 120);
});
document.addEventListener('keydown', (event) => {
  if (!event.target.matches('.gw-typed input') || event.isComposing) return;
  const kind = kindOf(event.target), list = field(kind).querySelector('.gw-offers');
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    if (list.hidden) offer(kind);
    else step(kind, event.key === 'ArrowDown' ? 1 : -1);
  } else if (event.key === 'Enter') {
    event.preventDefault();
    const active = list.querySelector('[aria-selected="true"]');
    if (!list.hidden && active) take(kind, active.dataset.value);
    else offer(kind);
  } else if (event.key === 'Escape' && !list.hidden) {
    event.stopPropagation();
    close(kind);
  } else if (event.key === 'Backspace' && !event.target.value && chosen[kind].length) {
    chosen[kind].pop();
    settle();
    offer(kind);
  }
});
const there = document.querySelector('#gw-comparison');
if (there && there.gwServer) begin(there);
