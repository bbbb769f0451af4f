// Sends files in parts, several at once, and goes on after a broken connection from where it was.
// Without this, the plain form beside it sends them, up to the size it says.

const AT_ONCE = 2; // files on their way together
const PAUSES = [1000, 2000, 5000, 10000, 30000, 60000]; // before a part is tried again, in milliseconds

const place = document.querySelector(".uploading");
const told = place?.querySelector("[data-told]");
const list = place?.querySelector("[data-files]");
const waiting = [];
let underWay = 0;
let kept = 0;
let refused = 0;

class Refused extends Error {}

function wait(pause) {
  return new Promise((resolve) => setTimeout(resolve, pause));
}

function size(bytes) {
  for (const [unit, length] of [["GB", 2 ** 30], ["MB", 2 ** 20], ["KB", 2 ** 10]]) {
    if (bytes >= length) {
      return `${(bytes / length).toFixed(bytes >= 10 * length ? 0 : 1)} ${unit}`;
    }
  }
  return `${bytes} bytes`;
}

// A line for each file: its name, how far it is, and the same in words.
function line(where) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  const words = document.createElement("span");
  name.textContent = where;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `How much of ${where} is here`);
  words.className = "aside";
  words.textContent = "Waits its turn";
  item.append(name, " ", bar, " ", words);
  list.append(item);
  return { item, name, bar, words };
}

function tell() {
  const left = waiting.length + underWay;
  const parts = [`${kept} received`];
  if (refused) {
    parts.push(`${refused} not received: see below`);
  }
  told.textContent = left ? `${left} on their way, ${parts.join(", ")}.` : `${parts.join(", ")}.`;
}

async function ask(address, options) {
  const answer = await fetch(address, options);
  if (answer.headers.get("Content-Type") !== "application/json") {
    if (answer.status >= 500) {
      throw new Error("busy");
    }
    throw new Refused("It cannot be sent now: you may be signed out. Load this page again, and choose it again.");
  }
  const said = await answer.json();
  if (!said.key) {
    throw new Refused(said.told);
  }
  return said;
}

function announce(file, where) {
  const body = new URLSearchParams({ place: where, bytes: file.size, type: file.type, modified: file.lastModified });
  const headers = { Accept: "application/json", "X-CSRFToken": place.dataset.token };
  return ask(place.dataset.announce, { method: "POST", headers, body });
}

function sendPart(file, far) {
  const number = Math.floor(far.received / far.part);
  return ask(far.parts + number, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/octet-stream",
      "X-CSRFToken": place.dataset.token,
    },
    body: file.slice(number * far.part, (number + 1) * far.part),
  });
}

function show(line, far) {
  line.bar.value = far.received / far.size;
  line.words.textContent = `${size(far.received)} of ${size(far.size)}`;
}

async function send({ file, where, line }) {
  let far = null;
  let tries = 0;
  while (far?.state !== "entered") {
    try {
      far = far === null ? await announce(file, where) : await sendPart(file, far);
      if (far.state === "refused" || far.state === "abandoned") {
        throw new Refused(far.problem || "It was given up. Choose it again.");
      }
      show(line, far);
      tries = far.told ? tries + 1 : 0;
      if (tries > PAUSES.length) {
        throw new Refused(far.told);
      }
    } catch (error) {
      if (error instanceof Refused) {
        throw error;
      }
      if (tries === PAUSES.length) {
        throw new Refused("The service cannot be reached. Choose the file again: it goes on from where it was.");
      }
      line.words.textContent = "The connection broke. It will be tried again from where it was.";
      await wait(PAUSES[tries]);
      tries += 1;
      far = null; // asks how much is there
    }
  }
  return far;
}

async function next() {
  const one = waiting.shift();
  if (!one) {
    return;
  }
  underWay += 1;
  try {
    const far = await send(one);
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = far.document;
    link.textContent = one.where;
    one.line.name.replaceWith(link);
    one.line.words.textContent = `Received: ${size(far.size)}, SHA-256 ${far.sha256}`;
    kept += 1;
  } catch (error) {
    one.line.words.textContent = error.message;
    one.line.item.classList.add("govuk-error-message");
    refused += 1;
  }
  underWay -= 1;
  tell();
  next();
}

function take(files) {
  for (const [file, where] of files) {
    waiting.push({ file, where, line: line(where) });
  }
  tell();
  while (underWay < AT_ONCE && waiting.length > 0) {
    next();
  }
}

function withPlaces(files) {
  return [...files].map((file) => [file, file.webkitRelativePath || file.name]);
}

// What is dropped may be folders: they are gone through, with the path within them kept.
async function dropped(entry, before = "") {
  const where = before + entry.name;
  if (entry.isFile) {
    return [[await new Promise((resolve, reject) => entry.file(resolve, reject)), where]];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) {
      break;
    }
    found.push(...some);
  }
  return (await Promise.all(found.map((inner) => dropped(inner, `${where}/`)))).flat();
}

if (place && told && list) {
  place.hidden = false;
  document.querySelector(".without-script").hidden = true;
  for (const input of place.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      take(withPlaces(input.files));
      input.value = "";
    });
  }
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    take((await Promise.all(entries.map((entry) => dropped(entry)))).flat());
  });
  window.addEventListener("beforeunload", (event) => {
    if (underWay > 0) {
      event.preventDefault();
    }
  });
}
