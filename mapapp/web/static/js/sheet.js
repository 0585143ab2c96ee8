// How much of the map its panel covers: on a phone it folds to one line, and the area that is opened
// stands in the middle of what is free.
import { pixelsAcross } from "./cut.js";

const WIDE = 0.8; // of the map's width, from which a panel is as wide as the map
const EDGE = 28; // pixels, half of the largest badge

export class Sheet {
  constructor(view, box) {
    Object.assign(this, { view, box });
    this.fold = box.querySelector('[data-part="fold"]');
    this.fold.addEventListener("click", () => {
      this.setFolded(!box.classList.contains("is-folded"));
    });
    // It grows when its people have come; by then the reader may have gone elsewhere.
    new ResizeObserver(() => this.uncover()).observe(box);
    view.map.on("dragstart", () => {
      this.isLeft = true;
    });
    for (const event of ["open", "going"]) {
      view.on(event, () => {
        this.isLeft = false;
        requestAnimationFrame(() => this.uncover()); // when the panel is there
      });
    }
  }

  setFolded(isFolded) {
    this.box.classList.toggle("is-folded", isFolded);
    this.fold.setAttribute("aria-expanded", String(!isFolded));
  }

  uncover() {
    const { map, opened, isCalm, isMoving } = this.view;
    const isFree = this.box.hidden || this.box.classList.contains("is-folded");
    if (!opened || isFree || this.isLeft) {
      return;
    }
    if (isMoving) {
      map.once("moveend", () => this.uncover()); // its points are not where they will be
      return;
    }
    const [frame, box] = [map.getContainer(), this.box].map((it) => it.getBoundingClientRect());
    const { free, isWide } = freePart(frame, box);
    const at = map.latLngToContainerPoint(this.view.at(opened)).add([frame.left, frame.top]);
    const across = pixelsAcross(opened, map.getZoom());
    const half = Math.min(Math.max(EDGE, across / 2), (free.right - free.left) / 2 - 1);
    const isSeen =
      at.x > free.left + half && at.x < free.right - half && at.y > free.top && at.y < free.bottom;
    if (isWide || !isSeen) {
      const middle = [(free.left + free.right) / 2, (free.top + free.bottom) / 2];
      map.panBy(at.subtract(middle), { animate: !isCalm });
    }
  }
}

// A panel as wide as the map covers its lower part, any other one side.
function freePart({ left, right, top, bottom, width }, box) {
  if (box.width > width * WIDE) {
    return { free: { left, right, top, bottom: box.top }, isWide: true };
  }
  const isAtEnd = box.left + box.width / 2 > left + width / 2;
  const sides = isAtEnd ? { left, right: box.left } : { left: box.right, right };
  return { free: { ...sides, top, bottom }, isWide: false };
}
