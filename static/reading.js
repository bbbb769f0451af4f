// Turns, enlarges and draws upon a page that is read. Without this, links and number fields do the same.

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

function pointed(event) {
  const room = page.getBoundingClientRect();
  const across = (event.clientX - room.left) / room.width;
  const down = (event.clientY - room.top) / room.height;
  return [across, down].map((part) => Math.round(1000 * Math.min(1, Math.max(0, part))));
}

function draw(rectangle) {
  const [left, top, right, bottom] = sides.map((side) => Number(side.value));
  const { width, height } = page.viewBox.baseVal;
  rectangle.setAttribute("x", (width * left) / 1000);
  rectangle.setAttribute("y", (height * top) / 1000);
  rectangle.setAttribute("width", (width * Math.max(0, right - left)) / 1000);
  rectangle.setAttribute("height", (height * Math.max(0, bottom - top)) / 1000);
}

if (page && "draws" in page.dataset && sides.every(Boolean)) {
  const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  rectangle.setAttribute("class", "box box--drawn");
  page.append(rectangle);
  draw(rectangle);
  let from = null;
  page.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") {
      return; // a finger scrolls
    }
    from = pointed(event);
    page.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  page.addEventListener("pointermove", (event) => {
    if (from) {
      const to = pointed(event);
      const box = [0, 1].map((n) => Math.min(from[n], to[n])).concat([0, 1].map((n) => Math.max(from[n], to[n])));
      sides.forEach((side, n) => {
        side.value = box[n];
      });
      draw(rectangle);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    page.addEventListener(end, () => {
      from = null;
    });
  }
  for (const side of sides) {
    side.addEventListener("input", () => draw(rectangle));
  }
}
