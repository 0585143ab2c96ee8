// The whole world, as large as it fits and as the server drew it (css/map-world.css,
// maps/drawn_world.py): nothing jumps when the map takes the drawing's place.
import { drawnFor } from "./cut.js";

// The world without the poles, which this projection enlarges.
const WORLD = [
  [-57, -170],
  [76, 178],
];
const SIDE = 28; // pixels, half of the largest badge
const [FINGER, MOUSE] = [44, 32]; // pixels from one badge to the next
const NEAR = 0.01; // of a zoom level

export class Whole {
  constructor(map, hasFinger) {
    Object.assign(this, { map, hasFinger, zoom: 0, width: 0, isFitted: false });
  }

  // A hidden map has no size and waits until it opens.
  show() {
    const { map } = this;
    this.isFitted = map.getSize().x > 0;
    // Half a badge at either side: New Zealand's would reach over the edge.
    const room = L.point(2 * SIDE, 0);
    const { zoomSnap } = map.options;
    map.options.zoomSnap = 0; // exactly, not to the next step
    const zoom = this.isFitted ? map.getBoundsZoom(WORLD, false, room) : map.getMinZoom();
    const [low, high] = WORLD.map((corner) => map.project(corner, zoom));
    Object.assign(this, { zoom, width: high.x - low.x });
    map.setView(map.unproject(low.add(high).divideBy(2), zoom), zoom, { animate: false });
    map.options.zoomSnap = zoomSnap;
  }

  isShown() {
    return Math.abs(this.map.getZoom() - this.zoom) < NEAR;
  }

  // For which width badges are put together, how much wider the map is, and how far apart they are.
  frame() {
    if (this.isShown()) {
      const width = drawnFor(this.width);
      return { width, scale: this.width / width, least: FINGER };
    }
    return { width: this.map.getSize().x, scale: 1, least: this.hasFinger ? FINGER : MOUSE };
  }
}
