// An editor for one rule: problems with their fixes, completion, the count and the rule in words while one types.
import {autocompletion} from "@codemirror/autocomplete"
import {linter} from "@codemirror/lint"
import {EditorView, basicSetup} from "codemirror"

const client = () => document.querySelector("#client").value

async function ask(path, body) {
  const answer = await fetch(path, {
    method: "POST", headers: {"Content-Type": "application/json", "X-Client": client()}, body: JSON.stringify(body),
  })
  return answer.json()
}

// SegQL counts code points, CodeMirror the units of JavaScript's strings.
const units = (text, points) => [...text].slice(0, points).join("").length
const points = (text, at) => [...text.slice(0, at)].length

const problems = linter(async view => {
  const text = view.state.doc.toString()
  const {problems} = await ask("/validate", {rule: text})
  await say(text, problems)
  return problems.map(one => ({
    from: units(text, one.start), to: Math.max(units(text, one.end), units(text, one.start)),
    severity: one.severity === "hint" ? "info" : one.severity,
    message: one.message + (one.hint ? "\n" + one.hint : ""),
    actions: one.fixes.map(fix => ({
      name: fix.text, apply: view => view.dispatch({
        changes: {from: units(text, fix.start), to: units(text, fix.end), insert: fix.text},
      }),
    })),
  }))
}, {delay: 300})

async function offers(context) {
  const text = context.state.doc.toString()
  const {options} = await ask("/complete", {rule: text, cursor: points(text, context.pos)})
  if (!options.length) return null
  const from = units(text, options[0].start)
  return {
    from, filter: false,
    options: options.filter(one => units(text, one.start) === from).map(one => ({label: one.text, detail: one.kind})),
  }
}

async function say(text, problems) {
  const count = document.querySelector("#count"), english = document.querySelector("#english")
  const wrong = problems.find(one => one.severity === "error")
  document.querySelector("#problem").textContent = wrong && text.trim() ? wrong.message : ""
  if (wrong || !text.trim()) {
    count.textContent = english.textContent = ""
    return
  }
  const [found, said] = await Promise.all([ask("/count", {rule: text}), ask("/explain", {rule: text})])
  if (view.state.doc.toString() !== text) return
  count.textContent = `${found.members.toLocaleString("en")} of ${found.profiles.toLocaleString("en")} people`
  english.textContent = said.english
}

const view = new EditorView({
  doc: new URLSearchParams(location.search).get("rule") ?? "can receive email and placed order in 90d", parent: document.querySelector("#editor"),
  extensions: [basicSetup, EditorView.lineWrapping, problems, autocompletion({override: [offers]})],
})
document.querySelector("#client").addEventListener("change", () => view.dispatch({
  changes: {from: 0, to: view.state.doc.length, insert: view.state.doc.toString()},
}))
window.view = view
