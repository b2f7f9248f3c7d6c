// Small charts.

const Width = 200;
const Height = 34;

/** Draws the last minute into the paths of an SVG element: an area and its upper line. */
export function drawPace(svg, history) {
  const most = Math.max(1, ...history);
  const points = history.map((numbers, i) => {
    const x = Width * i / (history.length - 1);
    const y = Height - 1 - (Height - 4) * numbers / most;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  const [area, line] = svg.children;
  line.setAttribute("d", `M${points.join("L")}`);
  area.setAttribute("d", `M0 ${Height}L${points.join("L")}L${Width} ${Height}Z`);
}

/** Draws positions to the right and numbers upward. */
export function drawOrder(canvas, { positions, numbers }, { minimum, size }) {
  const scale = devicePixelRatio;
  const box = canvas.getBoundingClientRect();
  [canvas.width, canvas.height] = [box.width * scale, box.height * scale].map(Math.round);
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  pen.fillStyle = style.color;
  pen.globalAlpha = 0.75;
  const dot = (positions.length > 4000 ? 1.6 : 2.4) * scale;
  const lowest = BigInt(minimum);
  const last = Math.max(1, Number(size) - 1);
  const [width, height] = [canvas.width - dot, canvas.height - dot];
  positions.forEach((position, i) => {
    const x = Number(position) / last;
    const y = Number(BigInt(numbers[i]) - lowest) / last;
    pen.fillRect(x * width, (1 - y) * height, dot, dot);
  });
}
