// Arrow keys, Page up and down, Home and End move between the screens of a meeting, as on slides. Keys that belong to
// what has the focus, such as a text box or the list of screens, are left to it.

const OWN_KEYS = "input, textarea, select, [contenteditable], [role=combobox], [role=listbox], [role=dialog]"
const listening = new WeakMap()

function wanted(key, at, last) {
  return { ArrowRight: at + 1, PageDown: at + 1, ArrowLeft: at - 1, PageUp: at - 1, Home: 1, End: last }[key]
}

function scrolls(box, along) {
  return along ? box.scrollWidth > box.clientWidth + 1 : box.scrollHeight > box.clientHeight + 1
}

// On a small or enlarged screen the keys that scroll go on doing so.
function neededForScrolling(event) {
  if (event.key.startsWith("Arrow")) {
    const region = event.target.closest?.("[role=region]")
    return region ? scrolls(region, true) : false
  }
  return scrolls(document.querySelector("[data-testid=stMain]"), false)
}

export default function ({ data, parentElement, setTriggerValue }) {
  const before = listening.get(parentElement)
  if (before) window.removeEventListener("keydown", before)
  let at = data.at // moves on at once, so that two quick presses are two screens
  const hear = (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (event.target.closest?.(OWN_KEYS)) return
    const to = wanted(event.key, at, data.last)
    if (to === undefined || neededForScrolling(event)) return
    event.preventDefault()
    if (to < 1 || to > data.last || to === at) return
    at = to
    setTriggerValue("to", String(to))
  }
  listening.set(parentElement, hear)
  window.addEventListener("keydown", hear)
  return () => window.removeEventListener("keydown", listening.get(parentElement))
}
