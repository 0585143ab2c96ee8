// The tooltip of an area or badge, on hover and on focus. It repeats the panel and the badge's
// accessible name, so it is hidden from screen readers.
export class Tip {
  constructor(view) {
    this.view = view;
    this.box = document.createElement("div");
    this.box.className = "map-tip";
    this.box.hidden = true;
    this.box.setAttribute("aria-hidden", "true");
    this.name = document.createElement("strong");
    this.text = document.createElement("span");
    this.box.append(this.name, this.text);
    view.map.getContainer().append(this.box);
    if (view.hasFinger) {
      return; // a finger opens the panel, which says more, and would lie on what it says
    }
    view.on("point", ({ detail }) => this.show(detail));
    view.on("open", () => this.hide());
    view.on("own", () => this.hide());
    view.map.on("movestart zoomstart", () => this.hide());
  }

  hide() {
    this.box.hidden = true;
  }

  show({ nodes, at, badge }) {
    this.box.hidden = !nodes.length;
    if (!nodes.length) {
      return;
    }
    const { name, text } = this.view.line(nodes);
    this.name.textContent = name;
    this.text.textContent = text;
    const place = badge ? this.above(badge) : { x: at.x, y: at.y - 14 };
    this.put(place);
  }

  above(badge) {
    const frame = this.view.map.getContainer().getBoundingClientRect();
    const box = badge.getBoundingClientRect();
    return { x: box.left + box.width / 2 - frame.left, y: box.top - frame.top - 6 };
  }

  // Above the point where there is room, below it near the top edge, never outside the map.
  put({ x, y }) {
    const { clientWidth } = this.view.map.getContainer();
    const { offsetWidth, offsetHeight } = this.box;
    const left = Math.max(6, Math.min(clientWidth - offsetWidth - 6, x - offsetWidth / 2));
    const top = y - offsetHeight < 6 ? y + 34 : y - offsetHeight;
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
