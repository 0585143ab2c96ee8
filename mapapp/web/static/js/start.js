// Where the reader probably is: from the clock and the languages of the browser. Nothing is sent.
import { pixelsAcross } from "./cut.js";

const DEGREES_AN_HOUR = 15;
const BESIDE = 30; // degrees by which a country's clocks may differ from its sun
const NORTH = 25; // where most people live, when only the clock is known
const FAR = 2;
const CLOSEST = 6;

// Returns {center, zoom}: the country of the first language that fits the clock, else the part of
// the world that has this time of day. `countries` have a code, a point and a size; `width` is the
// map's, in pixels.
export function startOf(countries, width, lng = clockLongitude(), regions = spokenIn()) {
  const found = regions
    .map((code) => countries.find((country) => country.code === code))
    .find((country) => country && apart(country.lng, lng) <= BESIDE + halfWidth(country));
  if (!found) {
    return { center: [NORTH, lng], zoom: FAR };
  }
  let zoom = FAR;
  while (zoom < CLOSEST && pixelsAcross(found, zoom + 0.5) < width * 0.8) {
    zoom += 0.5;
  }
  return { center: [found.lat, found.lng], zoom };
}

// The longitude at which the sun agrees with this clock, without daylight saving time.
export function clockLongitude(year = new Date().getFullYear()) {
  const offsets = [0, 6].map((month) => new Date(year, month, 1).getTimezoneOffset());
  return (-Math.max(...offsets) / 60) * DEGREES_AN_HOUR;
}

// The countries where the browser's languages are spoken, most likely first.
export function spokenIn(tags = navigator.languages ?? []) {
  const found = tags.map((tag) => {
    try {
      return new Intl.Locale(tag).maximize().region;
    } catch {
      return "";
    }
  });
  return [...new Set(found)].filter(Boolean);
}

function apart(a, b) {
  const far = Math.abs(a - b) % 360;
  return Math.min(far, 360 - far);
}

function halfWidth({ across, lat }) {
  return across / 2 / (111 * Math.max(Math.cos((lat * Math.PI) / 180), 0.2));
}
