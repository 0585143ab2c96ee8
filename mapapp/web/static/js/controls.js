// The buttons around the map. They are in the page, outside Leaflet, hidden until scripts run.
import { isView, readHash } from "./hash.js";
import { askPosition, findZone } from "./locate.js";
import { say } from "./words.js";

const OPEN = "#map-stage";

export class Controls {
  constructor(view) {
    this.view = view;
    this.stage = document.getElementById("map-stage");
    this.status = document.getElementById("map-status");
    this.press("zoom-in", () => view.map.zoomIn());
    this.press("zoom-out", () => view.map.zoomOut());
    this.press("whole", () => view.whole.show());
    this.press("full", () => this.toggleFull());
    this.press("near", (button) => this.nearMe(button));
    this.press("shut", (_link, event) => this.shut(event));
    this.listen();
    document.getElementById("map-tools").hidden = false;
    this.stage.classList.add("is-live");
  }

  press(name, act) {
    const button = this.stage.querySelector(`[data-act="${name}"]`);
    button?.addEventListener("click", (event) => act(button, event));
  }

  listen() {
    document.addEventListener("fullscreenchange", () => {
      const button = this.stage.querySelector('[data-act="full"]');
      button?.setAttribute("aria-pressed", String(document.fullscreenElement === this.stage));
    });
    for (const way of document.querySelectorAll("[data-open-map]")) {
      way.addEventListener("click", (event) => {
        if (!this.isFolded()) {
          return; // a link to the map, which is open
        }
        event.preventDefault();
        this.way = way;
        window.history.pushState({ isMapOpen: true }, "", OPEN);
        this.follow();
      });
    }
    window.addEventListener("popstate", () => this.follow());
    this.follow(isView(window.location.hash)); // tapped too early, or somebody sent a view
    this.linkList();
  }

  // Where there is room the map is open.
  isFolded() {
    return Boolean(document.getElementById("map-opener")?.offsetParent);
  }

  // On phones the map opens at full height, as an entry of the history, so that Back closes it.
  follow(isSent = false) {
    if (!this.isFolded()) {
      return;
    }
    const { hash } = window.location;
    const isOpen = this.stage.classList.contains("is-open");
    const isStill = isSent || (isOpen && isView(hash));
    const isMeant = window.history.state?.isMapOpen || hash === OPEN || isStill;
    if (isMeant && !isOpen) {
      this.unfold();
    } else if (!isMeant && isOpen) {
      this.fold();
    }
  }

  unfold() {
    this.stage.classList.add("is-open");
    document.documentElement.classList.add("has-open-map");
    document.getElementById("map-legend").open = false;
    this.view.map.invalidateSize({ pan: false, debounceMoveend: true });
    if (!this.view.whole.isFitted && !readHash(window.location.hash).view) {
      this.view.whole.show();
    }
    this.view.map.getContainer().focus({ preventScroll: true });
  }

  fold() {
    this.stage.classList.remove("is-open");
    document.documentElement.classList.remove("has-open-map");
    document.getElementById("map-legend").open = true;
    this.view.close();
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    (this.way ?? document.getElementById("map-opener"))?.focus();
  }

  shut(event) {
    event.preventDefault();
    if (window.history.state?.isMapOpen) {
      window.history.back();
    } else {
      this.fold();
    }
  }

  toggleFull() {
    const done = document.fullscreenElement
      ? document.exitFullscreen()
      : this.stage.requestFullscreen();
    done.catch(() => this.say("noFull"));
  }

  say(key) {
    this.status.textContent = key ? say(key) : "";
  }

  async nearMe(button) {
    button.setAttribute("aria-busy", "true");
    this.say("looking");
    try {
      const { lat, lng } = await askPosition();
      const found = await findZone(lat, lng, this.view.urls);
      if (found) {
        this.lookNear(found.zone);
        return;
      }
      this.say("tooFar");
    } catch {
      this.say("noPosition");
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  // By a form that is posted: an address in the browser's history must not say where one is.
  lookNear(zone) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = this.view.urls.nearby;
    const area = document.createElement("input");
    Object.assign(area, { type: "hidden", name: "area", value: zone });
    form.append(area);
    document.body.append(form);
    form.submit();
  }

  // Hovering over a row of the list highlights its country on the map.
  linkList() {
    for (const row of document.querySelectorAll("[data-area]")) {
      const node = this.view.tree.get(Number(row.dataset.area));
      if (node) {
        row.addEventListener("mouseenter", () => this.view.tell("outline", { nodes: [node] }));
        row.addEventListener("mouseleave", () => this.view.tell("outline", { nodes: [] }));
        row.addEventListener("focusin", () => this.view.tell("outline", { nodes: [node] }));
        row.addEventListener("focusout", () => this.view.tell("outline", { nodes: [] }));
      }
    }
  }
}
