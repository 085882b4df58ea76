// The box for a note of a meeting. What is typed is kept in this browser until the server says that it has it, so that
// neither a reload nor a lost connection loses it.

const DRAFT = "csp-note "
const NAME = "csp-note-name"
const LABELS = { note: "Note", decision: "Decision", action: "Action" }

const stored = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {}
  } catch {
    return {}
  }
}
const store = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {} // a browser that keeps nothing: the note can still be sent
}

const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(16).slice(2)}`

function part(parent, tag, settings = {}) {
  const made = Object.assign(document.createElement(tag), settings)
  parent.append(made)
  return made
}

function labelled(parent, text, tag, settings) {
  const label = part(parent, "label", { textContent: text })
  return part(label, tag, settings)
}

function make(parent, kinds, longest) {
  const form = part(parent, "form", { className: "csp-note" })
  form.about = part(form, "p")
  form.text = labelled(form, "What was said", "textarea", { rows: 4, maxLength: longest, required: true })
  const row = part(form, "div")
  form.kind = labelled(row, "Kind", "select")
  for (const kind of kinds) part(form.kind, "option", { value: kind, textContent: LABELS[kind] ?? kind })
  form.who = labelled(row, "Who (may be left empty)", "input", { maxLength: 200 })
  form.meeting = labelled(row, "Day of the meeting", "input", { type: "date", required: true })
  part(form, "p", { textContent: "Everybody who may use this release sees it. Do not type what identifies a victim." })
  part(form, "button", { type: "submit", textContent: "Keep" })
  form.status = part(form, "p", { className: "csp-note-status" })
  form.status.setAttribute("role", "status")
  return form
}

export default function ({ data, parentElement, setTriggerValue }) {
  const form = parentElement.querySelector(":scope > form") ?? make(parentElement, data.kinds, data.longest)
  const key = DRAFT + data.place
  if (!form.ready) {
    form.ready = true
    const draft = stored(key)
    form.text.value = draft.text ?? ""
    form.kind.value = draft.kind ?? "note"
    form.who.value = stored(NAME).who ?? ""
    form.meeting.value = data.today
    form.about.textContent = data.about
    if (draft.text) form.status.textContent = "Typed before and not kept yet."
  }
  const remember = (id) => {
    if (form.text.value) store(key, { text: form.text.value, kind: form.kind.value, id })
    else localStorage.removeItem(key)
  }
  form.oninput = () => {
    remember()
    store(NAME, { who: form.who.value })
    form.status.textContent = ""
  }
  form.onsubmit = (event) => {
    event.preventDefault()
    if (!form.text.value.trim()) return
    const id = stored(key).id ?? newId()
    remember(id)
    form.status.textContent = "Being kept…"
    const { text, kind, who, meeting } = form
    setTriggerValue("entry", { id, text: text.value, kind: kind.value, who: who.value, meeting: meeting.value })
  }
  const draft = stored(key)
  if (data.id && draft.id === data.id) {
    if (data.error) form.status.textContent = data.error
    else {
      localStorage.removeItem(key)
      form.text.value = ""
      form.status.textContent = "Kept."
    }
  }
}
