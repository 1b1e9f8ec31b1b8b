/*
 * What the pages do beyond standing there: search, filters that live in the address, themes, copying, and the page
 * about moving. Everything that is shown is in the page or in a script beside it; nothing is fetched.
 */
'use strict'

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

const useServer = (() => {
  const root = document.documentElement.dataset.root
  const arrived = new Map()

  const arrival = (name) => {
    if (!arrived.has(name)) arrived.set(name, Promise.withResolvers?.() ?? resolvers())
    return arrived.get(name)
  }

  const resolvers = () => {
    const made = {}
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
    return made
  }

  /** A data script calls this with what it brings. */
  const receive = (name, data) => arrival(name).resolve(data)

  /** The data of a script in data/, loaded when it is first wanted. */
  const load = (name) => {
    const known = arrived.has(name)
    const { promise, reject } = arrival(name)
    if (!known) {
      const script = element('script', { src: `${root}data/${name}.js` })
      script.onerror = () => reject(new Error(`data/${name}.js is missing`))
      document.head.append(script)
    }
    return promise
  }

  return { root, receive, load }
})()

const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`

const grouped = (number) => number.toLocaleString('en')

/** Text with code between backticks, as nodes. */
const spoken = (text) => {
  const parts = text.split('`')
  if (parts.length % 2 === 0) return [text]
  return parts.map((part, place) => (place % 2 ? element('code', {}, part) : part))
}

/* The address keeps the state of a form: what is not as it was at first stands behind the question mark. */

const formState = (form, changed) => {
  const fields = [...form.elements].filter((field) => field.name)
  const initial = new Map(fields.map((field) => [field.name, field.value]))
  const given = new URLSearchParams(location.search)
  for (const field of fields) {
    if (given.has(field.name)) field.value = given.get(field.name)
    if (field.value === '' && field.options?.length && ![...field.options].some((option) => option.value === ''))
      field.value = initial.get(field.name)
  }
  const values = () => Object.fromEntries(fields.map((field) => [field.name, field.value.trim()]))
  const update = () => {
    const query = new URLSearchParams()
    for (const field of fields) if (field.value !== initial.get(field.name)) query.set(field.name, field.value)
    const text = query.toString()
    history.replaceState(null, '', `${location.pathname}${text && `?${text}`}${location.hash}`)
    changed(values())
  }
  form.addEventListener('input', update)
  form.addEventListener('submit', (event) => event.preventDefault())
  changed(values())
  return update
}

/* The matrix */

const setUpMatrix = (form) => {
  const { chapters, subjects } = JSON.parse(document.getElementById('scores').textContent)
  const rows = new Map([...document.querySelectorAll('[data-subject]')].map((row) => [row.dataset.subject, row]))
  const output = form.querySelector('output')

  const tally = (scores, chapter, level, kind) => {
    const sum = [0, 0, 0, 0]
    for (const [key, numbers] of Object.entries(scores)) {
      const [itsChapter, itsClass, itsLevel] = key.split(' ')
      if ((!chapter || chapter === itsChapter) && (!level || level === itsLevel) && (!kind || kind === itsClass))
        numbers.forEach((number, place) => (sum[place] += number))
    }
    return sum
  }

  const fill = (cell, [passed, failed, unasked, inapplicable]) => {
    const tested = passed + failed
    const condition = failed ? 'fail' : passed ? 'pass' : unasked ? 'unsupported' : 'not-applicable'
    const link = cell.firstElementChild
    cell.className = cell.className.replace(/^\S*/, condition)
    link.title =
      `${passed} pass, ${failed} fail, ${unasked} not asked` + (inapplicable ? `, ${inapplicable} do not apply` : '')
    const sign = element('b', { class: `mark ${condition}` }, { fail: '✗', pass: '✓', unsupported: '?' }[condition] ?? '·')
    const words = { fail: ` of ${grouped(tested)}`, pass: ' pass', unsupported: ' not asked' }[condition]
    const number = { fail: ` ${grouped(failed)}`, pass: ` ${grouped(passed)}` }[condition] ?? ''
    const rest = words
      ? element('span', { class: 'of' }, words)
      : element('span', { class: 'unseen' }, 'does not apply')
    if (failed) rest.append(element('span', { class: 'unseen' }, ' fail'))
    const meter = element('span', { class: 'meter', 'aria-hidden': 'true' })
    for (const [name, amount] of [['pass', passed], ['fail', failed], ['unsupported', unasked]])
      meter.append(element('i', { class: name, style: `flex:${amount}` }))
    link.replaceChildren(sign, number, rest, meter)
  }

  formState(form, ({ level, class: kind, versions, name }) => {
    let shown = 0
    for (const subject of subjects) {
      const row = rows.get(subject.id)
      row.hidden = (versions === 'newest' && !subject.newest) || !subject.id.includes(name.toLowerCase())
      if (row.hidden) continue
      shown += 1
      const cells = row.querySelectorAll('td')
      chapters.forEach((chapter, place) => fill(cells[place], tally(subject.scores, chapter, level, kind)))
      fill(cells[chapters.length], tally(subject.scores, '', level, kind))
    }
    output.textContent = count(shown, 'implementation')
  })
}

