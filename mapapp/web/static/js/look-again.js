// A page that waits for the server asks now and then how far it is. It changes its words in place,
// which a screen reader tells when it is idle, and loads again only when the waiting is over.
const shown = document.querySelector("[data-look-again]");
const EVERY = 3000;

async function look() {
  const answer = await fetch(window.location.href).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-look-again]");
    if (!fresh) {
      window.location.reload();
      return;
    }
    if (fresh.dataset.lookAgain !== shown.dataset.lookAgain) {
      shown.dataset.lookAgain = fresh.dataset.lookAgain;
      shown.replaceChildren(...fresh.childNodes);
    }
  }
  setTimeout(look, EVERY);
}

if (shown) {
  setTimeout(look, EVERY);
}
