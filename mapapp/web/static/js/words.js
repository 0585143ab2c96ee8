// What the page says. The words come translated from the server; here they only get their numbers.
let words = {};
let language = "en";

export function setWords(given, tag) {
  words = given;
  language = tag;
}

// The text `key` with {names} filled in. A text with forms takes the one that fits `values.n`.
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

// As few signs as fit into a badge: 659, 1.2K.
export function short(n) {
  const format = { notation: "compact", maximumSignificantDigits: n < 1000 ? 3 : 2 };
  return new Intl.NumberFormat(language, format).format(n);
}

export function people(n) {
  return say("people", { n });
}

// Two figures are more than the population estimates are good for; more would be a lie.
export function perMillion(n, population) {
  const rate = (n / population) * 1e6;
  const format = { maximumSignificantDigits: 2 };
  return say("perMillion", { rate: new Intl.NumberFormat(language, format).format(rate) });
}