/* The table of a chapter */

const setUpRows = (form) => {
  const table = document.querySelector('.grid')
  const rows = [...table.querySelectorAll('[data-name]')]
  const output = form.querySelector('output')

  formState(form, ({ show, versions, name }) => {
    for (const cell of table.querySelectorAll('[data-older]')) cell.hidden = versions === 'newest'
    let shown = 0
    for (const row of rows) {
      const cells = [...row.querySelectorAll('td:not([hidden])')]
      const conditions = new Set(cells.map((cell) => cell.className).filter((kind) => kind === 'pass' || kind === 'fail'))
      const wanted = show === 'fail' ? conditions.has('fail') : show === 'differ' ? conditions.size > 1 : true
      row.hidden = !wanted || !row.dataset.name.includes(name.toLowerCase())
      shown += !row.hidden
    }
    for (const group of table.tBodies) group.hidden = ![...group.rows].some((row) => row.dataset.name && !row.hidden)
    output.textContent = count(shown, 'clause')
  })
}

/* Moving from one implementation to another */

const FAILS = 'fct'

const setUpMoving = async (form) => {
  const place = document.getElementById('changes')
  const output = form.querySelector('output')
  const data = await useServer.load('moving')
  const given = new URLSearchParams(location.search)
  if (!given.has('to')) form.elements.to.selectedIndex = Math.min(1, form.elements.to.options.length - 1)

  const compare = (before, after, level) => {
    const changes = { stops: [], starts: [], unknown: 0 }
    data.points.forEach(([caseNumber, observation], number) => {
      const [id, title, clause, chapter, itsLevel] = data.cases[caseNumber]
      if (level && level !== itsLevel) return
      const [from, to] = [before.outcomes[number], after.outcomes[number]]
      const change = { id, title, clause, chapter, observation, number }
      if (from === 'p' && FAILS.includes(to)) changes.stops.push(change)
      else if (FAILS.includes(from) && to === 'p') changes.starts.push(change)
      else if ((from === 'p' && to === 'u') || (from === 'u' && to === 'p')) changes.unknown += 1
    })
    return changes
  }

  const groups = (changes, name) => {
    const found = new Map()
    for (const change of changes) found.set(name(change), [...(found.get(name(change)) ?? []), change])
    return [...found.values()]
  }

  const byCase = (changes) => groups(changes, ({ id }) => id).map(([first]) => first)

  const claim = (change, sign) =>
    element(
      'p',
      {},
      element('b', { class: `mark ${sign}`, 'aria-hidden': 'true' }, sign === 'pass' ? '✓ ' : '✗ '),
      ...spoken(change.title),
      ' ',
      element('a', { href: `clauses/${change.clause}.html#${change.id}` }, element('code', {}, change.id)),
    )

  /** By chapter, and in a chapter by what happens instead: that is said once. */
  const list = (changes, sign, told) => {
    const sections = []
    for (const [chapter, title] of data.chapters) {
      const own = byCase(changes.filter((change) => change.chapter === chapter))
      if (own.length === 0) continue
      const items = groups(own, ({ number, id }) => told[number] ?? id).map((group) => {
        const why = told[group[0].number]
        const claims = group.map((change) => claim(change, sign))
        return element('li', {}, ...claims, ...(why ? [element('p', { class: 'why' }, ...spoken(why))] : []))
      })
      sections.push(element('h3', {}, title, ' ', element('span', { class: 'count' }, String(own.length))))
      sections.push(element('ul', { class: 'changes' }, ...items))
    }
    return sections
  }

  const choices = (before, after) => {
    const items = []
    for (const [id, [question, options]] of Object.entries(data.choices)) {
      const [from, to] = [before.choices[id], after.choices[id]]
      if (!from || !to || from === to) continue
      const then = element('p', { class: 'why' }, `${before.name}: ${options[from]}`)
      const now = element('p', { class: 'why' }, `${after.name}: ${options[to]}`)
      items.push(element('li', {}, element('p', {}, question), then, now))
    }
    return items.length ? [element('h2', {}, 'Decided otherwise'), element('ul', { class: 'changes' }, ...items)] : []
  }

  const section = (title, changes, sign, told, none) => [
    element('h2', {}, title, ' ', element('span', { class: 'count' }, String(byCase(changes).length))),
    ...(changes.length ? list(changes, sign, told) : [element('p', {}, none)]),
  ]

  let latest = 0
  const show = async ({ from, to, level }) => {
    const turn = (latest += 1)
    const [before, after] = [from, to].map((id) => data.subjects.find((subject) => subject.id === id))
    if (!before || !after) return
    const changes = compare(before, after, level)
    const [toldBefore, toldAfter] = await Promise.all([useServer.load(from), useServer.load(to)])
    if (turn !== latest) return
    place.replaceChildren(
      ...section(`Stops working in ${after.name}`, changes.stops, 'fail', toldAfter, 'Nothing that was tested.'),
      ...section(`Starts working in ${after.name}`, changes.starts, 'pass', toldBefore, 'Nothing that was tested.'),
      ...choices(before, after),
      ...(changes.unknown
        ? [element('p', { class: 'note' }, `${count(changes.unknown, 'point')} could be asked of only one of the two; nothing is said about them.`)]
        : []),
    )
    const [stops, starts] = [changes.stops, changes.starts].map((some) => byCase(some).length)
    output.textContent = `${stops} stop working, ${starts} start working`
  }

  const update = formState(form, show)
  form.querySelector('.swap').addEventListener('click', () => {
    const { from, to } = form.elements
    ;[from.value, to.value] = [to.value, from.value]
    update()
  })
}

