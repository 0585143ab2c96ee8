// The service worker. It keeps the site's frame for the next visit: styles, scripts, icons and the
// outlines of the world's countries, at addresses that carry the hash of their contents, and a page
// that says that there is no connection. All of it is the same for everybody. It keeps no other
// page, no answer made for a reader, and no outlines of anywhere in particular, which would tell
// where somebody looked (docs/decisions/0021-what-a-phone-keeps.md).
// The site puts before this text: self.FRAME = { name, first, later, offline, away }.
const { name, first, later, offline, away } = self.FRAME;
const frame = new Set([...first, ...later]);

async function fill() {
  const kept = await caches.open(name);
  await kept.addAll(first);
  await kept.add(new Request(offline, { credentials: "omit", cache: "reload" }));
  await self.skipWaiting();
}

async function clear() {
  const before = (await caches.keys()).filter((one) => one !== name);
  await Promise.all(before.map((one) => caches.delete(one)));
  await self.registration.navigationPreload?.enable();
}

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(offline)) ?? Response.error();
  }
}

async function file(event) {
  const kept = await caches.open(name);
  const found = await kept.match(event.request, { ignoreVary: true });
  if (found) {
    return found;
  }
  const answer = await fetch(event.request);
  if (answer.ok && answer.type === "basic") {
    event.waitUntil(kept.put(event.request, answer.clone()));
  }
  return answer;
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(clear()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) {
    return;
  }
  if (mode === "navigate") {
    if (pathname !== away) {
      event.respondWith(page(event)); // the way out of the site never leads to a page of it
    }
  } else if (!search && frame.has(pathname)) {
    event.respondWith(file(event));
  }
});
