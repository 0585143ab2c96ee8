// The page's texts. They arrive translated from the server; here numbers are filled in.
let words = {};
let language = "en";

export function setWords(given, tag) {
  words = given;
  language = tag;
}

const NAME =
  /^(near )?(.+?)( and neighbours)?(?: \(((?:north|south)(?:-east|-west)?|east|west)\))?( \d+)?$/;

// The name of an area, with its words in the page's language. `code` is a country's.
export function placeName(name, code = "") {
  if (words.groups?.[name]) {
    return words.groups[name];
  }
  if (code && language !== "en") {
    return new Intl.DisplayNames(language, { type: "region", fallback: "none" }).of(code) ?? name;
  }
  const [, near, place, neighbours, side, number = ""] = name.match(NAME) ?? [];
  const around = [near && words.near, neighbours && words.neighbours, side && words.sides[side]];
  const said = around
    .filter(Boolean)
    .reduce((inner, text) => text.replace("{place}", () => inner), place ?? name);
  return said + number;
}

// The text `key` with {names} filled in. A text with plural forms uses the one for `values.n`.
export function say(key, values = {}) {
  const found = words[key];
  const text =
    typeof found === "string"
      ? found
      : (found[new Intl.PluralRules(language).select(values.n)] ?? found.other);
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return typeof value === "number" ? number(value) : (value ?? whole);
  });
}

export function number(n) {
  return new Intl.NumberFormat(language).format(n);
}

// A number short enough for a badge: 659, 1.2K.
export function short(n) {
  const format = { notation: "compact", maximumSignificantDigits: n < 1000 ? 3 : 2 };
  return new Intl.NumberFormat(language, format).format(n);
}

export function people(n) {
  return say("people", { n });
}

// A rate per million residents in two digits: the population estimates are not accurate enough for
// more. The server says it in the same words (rate_words in presenters.py).
export function perMillion(rate) {
  const told = roundTo2(rate);
  return told >= 1 ? say("perMillion", { rate: told }) : say("oneIn", { n: roundTo2(1 / rate) });
}

export function roundTo2(n) {
  return Number(n.toPrecision(2));
}

const NAMED = 3; // areas of a group

// Those with most people, because a number of areas says little about where they are.
export function someNames(nodes) {
  const sorted = [...nodes].sort((a, b) => b.people - a.people || a.id - b.id);
  const names = sorted.slice(0, NAMED).map(({ name }) => name);
  return names.join(", ") + (nodes.length > NAMED ? " …" : "");
}
