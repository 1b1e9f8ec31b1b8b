/**
 * What a browser does with a form: the entry list, and what React's page made of the form before.
 *
 * Rules of this module:
 * - Controls are those of the protocol, as the user left them. Nothing here knows React; what a page wrote for a button
 *   with a function of its own is given.
 * - Entries are pairs of a name and a text or a File.
 */

const DIRECTED = ['text', 'hidden', 'search', 'tel', 'url', 'email', 'password']
const BUTTONS = ['submit', 'image', 'reset', 'button']

/**
 * The entries of a form (HTML, constructing the entry list).
 * @param {object[]} controls in tree order
 * @param {{control: object, at: number[]}|undefined} submitter
 * @param {Map<object, {name: string, value: string, fields: [string, string][]}>} [rendered] what the page wrote for buttons
 *   with a function of their own; without it, as when the program of the page submits, they give no entry
 */
export function entryList(controls, submitter, rendered) {
  return [...enabled(controls)].flatMap((control) => {
    const written = rendered?.get(control)
    const own = isButton(control)
      ? submitter?.control === control
        ? pressed(control, submitter.at, written)
        : []
      : [...filled(control)]
    return written ? [...own, ...written.fields] : own
  })
}

function* enabled(controls = []) {
  for (const control of controls) {
    if (control.tag === 'datalist') continue
    if (control.tag === 'fieldset') {
      yield* enabled(control.legend)
      if (!control.disabled) yield* enabled(control.controls)
    } else if (!control.disabled) yield control
  }
}

const typeOf = ({ tag, type }) => type ?? (tag === 'button' ? 'submit' : 'text')
const isButton = (control) => BUTTONS.includes(typeOf(control))

function pressed(control, [x, y], written) {
  if (written) return [[written.name, written.value]]
  const { name = '', value = '' } = control
  if (typeOf(control) === 'image') {
    const prefix = name && `${name}.`
    return [
      [`${prefix}x`, String(x)],
      [`${prefix}y`, String(y)],
    ]
  }
  return control.action || !name ? [] : [[name, value]]
}

function* filled(control) {
  if (!control.name) return
  for (const content of contents(control)) yield [control.name, content]
  if (control.dirname && control.tag !== 'select' && DIRECTED.includes(typeOf(control)))
    yield [control.dirname, control.direction ?? 'ltr']
}

function contents(control) {
  const { name, value } = control
  const type = typeOf(control)
  if (control.tag === 'select') return chosen(control)
  if (type === 'checkbox' || type === 'radio') return control.checked ? [value ?? 'on'] : []
  if (type === 'file') return control.files?.length ? control.files : [nothingChosen()]
  if (type === 'hidden' && name.toLowerCase() === '_charset_') return ['UTF-8']
  return [value ?? '']
}

function chosen({ options = [], multiple }) {
  const selected = options.filter((option) => option.selected)
  const shown = options.filter((option) => !option.disabled).slice(0, 1)
  const counted = selected.length || multiple ? selected : shown
  return counted.filter((option) => !option.disabled).map((option) => option.value)
}

const nothingChosen = () => new File([], '', { type: 'application/octet-stream' })

/** The controls of some controls, however deep. */
export function* everyControl(controls = []) {
  for (const control of controls) {
    yield control
    yield* everyControl(control.legend)
    yield* everyControl(control.controls)
  }
}

/** The entries as a server reads them in `multipart/form-data`: line breaks are CRLF, every file has a type. */
export function asReceived(entries) {
  const body = new FormData()
  for (const [name, content] of entries)
    body.append(crlf(name), typeof content === 'string' ? crlf(content) : typed(content))
  return body
}

const typed = (file) =>
  file.type ? file : new File([file], file.name, { type: 'application/octet-stream' })

const crlf = (text) => text.replace(/\r\n|\r|\n/g, '\r\n')

/** The entries with another character at one place of all that names the function. */
export function tampered(entries, place, isField) {
  const total = entries.filter(isField).reduce((sum, field) => sum + field.join('').length, 0)
  let rest = place % total
  return entries.map((entry) => {
    if (!isField(entry)) return entry
    return entry.map((text) => {
      const at = rest
      rest -= text.length
      if (at < 0 || at >= text.length) return text
      return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
    })
  })
}
