// Shows the frames of a study on a canvas, with a window that can be chosen, larger or smaller, by pointer and keyboard.
// Without this, the page shows each frame as a picture with the window of its header.
// Not for diagnosis: the page says so.

const KEPT = 12; // frames kept in memory
const LARGEST = 32; // times the size that fits
const [HEADER, WHOLE] = ["header", "whole"];
// Centre and width in Hounsfield units, only offered where values are that.
const HOUNSFIELD = [
  ["lung", "Lung", -600, 1500],
  ["mediastinum", "Mediastinum", 40, 400],
  ["bone", "Bone", 400, 1800],
  ["brain", "Brain", 40, 80],
];
// In the order of their keys, 1 to 6.
const KEYS = [HEADER, ...HOUNSFIELD.map(([name]) => name), WHOLE];

function picture(address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("no picture"));
    image.src = address;
  });
}

class Pane {
  constructor(place) {
    this.place = place;
    this.frames = JSON.parse(place.dataset.frames);
    this.series = JSON.parse(place.dataset.series);
    this.at = Number(place.dataset.at);
    this.kept = new Map();
    this.canvas = this.find(".pane__canvas");
    this.stage = this.find(".pane__stage");
    this.drawn = document.createElement("canvas"); // one frame as it is windowed, point for point
    Object.assign(this, { chosen: HEADER, centre: 0, width: 1, isInverted: false });
    this.view = { scale: 1, x: 0, y: 0 };
    this.listen();
    this.find(".pane__tools").hidden = false;
    this.go(this.at);
  }

  find(selector) {
    return this.place.querySelector(selector);
  }

  get frame() {
    return this.frames[this.at - 1];
  }

  // Fetches a frame: its values as numbers, or its colours.
  async fetched(at) {
    if (!this.kept.has(at)) {
      const { image, number, has_values: hasValues } = this.frames[at - 1];
      const kind = hasValues ? "values" : "frames";
      const loading = picture(`${this.place.dataset.base}images/${image}/${kind}/${number}.png`);
      this.kept.set(at, loading.then((loaded) => this.points(loaded, hasValues)));
      this.kept.get(at).catch(() => this.kept.delete(at));
      for (const oldest of [...this.kept.keys()].slice(0, -KEPT)) this.kept.delete(oldest);
    }
    return this.kept.get(at);
  }

