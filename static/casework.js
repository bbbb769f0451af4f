// Comforts only: every page works without this file. Nothing inline may run, so it also sets the classes
// by which the library's styles and components know that scripts do run.
import { initAll, isSupported } from "./build/govuk-frontend.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
if (isSupported()) {
  initAll();
}

// Long texts are hard to write twice: ask before leaving a form with one that has not been sent.
const texts = [...document.querySelectorAll("form.form textarea")];
// A form that came back with mistakes holds what was typed and not yet saved, though nobody has touched it since.
const isReturned = document.querySelector(".govuk-error-summary") !== null;
let sentForm = null;

function isUnsent(text) {
  return text.form !== sentForm && (text.value !== text.defaultValue || (isReturned && text.value.trim() !== ""));
}

function ask(event) {
  if (texts.some(isUnsent)) {
    event.preventDefault();
    event.returnValue = true; // for browsers older than preventDefault here
  }
}

// Browsers keep no page for "Back" that listens for this, so it listens only where there is something to lose.
if (texts.length) {
  window.addEventListener("beforeunload", ask);
  // The form on its way does not hold one back; any other on the page (such as signing out) does.
  document.addEventListener("submit", (event) => {
    sentForm = event.defaultPrevented ? null : event.target;
  });
  document.addEventListener("input", () => {
    sentForm = null;
  });
  window.addEventListener("pageshow", () => {
    sentForm = null;
  });
}

// What is being made shows how far it is: that part of the page is fetched anew, less and less often, until it
// asks for it no more. Looking keeps a sign-in alive, so it ends by itself.
const MOST_LOOKS = 60;

async function refresh(part, looks) {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = answer.ok ? page.getElementById(part.id) : null;
  if (!fresh) {
    return;
  }
  if (part.contains(document.activeElement)) {
    follow(part, looks);
    return;
  }
  part.replaceWith(fresh);
  follow(fresh, looks);
}

function follow(part, looks = 0) {
  if (part?.dataset.refresh && looks < MOST_LOOKS) {
    const seconds = Math.min(30, part.dataset.refresh * 1.1 ** looks);
    setTimeout(() => refresh(part, looks + 1), 1000 * seconds);
  }
}

follow(document.querySelector("[data-refresh]"));
