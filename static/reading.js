// Turns, enlarges and draws upon a page that is read. Without this, links and number fields do the same.

import { letDraw, place, rectangleOn } from "./drawing.js";

const leaf = document.getElementById("leaf");
const page = leaf?.querySelector("svg");

// Keys work while the page itself is in focus, so that none of them is taken from whoever types or listens.
function follow(selector) {
  const link = document.querySelector(selector);
  if (link) {
    window.location.assign(link.href);
  }
  return Boolean(link);
}

function zoomed(step) {
  const links = [...document.querySelectorAll(".zooms a, .zooms strong")];
  const at = links.findIndex((each) => each.localName === "strong");
  const link = links[at + step];
  if (link) {
    window.location.assign(link.href);
  }
  return Boolean(link);
}

const KEYS = {
  ArrowLeft: () => follow("a[rel=prev]"),
  ArrowRight: () => follow("a[rel=next]"),
  "+": () => zoomed(1),
  "=": () => zoomed(1),
  "-": () => zoomed(-1),
  "/": () => {
    document.getElementById("words")?.focus();
    return true;
  },
};

leaf?.addEventListener("keydown", (event) => {
  const isWider = leaf.scrollWidth > leaf.clientWidth && event.key.startsWith("Arrow"); // arrows scroll it then
  if (!event.ctrlKey && !event.altKey && !event.metaKey && !isWider && KEYS[event.key]?.()) {
    event.preventDefault();
  }
});

// A box is drawn from corner to corner, and said in thousandths of the page.
const sides = ["left", "top", "right", "bottom"].map((side) => document.querySelector(`form.form input[name=${side}]`));

function show(rectangle) {
  const [left, top, right, bottom] = sides.map((side) => Number(side.value) / 1000);
  const { width, height } = page.viewBox.baseVal;
  place(rectangle, width * left, height * top, width * (right - left), height * (bottom - top));
}

if (page && "draws" in page.dataset && sides.every(Boolean)) {
  const rectangle = rectangleOn(page, "drawn");
  let before = [];
  const write = (values) => {
    sides.forEach((side, n) => {
      side.value = values[n];
    });
    show(rectangle);
  };
  show(rectangle);
  letDraw(page, {
    begins() {
      before = sides.map((side) => side.value);
    },
    grows: (box) => write(box.map((share) => Math.round(1000 * share))),
    isGivenUp: () => write(before),
  });
  for (const side of sides) {
    side.addEventListener("input", () => show(rectangle));
  }
}
