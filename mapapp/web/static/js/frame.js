// Registers the worker that keeps the site's frame for the next visit, once this page is whole.
// Whoever asked the browser to save data gets none.
const { serviceWorker, connection } = navigator;

function register() {
  serviceWorker.register("/service-worker.js").catch(() => {}); // without it all works as well
}

if (serviceWorker && !connection?.saveData) {
  if (document.readyState === "complete") {
    register();
  } else {
    window.addEventListener("load", register, { once: true });
  }
}
