// Boxes to be blackened in an image are drawn upon it. Each is a line of the field, which can be written in as well.

import { letDraw, place, rectangleOn } from "./drawing.js";

const picture = document.querySelector("svg[data-blackens]");
const field = document.getElementById("boxes");
const takeBack = document.getElementById("take-back");
const told = document.getElementById("blackened");
// As the service reads a line: see `_box` in app/imaging/forms.py.
const BOX = /^(\d{1,5})[ ,;]+(\d{1,5})[ ,;]+(\d{1,5})[ ,;]+(\d{1,5})$/;

const linesOf = () => field.value.split("\n").map((line) => line.trim()).filter(Boolean);

function show() {
  for (const rectangle of picture.querySelectorAll(".box--black")) {
    rectangle.remove();
  }
  const { width, height } = picture.viewBox.baseVal;
  const boxes = linesOf()
    .map((line) => line.match(BOX)?.slice(1).map(Number))
    .filter((box) => box?.[2] && box[3] && box[0] < width && box[1] < height);
  for (const box of boxes) {
    place(rectangleOn(picture, "black"), ...box);
  }
  const many = boxes.length === 1 ? "1 box is" : `${boxes.length || "No"} boxes are`;
  const says = `${many} blackened in this picture.`;
  if (told.textContent !== says) {
    told.textContent = says; // written anew it would be read out anew
  }
}

function write(lines) {
  field.value = lines.join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true })); // drafts are kept of what is written
}

if (picture && field && takeBack) {
  const { width, height } = picture.viewBox.baseVal;
  const growing = rectangleOn(picture, "drawn");
  let drawn = null;
  const forget = () => {
    place(growing, 0, 0, 0, 0);
    drawn = null;
  };
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
      forget();
    },
    isGivenUp: forget,
  });
  takeBack.addEventListener("click", () => write(linesOf().slice(0, -1)));
  field.addEventListener("input", show);
  document.getElementById("blackening").hidden = false;
  show();
}
