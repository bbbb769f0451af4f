// Keeps a form as a draft while it is written in. Without this, its button “Save draft” does the same.

const SOON = 400; // after a field is left, in milliseconds
const WHILE_TYPING = 4000; // after the last key
const AGAIN = 20000; // after it failed
const MOST_ON_LEAVING = 60000; // characters that browsers send on after the page is closed

const form = document.querySelector("form[data-draft]");
const told = form?.querySelector(".drafted");
let timer = null;
let onItsWay = null;
let isWaiting = false;
let isOver = false;
let hasFailed = false;

function later(wait) {
  clearTimeout(timer);
  timer = isOver ? null : setTimeout(save, wait);
}

function follow(answer) {
  form.elements.draft.value = answer.key;
  form.elements.draft_version.value = answer.version;
  form.dataset.draft = form.dataset.draft.replace(/[0-9a-f]{32}$/, answer.key);
  form.querySelector("[formaction]").formAction = form.dataset.draft;
  history.replaceState(null, "", answer.address); // so that loading the page again goes on from here
}

// What is kept need not be asked about when the page is left: see casework.js.
function settle(texts) {
  for (const [text, words] of texts) {
    text.defaultValue = words;
  }
}

async function save() {
  clearTimeout(timer);
  timer = null;
  if (onItsWay) {
    isWaiting = true;
    return;
  }
  onItsWay = new AbortController();
  const texts = [...form.querySelectorAll("textarea")].map((text) => [text, text.value]);
  const body = new URLSearchParams(new FormData(form));
  const isLeaving = document.visibilityState === "hidden" && body.toString().length < MOST_ON_LEAVING;
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
      signal: onItsWay.signal,
      keepalive: isLeaving,
    });
    if (answer.status >= 500) {
      throw new Error("The service is there and cannot answer.");
    }
    hasFailed = false;
    const isOurs = answer.headers.get("Content-Type") === "application/json";
    const said = isOurs ? await answer.json() : {};
    told.textContent = said.told ?? "This draft is not saved now: you may be signed out. Press “Save draft”.";
    if (said.key) {
      follow(said);
      settle(texts);
    }
  } catch {
    if (!isOver) {
      hasFailed = true;
      told.textContent = "This draft is not saved now: the service cannot be reached. It will be tried again.";
      later(AGAIN);
    }
  } finally {
    onItsWay = null;
  }
  if (isWaiting && !isOver) {
    isWaiting = false;
    later(SOON);
  }
}

// Whether a field says something else than the page came with.
function isChanged(field) {
  if (field.tagName === "SELECT") {
    const chosen = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(0, chosen);
  }
  const isWritten = /INPUT|TEXTAREA/.test(field.tagName) && field.value !== field.defaultValue;
  return isWritten || field.checked !== field.defaultChecked;
}

// What was said while the page was still coming, before anything here could hear it. Going back to a page that was
// sent, or loading it again, also brings back what was said in it, and that is no draft.
function isBegun() {
  const [came] = performance.getEntriesByType("navigation");
  return came?.type === "navigate" && [...form.elements].some(isChanged);
}

if (form && told) {
  form.addEventListener("input", () => later(WHILE_TYPING));
  form.addEventListener("change", () => later(SOON));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer && !isOver) {
      save(); // at once: a page that is being closed waits for nothing
    }
  });
  window.addEventListener("online", () => {
    if (hasFailed) {
      later(SOON);
    }
  });
  form.addEventListener("submit", () => {
    isOver = true;
    clearTimeout(timer);
    onItsWay?.abort();
  });
  // Back in the page, after the button was pressed and before anything came of it
  window.addEventListener("pageshow", () => {
    isOver = false;
  });
  if (isBegun()) {
    later(SOON);
  }
}
