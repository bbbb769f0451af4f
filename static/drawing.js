// A box is drawn upon a picture from corner to corner.

const SVG = "http://www.w3.org/2000/svg";

// Where in the picture the pointer is, in shares of its width and of its height.
function pointed(picture, event) {
  const room = picture.getBoundingClientRect();
  const shares = [(event.clientX - room.left) / room.width, (event.clientY - room.top) / room.height];
  return shares.map((part) => Math.min(1, Math.max(0, part)));
}

// Tells of each box that is drawn: when it is begun; while it grows where it is, as left, top, right and bottom; and
// when it is whole, or was given up.
export function letDraw(picture, { begins = () => {}, grows, isWhole = () => {}, isGivenUp = () => {} }) {
  let drawing = null; // by which pointer, and from where
  function ends(event, tell) {
    if (drawing?.pointer === event.pointerId) {
      drawing = null;
      tell();
    }
  }
  picture.addEventListener("pointerdown", (event) => {
    const opensMenu = event.button !== 0 || event.ctrlKey;
    if (drawing || opensMenu || event.pointerType === "touch") {
      return; // a finger scrolls
    }
    drawing = { pointer: event.pointerId, from: pointed(picture, event) };
    picture.setPointerCapture(event.pointerId);
    event.preventDefault();
    begins();
  });
  picture.addEventListener("pointermove", (event) => {
    if (drawing?.pointer !== event.pointerId) {
      return;
    }
    if (!(event.buttons & 1)) {
      ends(event, isGivenUp); // let go where nobody told of it
      return;
    }
    const { from } = drawing;
    const to = pointed(picture, event);
    grows([0, 1].map((n) => Math.min(from[n], to[n])).concat([0, 1].map((n) => Math.max(from[n], to[n]))));
  });
  picture.addEventListener("pointerup", (event) => ends(event, isWhole));
  for (const lost of ["pointercancel", "lostpointercapture"]) {
    picture.addEventListener(lost, (event) => ends(event, isGivenUp));
  }
}

// A rectangle on the picture, which `place` puts somewhere, in the picture's own measure.
export function rectangleOn(picture, kind) {
  const rectangle = document.createElementNS(SVG, "rect");
  rectangle.setAttribute("class", `box box--${kind}`);
  picture.append(rectangle);
  return rectangle;
}

export function place(rectangle, left, top, width, height) {
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) {
    rectangle.setAttribute(name, Math.max(0, value));
  }
}
