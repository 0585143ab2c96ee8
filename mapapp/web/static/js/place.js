// Placing oneself. The browser finds the area of a click or of its position in the shapes it has
// loaded; the form, the preview and every URL get the area's id, nothing finer (privacy rule 1).
import { embedded, loadJson } from "./data.js";
import { askPosition, findZone } from "./locate.js";
import { PlaceMap } from "./place-map.js";
import { shapeOf } from "./shapes.js";
import { say, setWords } from "./words.js";

const CHOOSES = 6; // the zoom from which a tap is exact enough to choose an area
const CLOSER = 7;
const ABOVE = { zone: "region", region: "country" };

class Place {
  constructor(box) {
    this.box = box;
    this.offered = box.dataset.precision; // the fewer people are on a map, the coarser
    this.form = document.getElementById("place-details");
    this.input = this.form.elements.area_id;
    this.status = document.getElementById("place-status");
    const base = box.dataset.geoBase;
    this.urls = {
      countries: box.dataset.countriesUrl,
      boxes: `${base}/boxes.json`,
      names: `${base}/names/{id}.json`,
      regions: `${base}/regions/{id}.json`,
      zones: `${base}/zones/{id}.json`,
    };
    this.choices = new Map(); // by precision: {area_id, label, sentence}
    this.turn = 0;
    this.picked = -1; // the turn in which the precision was last picked by hand
    document.getElementById("place-tools").hidden = false;
    this.world = new PlaceMap(box, this.urls);
    this.map = this.world.map;
    // The map has moved what was just found out of view.
    document.querySelector("[autofocus]")?.scrollIntoView({ block: "center" });
    this.listen();
    if (box.dataset.areaId) {
      this.choose(Number(box.dataset.areaId), this.precision());
    }
  }

  listen() {
    this.map.on("click", ({ latlng }) => this.tap(latlng));
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === this.box) {
        event.preventDefault();
        this.tap(this.map.getCenter()); // the cross in the middle, for keyboards
      }
    });
    const button = document.getElementById("place-locate");
    button.addEventListener("click", () => this.useLocation(button));
    document.addEventListener("suggest:chosen", ({ detail, target }) => {
      if (detail.area && target.id === "place-q") {
        this.choose(detail.area, this.offered, detail.belongs);
      }
    });
    for (const radio of this.radios()) {
      radio.addEventListener("change", () => {
        this.picked = this.turn;
        this.show();
      });
    }
  }

  radios() {
    return [...this.form.querySelectorAll('input[name="precision"]')];
  }

  precision() {
    return this.radios().find((radio) => radio.checked)?.value ?? "zone";
  }

  async useLocation(button) {
    button.setAttribute("aria-busy", "true");
    this.status.textContent = say("looking");
    try {
      await this.locate(await askPosition());
    } catch {
      this.status.textContent = say("noPosition");
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  // From far away nobody can tell what was meant: the map comes closer, and the next tap chooses.
  tap(latlng) {
    if (this.map.getZoom() >= CHOOSES) {
      this.locate(latlng);
      return;
    }
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.setView(latlng, CLOSER, { animate: !isCalm });
    this.status.textContent = say("closer");
  }

  async locate({ lat, lng }) {
    this.status.textContent = say("finding");
    const found = await findZone(lat, lng, this.urls).catch(() => undefined);
    if (found) {
      await this.choose(found.zone);
    } else {
      this.status.textContent = say(found === null ? "tooFar" : "noShapes");
    }
  }

  // Select an area; `precision` keeps an earlier choice, otherwise what is offered is chosen. A choice
  // made while the response is pending stays. `note` says how a town belongs to the area.
  async choose(area, precision = this.offered, note = "") {
    if (this.turn > 0) {
      document.getElementById("taken")?.remove(); // it names the area of before
    }
    this.turn += 1;
    this.world.hasMoved = true;
    const turn = this.turn;
    const url = `${this.box.dataset.previewBase}/${area}/preview?precision=${precision}`;
    const answer = await loadJson(url).catch(() => null);
    if (turn !== this.turn) {
      return;
    }
    if (!answer) {
      this.status.textContent = say("noShapes");
      return;
    }
    this.choices = new Map(answer.choices.map((choice) => [choice.precision, choice]));
    this.form.elements.area_version.value = answer.area_version;
    const picked = this.picked === turn && this.choices.has(this.precision());
    this.label(picked ? this.precision() : answer.precision);
    this.form.hidden = false;
    this.status.textContent = note;
    this.show();
  }

  label(precision) {
    for (const radio of this.radios()) {
      const choice = this.choices.get(radio.value);
      const row = radio.closest("[data-precision]");
      row.hidden = !choice;
      row.querySelector("[data-label]").textContent = choice?.label ?? "";
      radio.checked = radio.value === precision;
    }
  }

  // What others see at the selected precision: sentence, shape, and the id that is sent.
  async show() {
    const choice = this.choices.get(this.precision());
    if (!choice) {
      return;
    }
    this.input.value = choice.area_id;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    // Of people who are cared for, others see nothing, so their page has no preview.
    const preview = document.getElementById("preview");
    if (preview) {
      preview.textContent = choice.sentence;
    }
    const shape = await shapeOf(this.urls, this.node(choice)).catch(() => null);
    if (shape && choice === this.choices.get(this.precision())) {
      this.world.draw(shape);
    }
  }

  node(choice) {
    const above = this.choices.get(ABOVE[choice.precision]);
    return { id: choice.area_id, level: choice.precision, parent: above?.area_id };
  }
}

const box = document.getElementById("place-map");
if (box) {
  setWords(embedded("place-words"), document.documentElement.lang);
  new Place(box);
}
