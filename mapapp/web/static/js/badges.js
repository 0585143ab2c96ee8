// The round badges. Each is a Leaflet marker and a real button: focus does the same as hover.
import { areaOf, beyond, covers, cut, merge, radiusFor } from "./cut.js";
import { Home } from "./homes.js";
import { short } from "./words.js";

const BLEND = { duration: 320, easing: "cubic-bezier(.2,.7,.2,1)" };

export class Badges {
  constructor(view) {
    this.view = view;
    this.shown = new Map(); // by key: {marker, badge, key}
    view.map.createPane("badges").classList.add("badges");
    view.map.on("zoomend moveend", () => this.update());
    view.on("shapes", () => this.update());
    this.update();
  }

  update() {
    const { map, tree } = this.view;
    const zoom = map.getZoom();
    const near = map.getBounds().pad(0.4);
    const isNear = (node) => covers(node, near);
    const { shown, split, wanted } = cut(tree, this.view.level(), isNear);
    const inside = shown.filter((node) => near.contains([node.lat, node.lng]));
    const again = this.view.whole.isShown() ? [] : beyond(shown, map.getBounds());
    this.draw([...inside, ...again], zoom);
    this.view.tell("cut", { split, shown });
    this.load(wanted);
  }

  // The squares around the badges, in pixels, for whatever must not overlap them.
  circles() {
    return [...this.shown.values()].map(({ badge: { x, y, r } }) => ({
      left: x - r,
      right: x + r,
      top: y - r,
      bottom: y + r,
    }));
  }

  async load(wanted) {
    if (wanted.length) {
      const answers = await Promise.allSettled(wanted.map((node) => this.view.tree.load(node)));
      // A failed request is repeated at the next move, not in a loop.
      if (answers.some((answer) => answer.status === "fulfilled")) {
        this.update();
      }
    }
  }

  draw(nodes, zoom) {
    const { map, tree, whole } = this.view;
    const { width, scale, least } = whole.frame();
    const project = (node) => map.project([node.lat, node.lng], zoom).divideBy(scale);
    const most = Math.max(1, ...tree.top.map((node) => node.people));
    const radius = radiusFor(most, Math.max(252, width));
    const fresh = new Map();
    for (const badge of merge(nodes, project, radius, least)) {
      Object.assign(badge, { x: badge.x * scale, y: badge.y * scale });
      badge.area = areaOf(tree, badge);
      badge.key = badge.members
        .map((node) => node.key)
        .sort()
        .join(" ");
      badge.at = map.unproject([badge.x, badge.y], zoom);
      fresh.set(badge.key, badge);
    }
    const gone = [...this.shown.values()].filter(({ badge }) => !fresh.has(badge.key));
    const added = [...fresh.values()].filter((badge) => !this.shown.has(badge.key));
    this.keep(fresh);
    for (const badge of added) {
      this.add(badge);
    }
    this.order([...fresh.keys()]);
    this.blend(gone, added);
  }

  keep(fresh) {
    for (const [key, item] of this.shown) {
      const badge = fresh.get(key);
      if (badge) {
        item.badge = badge;
        item.marker.setLatLng(badge.at);
      } else {
        this.shown.delete(key);
      }
    }
  }

  add(badge) {
    const face = document.createElement("span");
    face.className = "badge-face";
    face.textContent = short(badge.people);
    const size = Math.round(badge.r * 2);
    const classes = { "badge-large": badge.r >= 20, "badge-group": !badge.area };
    const className = ["badge", ...Object.keys(classes).filter((key) => classes[key])].join(" ");
    const icon = L.divIcon({ className, html: face, iconSize: [size, size] });
    const marker = L.marker(badge.at, { icon, pane: "badges", keyboard: true, riseOnHover: true });
    marker.addTo(this.view.map);
    const item = { marker, badge };
    this.wire(marker.getElement(), item);
    this.shown.set(badge.key, item);
  }

  wire(element, item) {
    const { view } = this;
    const nodes = item.badge.area ? [item.badge.area] : item.badge.members;
    element.setAttribute("aria-label", view.label(nodes, item.badge.people));
    element.dataset.level = item.badge.members.some((node) => !node.rest)
      ? item.badge.members.find((node) => !node.rest).level
      : "rest";
    const point = () => view.point(nodes, null, element);
    const leave = () => view.point([]);
    element.addEventListener("mouseenter", point);
    element.addEventListener("mouseleave", leave);
    element.addEventListener("focus", point);
    element.addEventListener("blur", leave);
    item.marker.on("click", () => this.press(item.badge, element));
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        this.press(item.badge, element);
      }
    });
  }

  press(badge, element) {
    const { map } = this.view;
    this.view.pressed = element;
    if (badge.area) {
      this.view.open(badge.area);
      return;
    }
    const bounds = L.latLngBounds(badge.members.map((node) => [node.lat, node.lng]));
    const room = Math.min(map.getBoundsZoom(bounds.pad(0.3)), map.getZoom() + 3);
    if (map.getZoom() > map.getMaxZoom() - 0.5) {
      this.view.openGroup(badge.members);
    } else {
      this.view.tell("closer");
      this.view.move(
        bounds.getCenter(),
        Math.min(map.getMaxZoom(), Math.max(room, map.getZoom() + 1)),
      );
    }
  }

  // Tab order: the largest first, and only those in view; the focused badge stays where it is.
  order(keys) {
    const pane = this.view.map.getPane("badges");
    const seen = this.view.map.getBounds();
    keys.forEach((key, i) => {
      const { marker, badge } = this.shown.get(key);
      const element = marker.getElement();
      element.tabIndex = seen.contains(badge.at) ? 0 : -1;
      if (pane.children[i] !== element && element !== document.activeElement) {
        pane.insertBefore(element, pane.children[i] ?? null);
      }
    });
  }

  // New badges emerge from the badge they were part of; old ones move into the one replacing them.
  blend(gone, added) {
    const { isCalm } = this.view;
    const before = new Home(
      this.view.tree,
      gone.map((item) => item.badge),
    );
    const after = new Home(this.view.tree, added);
    for (const item of gone) {
      const face = item.marker.getElement().firstElementChild;
      const target = after.of(item.badge) ?? item.badge;
      const element = item.marker.getElement();
      if (element === document.activeElement) {
        this.focusOn(target); // the focus goes where the people went
      }
      element.tabIndex = -1;
      element.classList.add("badge-going");
      const end = isCalm ? null : face.animate([{}, this.offset(target, item.badge)], BLEND);
      const remove = () => item.marker.remove();
      end ? end.finished.then(remove, remove) : remove();
    }
    for (const badge of isCalm ? [] : added) {
      const face = this.shown.get(badge.key).marker.getElement().firstElementChild;
      face.animate([this.offset(before.of(badge) ?? badge, badge), {}], BLEND);
    }
  }

  focusOn(badge) {
    const element = this.shown.get(badge.key)?.marker.getElement();
    (element ?? this.view.map.getContainer()).focus({ preventScroll: true });
  }

  offset(from, to) {
    const { map } = this.view;
    const a = map.latLngToLayerPoint(from.at);
    const b = map.latLngToLayerPoint(to.at);
    return { transform: `translate(${a.x - b.x}px, ${a.y - b.y}px) scale(.5)`, opacity: 0 };
  }
}
