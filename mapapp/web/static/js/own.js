// The reader's own marks. The page holds them only for the member whose they are. Each stands on the
// point of an area, raised above the badge that is there, and does the same on focus as on hover.
import { embedded } from "./data.js";

const LEVELS = ["world", "country", "region", "zone"];
const STEM = 14; // pixels from the point to the mark
const GAP = 4; // between marks, and above a badge

class Own {
  constructor(view) {
    this.view = view;
    const pane = view.map.createPane("own");
    view.map.getPane("badges").before(pane); // the first that Tab reaches
    this.items = embedded("map-own").map((mark) =>
      this.add({ ...mark, level: LEVELS[mark.level] }),
    );
    view.on("cut", () => this.place());
    this.place();
  }

  add(mark) {
    const pill = document.createElement("span");
    pill.className = "own-pill";
    pill.classList.toggle("own-pill-waiting", mark.waits);
    pill.classList.toggle("own-pill-care", mark.cared_for);
    pill.textContent = mark.label;
    const icon = L.divIcon({ className: "own-mark", html: pill, iconSize: null });
    const marker = L.marker([mark.lat, mark.lng], { icon, pane: "own", keyboard: true });
    marker.addTo(this.view.map);
    const element = marker.getElement();
    element.setAttribute("aria-label", `${mark.title}: ${mark.area}. ${mark.notes.join(" ")}`);
    this.wire(element, pill, mark, marker);
    return { mark, element, pill };
  }

  wire(element, pill, mark, marker) {
    const { view } = this;
    const point = () => view.point([mark], null, pill);
    const leave = () => view.point([]);
    const press = () => {
      view.pressed = element;
      view.openOwn(mark);
    };
    element.addEventListener("mouseenter", point);
    element.addEventListener("mouseleave", leave);
    element.addEventListener("focus", point);
    element.addEventListener("blur", leave);
    marker.on("click", press);
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        press();
      }
    });
  }

  // Raise each mark above the badge on its point and above the marks before it.
  place() {
    const { map, badges } = this.view;
    const circles = badges.circles();
    const placed = [];
    for (const { mark, element, pill } of this.items) {
      const at = map.project([mark.lat, mark.lng]);
      const under = circles.filter((box) => holds(box, at));
      let up = Math.max(STEM, ...under.map((box) => at.y - box.top + GAP));
      let box = boxOf(at, up, pill);
      for (const other of placed) {
        if (touch(box, other)) {
          up = at.y - other.top + GAP;
          box = boxOf(at, up, pill);
        }
      }
      placed.push(box);
      element.style.setProperty("--up", `${Math.round(up)}px`);
    }
    this.view.tell("own-placed");
  }
}

function holds(box, { x, y }) {
  return box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
}

function boxOf({ x, y }, up, { offsetWidth, offsetHeight }) {
  const half = offsetWidth / 2;
  return { left: x - half, right: x + half, top: y - up - offsetHeight, bottom: y - up };
}

function touch(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

document.addEventListener("map:ready", ({ detail }) => {
  if (document.getElementById("map-own")) {
    new Own(detail);
  }
});
