// Copies what stands in a field, or hands it to another app. Without this, people copy by hand.

/** @param {HTMLElement} button */
const field = (button, name) => document.getElementById(button.dataset[name]);

const copy = async (button) => {
  const from = field(button, "copy");
  const said = document.querySelector(`[data-said="${from.id}"]`);
  from.select();
  said.textContent = "";
  const isDone = await navigator.clipboard.writeText(from.value).then(
    () => true,
    () => false, // the browser does not allow it: it is selected for a copy by hand
  );
  said.textContent = isDone ? button.dataset.done : button.dataset.failed;
};

const send = (button) =>
  navigator.share({ url: field(button, "send").value }).catch(() => {
    // Whoever thinks better of it closes the list of apps.
  });

const offer = (selector, isPossible, act) => {
  if (!isPossible) return;
  for (const button of document.querySelectorAll(selector)) {
    button.hidden = false;
    button.addEventListener("click", () => act(button));
  }
};

offer("[data-copy]", navigator.clipboard, copy);
offer("[data-send]", navigator.share, send);
