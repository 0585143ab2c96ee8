// Passkeys. The form stays hidden if the browser has no passkeys, or the page's host is not the one
// they belong to. Its button fetches options from the server, asks the device for a response, and
// sends that like any other form.
import { toBytes, toText } from "./base64url.js";

function withBytes(credentials) {
  return credentials.map((credential) => ({ ...credential, id: toBytes(credential.id) }));
}

function toOptions(given) {
  const options = { ...given, challenge: toBytes(given.challenge) };
  if (given.user) {
    options.user = { ...given.user, id: toBytes(given.user.id) };
  }
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (given[list]) {
      options[list] = withBytes(given[list]);
    }
  }
  return options;
}

function toJson(credential) {
  const response = {};
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    if (credential.response[name]) {
      response[name] = toText(credential.response[name]);
    }
  }
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: toText(credential.rawId), type, response });
}

async function askServer(form) {
  const response = await fetch(form.dataset.options, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }),
  });
  // A page instead of JSON: the session has expired, or a limit was reached.
  if (!response.ok || !response.headers.get("Content-Type").startsWith("application/json")) {
    throw new Error(`${response.status}`);
  }
  return toOptions(await response.json());
}

async function useDevice(form) {
  const publicKey = await askServer(form);
  const { credentials } = navigator;
  return form.dataset.passkey === "new"
    ? credentials.create({ publicKey })
    : credentials.get({ publicKey });
}

// The message: the person may have changed their mind, or the device already has a passkey.
function wordsFor(error, words) {
  const known = { NotAllowedError: words.stopped, InvalidStateError: words.known };
  return known[error.name] ?? words.failed;
}

async function onSubmit(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  const status = form.querySelector("[role=status]");
  if (button.getAttribute("aria-busy")) {
    return;
  }
  button.setAttribute("aria-busy", "true");
  status.textContent = form.dataset.waiting;
  try {
    form.elements.credential.value = toJson(await useDevice(form));
    form.submit();
  } catch (error) {
    status.textContent = wordsFor(error, form.dataset);
    button.removeAttribute("aria-busy");
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const instead = document.querySelector(`[data-instead-of="${form.id}"]`);
  const isHere = window.location.origin === form.dataset.origin;
  if (isHere && window.PublicKeyCredential) {
    form.hidden = false;
    form.addEventListener("submit", onSubmit);
  }
  instead.hidden = !form.hidden;
  instead.querySelector("[data-elsewhere]").hidden = isHere;
  instead.querySelector("[data-without]").hidden = !isHere;
}
