// Draws one Plotly figure with its words, and redraws it in place when the figure changes.
// (Streamlit's own chart is taken down and drawn anew, twice, at every change of a choice; and each text of its own would
// be rendered anew before the charts get their turn.)

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
    const share = box.parentElement.clientWidth / box.closest("[data-testid=stMainBlockContainer]").clientWidth
    const whole = parseFloat(getComputedStyle(box).getPropertyValue("--print-width")) || PRINT_WIDTH
    const width = Math.round(Math.min(share * 1.1, 1) * whole)
    window.Plotly.relayout(box, printing ? { width } : { width: null, autosize: true })
  }
}
window.addEventListener("beforeprint", () => resizeAll(true))
window.addEventListener("afterprint", () => resizeAll(false))

function make(parent, tag, name) {
  const part = document.createElement(tag)
  part.className = name
  parent.append(part)
  return part
}

function makeBox(parent) {
  const words = { title: make(parent, "h2", "csp-title"), subtitle: make(parent, "p", "csp-subtitle") }
  const box = make(parent, "div", "csp-chart")
  box.setAttribute("role", "img")
  words.below = make(parent, "p", "csp-below")
  words.table = make(parent, "button", "csp-table-button")
  words.table.type = "button"
  words.table.textContent = "Show as a table and download"
  box.words = words
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

// Plotly works out again whatever is a new object, so what is as before goes in as the object it was before.
function shared(now, before) {
  if (!now || !before || typeof now !== "object" || typeof before !== "object") return now
  const names = Object.keys(now)
  let same = names.length === Object.keys(before).length
  for (const name of names) {
    now[name] = shared(now[name], before[name])
    same &&= now[name] === before[name]
  }
  return same ? before : now
}

function draw(Plotly, box, figure, config) {
  const first = !box.layout
  if (!first) figure.data.forEach((trace, number) => shared(trace, box.data[number])) // the traces stay new objects
  Plotly.react(box, figure.data, figure.layout, config)
  if (!first) return
  box.drawnWidth = box.clientWidth // asked for once only: it makes the browser lay out the page
  box.on("plotly_click", (event) => box.picked?.(event.points[0]?.location))
}

// A map that is as wide as a telephone is less high than on a desk, and would leave blank ground below it.
function fit(box, layout) {
  const { xaxis, yaxis, margin } = layout
  if (!yaxis?.scaleanchor) return
  const across = box.clientWidth - margin.l - margin.r
  if (across <= 0) return
  const tall = (across * (yaxis.range[1] - yaxis.range[0])) / (xaxis.range[1] - xaxis.range[0])
  layout.height = Math.min(layout.height, Math.ceil(tall + margin.t + margin.b))
}

function write(words, texts) {
  for (const name of ["title", "subtitle", "below"]) {
    words[name].textContent = texts[name]
    words[name].hidden = !texts[name]
  }
}

// The first byte of the data says whether the table is open; the rest describes the chart.
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const open = data[0] === 49
  const text = decoder.decode(data.subarray(1))
  const box = parentElement.querySelector(":scope > .csp-chart") ?? makeBox(parentElement)
  box.picked = (place) => place && setTriggerValue("picked", place)
  box.words.table.setAttribute("aria-expanded", open)
  box.words.table.onclick = () => setStateValue("table", !open)
  if (box.shown !== text) {
    box.shown = text
    const { figure, config, alt, library: address, selectable, words, name } = JSON.parse(text)
    write(box.words, words)
    box.words.table.setAttribute("aria-label", `Show as a table and download: ${name}`)
    fit(box, figure.layout)
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
