// A file that is too large is refused here, before anything of it is sent; the server refuses it, too.
const tooLarge = (event, files) => {
  const box = event.target.closest?.('#gw-library-tab .block, #gw-library-tab [id^=gw-f]');
  const limit = Number(document.querySelector('.gw-hint')?.dataset.largest);
  if (!box || !limit) return;
  box.parentElement.querySelectorAll('.gw-toolarge').forEach((one) => one.remove());
  const large = [...files].filter((file) => file.size > limit);
  if (!large.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.target.type === 'file') event.target.value = '';
  const told = document.createElement('p');
  told.className = 'gw-toolarge';
  told.setAttribute('role', 'alert');
  const names = large.map((file) => `${file.name} ${Math.round(file.size / 2 ** 20)} MB`);
  told.textContent = `${say('文件太大，没有上传：')}${names.join('、')}`;
  box.after(told);
};
document.addEventListener('change', (event) => {
  if (event.target.type === 'file') tooLarge(event, event.target.files);
}, true);
document.addEventListener('drop', (event) => {
  if (event.dataTransfer) tooLarge(event, event.dataTransfer.files);
}, true);
