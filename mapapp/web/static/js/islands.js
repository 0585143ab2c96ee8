// A mark for each country that is too small to be seen at this zoom: most are islands.
import { pixelsAcross } from "./cut.js";
import { rendererFor } from "./shapes.js";

const SEEN_FROM = 6; // pixels across
const RADIUS = 3;

export class Islands {
  constructor(view) {
    this.view = view;
    this.shown = new Map(); // by area id
    view.map.on("zoomend moveend", () => this.update());
    view.on("mode", () => this.paint());
    this.update();
  }

  update() {
    const { map, tree } = this.view;
    for (const node of tree.countries()) {
      const isSmall = pixelsAcross(node, map.getZoom()) < SEEN_FROM;
      if (isSmall && !this.shown.has(node.id)) {
        this.shown.set(node.id, this.add(node));
      } else if (!isSmall && this.shown.has(node.id)) {
        this.shown.get(node.id).remove();
        this.shown.delete(node.id);
      }
    }
    for (const [id, mark] of this.shown) {
      mark.setLatLng(this.view.at(tree.get(id)));
    }
    this.paint();
  }

  add(node) {
    const { view } = this;
    const mark = L.circleMarker([node.lat, node.lng], {
      pane: "countries",
      renderer: rendererFor(view.map, "countries"),
      className: "shape shape-island",
      radius: RADIUS,
    });
    mark.on("mouseover mousemove", (event) => view.point([node], event.containerPoint));
    mark.on("mouseout", () => view.point([]));
    mark.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      view.open(node);
    });
    return mark.addTo(view.map);
  }

  paint() {
    for (const [id, mark] of this.shown) {
      const element = mark.getElement();
      if (element) {
        element.dataset.shade = this.view.shadeOf(this.view.tree.get(id));
      }
    }
  }
}
