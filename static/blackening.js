// Boxes to be blackened in an image are drawn upon it. Each is a line of the field, which can be written in as well.

import { letDraw, place, rectangleOn } from "./drawing.js";

const picture = document.querySelector("svg[data-blackens]");
const field = document.getElementById("boxes");
const takeBack = document.getElementById("take-back");

const linesOf = () => field.value.split("\n").filter((line) => line.trim());

function show() {
  for (const rectangle of picture.querySelectorAll(".box--black")) {
    rectangle.remove();
  }
  for (const line of linesOf()) {
    const figures = line.match(/\d+/g)?.map(Number) ?? [];
    if (figures.length === 4) {
      place(rectangleOn(picture, "black"), ...figures);
    }
  }
  takeBack.disabled = linesOf().length === 0;
}

function write(lines) {
  field.value = lines.join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true })); // drafts are kept of what is written
}

if (picture && field && takeBack) {
  const { width, height } = picture.viewBox.baseVal;
  const growing = rectangleOn(picture, "drawn");
  let drawn = null;
  letDraw(picture, {
    grows([left, top, right, bottom]) {
      const [x, y] = [Math.floor(left * width), Math.floor(top * height)];
      drawn = [x, y, Math.ceil(right * width) - x, Math.ceil(bottom * height) - y];
      place(growing, ...drawn);
    },
    isWhole() {
      if (drawn?.[2] && drawn[3]) {
        write([...linesOf(), drawn.join(", ")]);
      }
      place(growing, 0, 0, 0, 0);
      drawn = null;
    },
  });
  takeBack.addEventListener("click", () => write(linesOf().slice(0, -1)));
  field.addEventListener("input", show);
  document.getElementById("blackening").hidden = false;
  show();
}
