// Leaves the site fast: by the button, or by Escape three times within a second and a half.
// The page goes blank at once, and the new page replaces it in the history.
const button = document.querySelector("[data-leave]");
const WITHIN = 1500;
let presses = [];

function leave() {
  document.documentElement.hidden = true;
  document.title = "";
  window.location.replace(button.href);
}

function onKey(event) {
  if (event.key !== "Escape" || event.repeat) {
    presses = event.repeat ? presses : [];
    return;
  }
  const now = event.timeStamp;
  presses = [...presses.filter((at) => now - at < WITHIN), now];
  if (presses.length >= 3) {
    leave();
  }
}

if (button) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  // Captured, because a field or the map may stop Escape, and leaving must still work.
  document.addEventListener("keydown", onKey, { capture: true });
}