/* Search: a combo box over clauses, cases and implementations */

const setUpSearch = (form) => {
  const input = form.querySelector('input')
  const found = form.querySelector('ul')
  const MOST = 30
  let entries = []
  let selected = -1

  const rank = ([kind, title, detail], words) => {
    const name = title.toLowerCase()
    const text = `${name} ${detail.toLowerCase()}`
    if (!words.every((word) => text.includes(word))) return -1
    const start = name.startsWith(words[0]) ? 4 : name.includes(words[0]) ? 2 : 0
    return start + { implementation: 2, clause: 1, case: 0 }[kind]
  }

  const close = () => {
    found.hidden = true
    selected = -1
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }

  const select = (number) => {
    const options = [...found.children]
    if (options.length === 0 || found.hidden) return
    selected = (number + options.length) % options.length
    options.forEach((option, place) => option.setAttribute('aria-selected', String(place === selected)))
    options[selected].scrollIntoView({ block: 'nearest' })
    input.setAttribute('aria-activedescendant', options[selected].id)
  }

  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
    if (words.length === 0) return close()
    const ranked = entries.map((entry) => [rank(entry, words), entry]).filter(([weight]) => weight >= 0)
    ranked.sort(([one], [other]) => other - one)
    const options = ranked.slice(0, MOST).map(([, [kind, title, detail, address]], number) =>
      element(
        'li',
        { role: 'option', id: `found-${number}`, 'aria-selected': 'false', 'data-address': useServer.root + address },
        element('span', { class: 'kind' }, kind),
        title,
        element('span', { class: 'detail' }, ...spoken(detail)),
      ),
    )
    found.replaceChildren(...(options.length ? options : [element('li', { role: 'option', 'aria-disabled': 'true' }, 'Nothing found')]))
    found.hidden = false
    input.setAttribute('aria-expanded', 'true')
    selected = -1
    if (options.length) select(0)
  }

  const follow = (option) => {
    if (option?.dataset.address) location.href = option.dataset.address
  }

  input.addEventListener('focus', async () => {
    entries = await useServer.load('search')
    show()
  })
  input.addEventListener('input', show)
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') select(selected + 1)
    else if (event.key === 'ArrowUp') select(selected - 1)
    else if (event.key === 'Enter') follow(found.children[selected])
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
  })
  found.addEventListener('mousedown', (event) => {
    event.preventDefault()
    follow(event.target.closest('li'))
  })
  input.addEventListener('blur', close)
  form.addEventListener('submit', (event) => event.preventDefault())
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, select, textarea')
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      input.focus()
    }
  })
}

