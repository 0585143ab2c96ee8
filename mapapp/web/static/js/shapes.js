// Draws areas: the world's countries, the regions of countries that are split, and highlighted
// areas. Colours come from the style sheet; here a shape only gets its class.
import { AROUND, covers } from "./cut.js";
import { loadShapes, withoutIce } from "./data.js";

// Leaflet wants [lat, lng].
function latlngs(polygons) {
  return polygons.map((rings) => rings.map((ring) => ring.map(([x, y]) => [y, x])));
}

export function drawShape(map, shape, pane, className, interactive = false) {
  return L.polygon(latlngs([...shape.polygons, ...beyond(shape.polygons)]), {
    pane,
    className,
    interactive,
    smoothFactor: 0.6,
    renderer: rendererFor(map, pane),
  });
}

// One renderer for each pane, with a margin around the view so that panning shows no edge.
export function rendererFor(map, pane) {
  map.mapappRenderers ??= new Map();
  if (!map.mapappRenderers.has(pane)) {
    const box = map.createPane(pane);
    box.setAttribute("aria-hidden", "true"); // the badges say it all
    // Zooming scales what is drawn: for half a second, an outline would cover the map.
    map.on("zoomstart zoomend", ({ type }) => {
      box.classList.toggle("is-zooming", type === "zoomstart");
    });
    map.mapappRenderers.set(pane, L.svg({ pane, padding: 0.6 }));
  }
  return map.mapappRenderers.get(pane);
}

// The file that holds an area's shape.
export function shapesUrl(urls, node) {
  if (node.level === "country") {
    return urls.countries;
  }
  return (node.level === "region" ? urls.regions : urls.zones).replace("{id}", node.parent);
}

export async function shapeOf(urls, node) {
  const shapes = await loadShapes(shapesUrl(urls, node));
  return shapes.find((shape) => shape.id === node.id);
}

const PACIFIC = -30; // degrees; what lies west of it is drawn across the Pacific as well

// Polygons of the Americas and of islands once more in the east, so that the Pacific has two shores.
function beyond(polygons) {
  const west = polygons.filter(([outer]) => outer.every(([lng]) => lng < PACIFIC));
  return west.map((rings) => rings.map((ring) => ring.map(([lng, lat]) => [lng + AROUND, lat])));
}

const PARTS = { country: ["regions", "regions"], region: ["zones", "zones"] }; // file, pane

export class Shading {
  constructor(view) {
    this.view = view;
    this.layers = new Map(); // by area id
    this.wanted = new Set(); // areas that show their parts
    this.split = new Set(); // those of them whose parts are drawn or on their way
    view.on("mode", () => this.paintAll());
    view.on("cut", ({ detail }) => this.showParts(detail.split));
  }

  async showCountries() {
    for (const shape of await loadShapes(this.view.urls.countries)) {
      this.add(withoutIce(shape), "countries", 0);
    }
    this.showParts(this.wanted);
    this.view.tell("shapes");
  }

  add(shape, pane, parent) {
    const { view } = this;
    const node = view.tree.get(shape.id) ?? null;
    if (node) {
      node.boxes = shape.boxes;
    }
    if (this.layers.has(shape.id) || (!node && pane === "zones")) {
      return; // a zone without people needs no shape of its own
    }
    const layer = drawShape(view.map, shape, pane, `shape shape-${pane}`, node !== null);
    if (node) {
      layer.on("mouseover mousemove", (event) => view.point([node], event.containerPoint));
      layer.on("mouseout", () => view.point([]));
      layer.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        view.open(node);
      });
    }
    layer.parent = parent;
    layer.addTo(view.map);
    this.layers.set(shape.id, layer);
    this.paint(shape.id);
  }

  paintAll() {
    for (const id of this.layers.keys()) {
      this.paint(id);
    }
  }

  paint(id) {
    const element = this.layers.get(id).getElement();
    const node = this.view.tree.get(id);
    if (element) {
      element.dataset.shade = node ? this.view.shadeOf(node) : 0;
    }
  }

  // Parts of areas in view; those out of view stay drawn, but are not fetched.
  showParts(wanted) {
    this.wanted = wanted;
    for (const id of this.split) {
      if (!wanted.has(id)) {
        this.removeParts(id);
      }
    }
    for (const id of wanted) {
      if (!this.split.has(id) && this.isInView(id)) {
        this.split.add(id);
        this.addParts(id).catch(() => this.split.delete(id));
      }
    }
  }

  isInView(id) {
    const { boxes } = this.view.tree.get(id);
    return boxes && covers({ boxes }, this.view.map.getBounds());
  }

  async addParts(id) {
    const [file, pane] = PARTS[this.view.tree.get(id).level];
    const shapes = await loadShapes(this.view.urls[file].replace("{id}", id));
    if (!this.split.has(id)) {
      return; // zoomed out in the meantime
    }
    for (const shape of shapes) {
      this.add(shape, pane, id);
    }
    if (shapes.length) {
      this.layers.get(id)?.getElement()?.classList.add("is-split");
    }
    this.showParts(this.wanted); // the regions just drawn may themselves be split
  }

  removeParts(id) {
    this.split.delete(id);
    this.layers.get(id)?.getElement()?.classList.remove("is-split");
    for (const [shapeId, layer] of this.layers) {
      if (layer.parent === id) {
        layer.remove();
        this.layers.delete(shapeId);
        this.removeParts(shapeId);
      }
    }
  }
}

// Outlines of highlighted areas and, separately, of the area in the panel.
export class Outline {
  constructor(view, className) {
    this.view = view;
    this.className = className;
    this.layers = [];
    this.turn = 0;
  }

  async show(nodes) {
    this.turn += 1;
    const turn = this.turn;
    const found = nodes.slice(0, 40).map((node) => shapeOf(this.view.urls, node));
    const shapes = await Promise.all(found.map((promise) => promise.catch(() => null)));
    if (turn !== this.turn) {
      return; // something else is pointed at by now
    }
    for (const layer of this.layers) {
      layer.remove();
    }
    this.layers = shapes
      .filter(Boolean)
      .flatMap((shape) => [
        drawShape(this.view.map, shape, "outlines", "shape-casing"),
        drawShape(this.view.map, shape, "outlines", this.className),
      ]);
    for (const layer of this.layers) {
      layer.addTo(this.view.map);
    }
  }
}
