// The map on which one places oneself: countries, names of towns, and the area that was chosen. It
// starts where its reader probably is, which the browser alone finds out.
import { loadShapes, withoutIce } from "./data.js";
import { Labels, namedParts } from "./labels.js";
import { drawShape } from "./shapes.js";
import { startOf } from "./start.js";

const TOWNS_AT = { country: 150, region: 80 }; // pixels: here one looks for one's town

export class PlaceMap {
  constructor(box, urls) {
    Object.assign(this, { box, urls, hasMoved: false });
    this.make();
    for (const kind of ["pointerdown", "keydown", "wheel"]) {
      box.addEventListener(kind, () => {
        this.hasMoved = true; // by hand: it starts nowhere else any more
      });
    }
  }

  make() {
    this.map = L.map(this.box, {
      attributionControl: false,
      zoomSnap: 0.5,
      minZoom: 0,
      maxZoom: 11,
      maxBounds: L.latLngBounds([-85, -230], [85, 230]),
    });
    this.map.fitBounds(L.latLngBounds([-50, -120], [68, 150]));
    this.drawCountries().catch(() => null); // one without shapes can be tapped as well
    this.nameAreas().catch(() => null); // a map without names is still a map
  }

  async drawCountries() {
    for (const shape of await loadShapes(this.urls.countries)) {
      drawShape(this.map, withoutIce(shape), "countries", "shape shape-countries").addTo(this.map);
    }
  }

  async nameAreas() {
    const countries = await namedParts(this.urls.names, { id: 0, level: "world" });
    const shapes = await loadShapes(this.urls.countries);
    const boxes = new Map(shapes.map((shape) => [shape.id, shape.boxes]));
    for (const country of countries) {
      country.boxes = boxes.get(country.id);
    }
    const labels = new Labels(this.map, {
      countries: () => [...countries],
      url: this.urls.names,
      over: "#place-map .leaflet-control",
      partsAt: TOWNS_AT,
    });
    this.map.on("moveend", () => labels.update());
    if (!this.hasMoved) {
      const { center, zoom } = startOf(countries, this.map.getSize().x);
      this.map.setView(center, zoom, { animate: false });
    }
  }

  draw(shape) {
    this.layer?.remove();
    this.layer = drawShape(this.map, shape, "outlines", "shape-opened shape-mine").addTo(this.map);
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const [west, south, east, north] = shape.box;
    const bounds = L.latLngBounds([south, west], [north, east]).pad(0.6);
    // From far away it jumps: on the way, borders would be drawn a hundred times as wide.
    const animate = !isCalm && this.map.getBoundsZoom(bounds) < this.map.getZoom() + 3;
    this.map.flyToBounds(bounds, { animate, duration: 0.6, maxZoom: 10 });
  }
}
