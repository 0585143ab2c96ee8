// The functions that the map's generated set-up script calls, one for each element.
import { Badges } from "./badges.js";
import { Controls } from "./controls.js";
import { Hash } from "./hash.js";
import { Islands } from "./islands.js";
import { Labels } from "./labels.js";
import { Modes } from "./modes.js";
import { Panel } from "./panel.js";
import { Seen } from "./seen.js";
import { Outline, Shading } from "./shapes.js";
import { Tip } from "./tip.js";
import { View } from "./view.js";

const views = new WeakMap();

function begin(map, config) {
  const view = new View(map, config);
  views.set(map, view);
  const container = map.getContainer();
  container.setAttribute("role", "application");
  container.setAttribute("aria-label", view.numbers.label);
  view.whole.show();
  map.on("click", () => view.opened && view.close());
  new ResizeObserver(() => map.invalidateSize({ pan: false, debounceMoveend: true })).observe(
    container,
  );
}

function areas(map) {
  const view = views.get(map);
  const pointed = new Outline(view, "shape-pointed");
  const opened = new Outline(view, "shape-opened");
  view.on("point", ({ detail }) => pointed.show(detail.nodes));
  view.on("outline", ({ detail }) => pointed.show(detail.nodes));
  view.on("open", ({ detail }) => opened.show([detail.node]));
  view.on("group", ({ detail }) => opened.show(detail.nodes));
  view.on("own", ({ detail }) => opened.show([detail.mark]));
  view.on("close", () => opened.show([]));
  const shading = new Shading(view);
  // Without shapes, too, the numbers are there.
  whenSeen(map.getContainer(), (container) => {
    shading.showCountries().finally(() => {
      new Islands(view);
      container.classList.add("is-drawn");
    });
  });
}

// A phone shows the drawn world until the map is opened, and need not fetch finer shapes before.
function whenSeen(element, act) {
  const watch = new ResizeObserver(() => {
    if (element.offsetWidth) {
      watch.disconnect();
      act(element);
    }
  });
  watch.observe(element);
}

function labels(map) {
  const view = views.get(map);
  const made = new Labels(map, {
    countries: () => view.tree.countries(),
    url: view.urls.names,
    over: ".map-tools, .map-legend, .map-shut, .map-page > .leave, .own-mark .own-pill",
    circles: () => view.badges.circles(),
  });
  view.on("cut", () => made.update());
  view.on("own-placed", () => made.update());
}

window.mapapp = {
  begin,
  areas,
  badges: (map) => {
    views.get(map).badges = new Badges(views.get(map));
    new Seen(views.get(map));
  },
  labels,
  tip: (map) => new Tip(views.get(map)),
  panel: (map) => new Panel(views.get(map)),
  controls: (map) => {
    new Controls(views.get(map));
    new Modes(views.get(map));
  },
  hash: (map) => {
    new Hash(views.get(map));
    // For the reader's own marks.
    document.dispatchEvent(new CustomEvent("map:ready", { detail: views.get(map) }));
  },
};