  points(loaded, hasValues) {
    const canvas = document.createElement("canvas");
    canvas.width = loaded.naturalWidth;
    canvas.height = loaded.naturalHeight;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(loaded, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const size = { width: canvas.width, height: canvas.height };
    if (!hasValues) return { ...size, colours: data };
    const values = new Uint16Array(canvas.width * canvas.height);
    for (let n = 0; n < values.length; n += 1) {
      values[n] = data[4 * n] * 256 + data[4 * n + 1];
    }
    return { ...size, values };
  }

  async go(at) {
    this.at = Math.min(Math.max(at, 1), this.frames.length);
    const wanted = this.at;
    try {
      const points = await this.fetched(wanted);
      if (wanted !== this.at) return; // somebody was faster
      this.shown = points;
    } catch {
      this.find("[data-value]").textContent = "This frame could not be fetched. Try again.";
      return;
    }
    this.settle();
    if (wanted < this.frames.length) this.fetched(wanted + 1).catch(() => {}); // it is likely to be wanted
  }

  // The frame is here: everything on the page tells of it.
  settle() {
    const { frame } = this;
    this.find("[data-caption]").textContent = frame.caption;
    this.find("[data-place]").textContent = this.at;
    this.find("[data-slider]").value = this.at;
    this.find("[data-value]").textContent = "";
    this.stage.setAttribute("aria-label", `Frame shown: ${frame.caption}, ${this.at} of ${this.frames.length}`);
    const current = this.series.findLastIndex((first) => first <= this.at);
    this.place.querySelectorAll(".pane__series a").forEach((link, n) => {
      if (n === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    this.find(".pane__steps").hidden = true; // the slider and the keys lead on from here
    this.offer();
    this.choose(this.chosen);
    this.find(".pane__still").hidden = true;
    this.canvas.hidden = false;
  }

  offer() {
    const { frame } = this;
    const offered = [[HEADER, frame.window ? "As the header says" : "Whole range: the header says none"]];
    if (frame.units === "HU") offered.push(...HOUNSFIELD);
    offered.push([WHOLE, "Whole range"], ["own", "As entered"]);
    const list = this.find("[data-preset]");
    list.replaceChildren(...offered.map(([name, words]) => new Option(words, name)));
    for (const control of this.place.querySelectorAll("[data-preset], [data-centre], [data-width]")) {
      control.disabled = !frame.has_values;
    }
    if (!offered.some(([name]) => name === this.chosen)) this.chosen = HEADER;
  }

  choose(name) {
    const { frame } = this;
    const known = HOUNSFIELD.find(([each]) => each === name);
    const isOffered = [...this.find("[data-preset]").options].some((option) => option.value === name);
    if (!isOffered) return;
    this.chosen = name;
    if (known) {
      [, , this.centre, this.width] = known;
    } else if (name === HEADER && frame.window) {
      [this.centre, this.width] = frame.window;
    } else if (name !== "own" && frame.has_values) {
      this.centre = (frame.offset + frame.highest) / 2;
      this.width = Math.max(frame.highest - frame.offset, 1);
    }
    this.draw();
  }

  own(centre, width) {
    if (this.frame.has_values && Number.isFinite(centre) && Number.isFinite(width)) {
      this.centre = centre;
      this.width = Math.max(width, 1e-3);
      this.chosen = "own";
      this.draw();
    }
  }

  draw() {
    const { frame, shown } = this;
    this.find("[data-preset]").value = this.chosen;
    this.find("[data-centre]").value = frame.has_values ? Number(this.centre.toPrecision(6)) : "";
    this.find("[data-width]").value = frame.has_values ? Number(this.width.toPrecision(6)) : "";
    this.find("[data-do=invert]").setAttribute("aria-pressed", this.isInverted);
    this.drawn.width = shown.width;
    this.drawn.height = shown.height;
    const context = this.drawn.getContext("2d");
    const image = context.createImageData(shown.width, shown.height);
    if (shown.values) {
      this.grey(image.data, shown.values);
    } else {
      image.data.set(this.isInverted ? shown.colours.map((c, n) => (n % 4 === 3 ? c : 255 - c)) : shown.colours);
    }
    context.putImageData(image, 0, 0);
    this.put();
  }

  grey(data, values) {
    const { slope, offset, inverted } = this.frame;
    const bottom = this.centre - this.width / 2;
    const table = new Uint8ClampedArray(65536);
    for (let n = 0; n < table.length; n += 1) {
      const bright = ((n * slope + offset - bottom) / this.width) * 255;
      table[n] = inverted !== this.isInverted ? 255 - bright : bright;
    }
    for (let n = 0; n < values.length; n += 1) {
      data.fill(table[values[n]], 4 * n, 4 * n + 3);
      data[4 * n + 3] = 255;
    }
  }

  // Puts the frame on the canvas, as large and where it is wanted.
  put() {
    const side = Math.max(this.stage.clientWidth, 100) * Math.min(window.devicePixelRatio || 1, 2);
    if (this.canvas.width !== Math.round(side)) this.canvas.width = this.canvas.height = Math.round(side);
    const { scale, left, top } = this.where();
    const context = this.canvas.getContext("2d");
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.imageSmoothingEnabled = scale < 4;
    context.drawImage(this.drawn, left, top, this.drawn.width * scale, this.drawn.height * scale);
  }

  where() {
    const fits = this.canvas.width / Math.max(this.drawn.width, this.drawn.height);
    const scale = fits * this.view.scale;
    const middle = this.canvas.width / 2;
    return {
      scale,
      left: middle + this.view.x * this.canvas.width - (this.drawn.width * scale) / 2,
      top: middle + this.view.y * this.canvas.width - (this.drawn.height * scale) / 2,
    };
  }

  act(what) {
    if (what === "larger" || what === "smaller") {
      const scale = this.view.scale * (what === "larger" ? 1.25 : 0.8);
      this.view.scale = Math.min(Math.max(scale, 0.25), LARGEST);
      this.put();
    } else if (what === "invert") {
      this.isInverted = !this.isInverted;
      this.draw();
    } else if (what === "reset") {
      this.view = { scale: 1, x: 0, y: 0 };
      this.isInverted = false;
      this.choose(HEADER);
    }
  }

  // To the first frame of the series before or after this one.
  turn(by) {
    const here = this.series.findLastIndex((first) => first <= this.at);
    const first = this.series[here + by];
    if (first) this.go(first);
  }

  // Tells which point the pointer is at, in points of the original, and its value.
  tell({ offsetX, offsetY }) {
    const { scale, left, top } = this.where();
    const sharp = this.canvas.width / this.canvas.clientWidth;
    const x = Math.floor((offsetX * sharp - left) / scale);
    const y = Math.floor((offsetY * sharp - top) / scale);
    const isInside = this.shown && x >= 0 && y >= 0 && x < this.shown.width && y < this.shown.height;
    const { slope, offset, units, rows, columns } = this.frame;
    const known = isInside && this.shown.values;
    const value = known ? `: ${Number((known[y * this.shown.width + x] * slope + offset).toPrecision(6))} ${units}` : "";
    const at = [x * columns / this.drawn.width, y * rows / this.drawn.height].map(Math.floor).join(", ");
    this.find("[data-value]").textContent = isInside ? `Left, top ${at}${value}` : "";
  }

  listen() {
    const keys = { "+": "larger", "=": "larger", "-": "smaller", i: "invert", r: "reset" };
    const ways = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    this.stage.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key in ways) this.go(this.at + ways[event.key]);
      else if (event.key === "PageUp" || event.key === "PageDown") this.turn(event.key === "PageUp" ? -1 : 1);
      else if (/^[1-6]$/.test(event.key)) this.choose(KEYS[event.key - 1]);
      else if (event.key in keys) this.act(keys[event.key]);
      else return;
      event.preventDefault();
    });
    this.place.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-do]");
      const link = event.target.closest(".pane__series [data-to]");
      if (pressed) this.act(pressed.dataset.do);
      if (!link) return;
      event.preventDefault();
      this.go(Number(link.dataset.to));
    });
    this.find("[data-slider]").addEventListener("input", (event) => this.go(Number(event.target.value)));
    this.find("[data-preset]").addEventListener("change", (event) => this.choose(event.target.value));
    for (const field of [this.find("[data-centre]"), this.find("[data-width]")]) {
      field.addEventListener("change", () => {
        this.own(this.find("[data-centre]").valueAsNumber, this.find("[data-width]").valueAsNumber);
      });
    }
    this.canvas.addEventListener("pointerdown", (event) => this.canvas.setPointerCapture(event.pointerId));
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) this.drag(event.movementX, event.movementY);
      this.tell(event);
    });
    window.addEventListener("resize", () => this.shown && this.put());
  }

  drag(x, y) {
    if (this.find("[data-dragging]").value === "move" || !this.frame.has_values) {
      this.view.x += x / this.canvas.clientWidth;
      this.view.y += y / this.canvas.clientHeight;
      this.put();
    } else {
      const step = Math.max(this.frame.highest - this.frame.offset, 1) / 1000;
      this.own(this.centre + y * step, Math.max(this.width + x * step, step));
    }
  }
}

for (const place of document.querySelectorAll(".pane")) {
  if (place.querySelector(".pane__canvas")) {
    document.querySelector(".pane__keys").hidden = false;
    place.pane = new Pane(place);
  }
}
