// Draws one Plotly figure, and redraws it in place when the figure changes.
// (Streamlit's own chart is taken down and drawn anew, twice, at every change of a choice.)

const PRINT_WIDTH = 900 // pixels: an A4 page between its margins, at the zoom of style.css
const decoder = new TextDecoder()
const boxes = new Set()

function library(address) {
  window.cspPlotly ??= new Promise((done, failed) => {
    const script = document.createElement("script")
    script.src = address
    script.onload = () => done(window.Plotly)
    script.onerror = failed
    document.head.append(script)
  })
  return window.cspPlotly
}

// A printed page is narrower than the window: before it is laid out for paper, every chart takes its share of that width.
function resizeAll(printing) {
  for (const box of boxes) {
    if (!box.layout) continue
    const share = box.clientWidth / box.closest("[data-testid=stMainBlockContainer]").clientWidth
    const width = Math.round(Math.min(share * 1.1, 1) * PRINT_WIDTH)
    window.Plotly.relayout(box, printing ? { width } : { width: null, autosize: true })
  }
}
window.addEventListener("beforeprint", () => resizeAll(true))
window.addEventListener("afterprint", () => resizeAll(false))

function makeBox(parent) {
  const box = document.createElement("div")
  box.className = "csp-chart"
  box.setAttribute("role", "img")
  parent.append(box)
  boxes.add(box)
  box.watch = new ResizeObserver(() => {
    const width = box.clientWidth
    if (box.layout && width && width !== box.drawnWidth) {
      box.drawnWidth = width
      window.Plotly.Plots.resize(box)
    }
  })
  box.watch.observe(box)
  return box
}

function draw(Plotly, box, figure, config) {
  const first = !box.layout
  Plotly.react(box, figure.data, figure.layout, config)
  box.drawnWidth = box.clientWidth
  if (first) box.on("plotly_click", (event) => box.picked?.(event.points[0]?.location))
}

export default function ({ data, parentElement, setTriggerValue }) {
  const text = decoder.decode(data)
  const box = parentElement.querySelector(":scope > .csp-chart") ?? makeBox(parentElement)
  box.picked = (place) => place && setTriggerValue("picked", place)
  if (box.shown !== text) {
    box.shown = text
    const { figure, config, alt, library: address, selectable } = JSON.parse(text)
    box.style.height = `${figure.layout.height}px`
    box.setAttribute("aria-label", alt)
    box.classList.toggle("csp-selectable", selectable)
    library(address).then(
      (Plotly) => box.shown === text && draw(Plotly, box, figure, config),
      () => (box.textContent = "This chart could not be drawn. The table below it has the same figures."),
    )
  }
  return () => {
    box.watch.disconnect()
    boxes.delete(box)
    if (box.layout) window.Plotly.purge(box)
  }
}