/* Small things */

const setUpTheme = (button) => {
  const NAMES = { '': 'as the system', light: 'light', dark: 'dark' }
  const SIGNS = { '': '◐', light: '○', dark: '●' }
  const html = document.documentElement
  const show = () => {
    const theme = html.dataset.theme ?? ''
    button.textContent = SIGNS[theme]
    button.setAttribute('aria-label', `Colours: ${NAMES[theme]}`)
  }
  button.addEventListener('click', () => {
    const themes = Object.keys(NAMES)
    const theme = themes[(themes.indexOf(html.dataset.theme ?? '') + 1) % themes.length]
    if (theme) html.dataset.theme = theme
    else delete html.dataset.theme
    try {
      localStorage.setItem('theme', theme)
    } catch {
      /* Then it lasts as long as the page. */
    }
    show()
  })
  show()
}

const setUpCopying = () => {
  document.addEventListener('click', async ({ target }) => {
    if (!target.matches?.('.copy')) return
    const text = target.parentElement.querySelector('code').textContent
    try {
      await navigator.clipboard.writeText(text)
      target.textContent = 'Copied'
    } catch {
      getSelection().selectAllChildren(target.parentElement.querySelector('code'))
      target.textContent = 'Selected'
    }
  })
}

/** Mark the section that is being read in the table of contents. */
const setUpContents = (contents) => {
  const links = new Map([...contents.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]))
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean)
  if (matchMedia('(max-width: 60rem)').matches) contents.open = false
  const observer = new IntersectionObserver(
    () => {
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 120)
      const current = passed.at(-1)?.id
      for (const [id, link] of links)
        if (id === current) link.setAttribute('aria-current', 'true')
        else link.removeAttribute('aria-current')
      const shown = links.get(current)
      if (shown) contents.scrollTop = shown.offsetTop - contents.clientHeight / 2
    },
    { rootMargin: '0px 0px -80% 0px' },
  )
  headings.forEach((heading) => observer.observe(heading))
}

/** A link to something folded away opens it. */
const openTarget = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
  for (let fold = target?.closest?.('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true
}

const setUp = (selector, what) => {
  const found = document.querySelector(selector)
  if (found) what(found)
}

setUp('.search', setUpSearch)
setUp('.theme', setUpTheme)
setUp('[data-filters]', setUpMatrix)
setUp('[data-rows]', setUpRows)
setUp('[data-moving]', setUpMoving)
setUp('.contents', setUpContents)
setUpCopying()
addEventListener('hashchange', openTarget)
openTarget()
