// Leaves the site fast: by the button, or by Escape three times, each within a second and a half
// of the one before. The page goes blank at once, and the new page replaces it in the history.
// Pages that were read before stay in the history; whoever goes back to one of them in the same
// tab is led away from it, too, until somebody comes here anew.
const AWAY = "/away";
const LEFT = "left";
const WITHIN = 1500;
const TIMES = 3;
const button = document.querySelector("[data-leave]");
const status = document.querySelector("[data-leave-status]");
let presses = 0;
let last = 0;

function leave() {
  note(() => sessionStorage.setItem(LEFT, "1"));
  document.title = button?.dataset.leave ?? "";
  document.body?.replaceChildren();
  document.documentElement.hidden = true;
  window.location.replace(AWAY);
}

// A browser may be told to let no site keep anything; leaving works all the same.
function note(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

function onKey(event) {
  if (event.repeat) {
    return;
  }
  const isInTime = event.timeStamp - last < WITHIN;
  presses = event.key === "Escape" ? (isInTime ? presses : 0) + 1 : 0;
  last = event.timeStamp;
  if (presses >= TIMES) {
    leave();
  } else if (status) {
    status.textContent = presses === TIMES - 1 ? status.dataset.leaveStatus : "";
  }
}

function isGoneBackTo() {
  return performance.getEntriesByType("navigation")[0]?.type === "back_forward";
}

const isLeft = isGoneBackTo() && note(() => sessionStorage.getItem(LEFT));
if (isLeft) {
  leave();
} else {
  note(() => sessionStorage.removeItem(LEFT));
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted && note(() => sessionStorage.getItem(LEFT))) {
    leave();
  }
});

if (button && !isLeft) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  // Captured, because a field or the map may stop Escape, and leaving must still work. Nothing is
  // prevented: what Escape closes, it closes.
  document.addEventListener("keydown", onKey, { capture: true });
  const hint = document.getElementById("leave-hint");
  hint.hidden = false;
  button.setAttribute("aria-describedby", hint.id);
}
