// A page that waits for the server asks now and then how far it is, and loads again only when
// that has changed: a screen reader keeps its place, and nothing moves under the pointer.
const link = document.querySelector("[data-look-again]");
const EVERY = 5000;

async function look() {
  const answer = await fetch(window.location.href).catch(() => null);
  const same = `data-look-again="${link.dataset.lookAgain}"`;
  if (answer?.ok && !(await answer.text()).includes(same)) {
    window.location.reload();
    return;
  }
  setTimeout(look, EVERY);
}

if (link) {
  setTimeout(look, EVERY);
}
