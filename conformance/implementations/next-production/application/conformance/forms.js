'use client'

/**
 * A page with forms, for a browser without JavaScript: in the place of the controls of a form stand the buttons with functions
 * of their own, and behind each form the state that it shows, in the notation.
 */

import { createElement, Suspense, use, useActionState } from 'react'

import { decode, encode } from './notation.mjs'

export const formsOf = (forms) =>
  function Client({ received }) {
    const model = use(received)
    return forms.map((form, number) => createElement(Form, { form, model, key: number }))
  }

function Form({ form, model }) {
  const Kind = form.state ? Stateful : Stateless
  return createElement(Kind, { form, model })
}

const Stateless = ({ form, model }) => written(form, model, at(model, form.action))

function Stateful({ form, model }) {
  const { initial, permalink } = form.state
  const [state, action] = useActionState(at(model, form.action), decode(initial, {}), permalink)
  return [
    ...written(form, model, action),
    createElement(Suspense, { key: 'state' }, createElement(State, { state })),
  ]
}

const reference = (value) => value.$$FORM_ACTION && { $: 'reference' }

function State({ state }) {
  return createElement('output', null, JSON.stringify(use(encode(state, { function: reference }))))
}

const written = (form, model, action) => [
  ...placeholders(form.before, model),
  createElement('form', { action, key: 'form' }, placeholders(form.controls, model)),
]

const placeholders = (controls, model) =>
  [...everyControl(controls)]
    .filter(({ action }) => action)
    .map(({ id, action }) =>
      createElement('button', { formAction: at(model, action), id, key: id }),
    )

/** The controls of some controls, however deep. */
function* everyControl(controls = []) {
  for (const control of controls) {
    yield control
    yield* everyControl(control.legend)
    yield* everyControl(control.controls)
  }
}

/** The reference at a place of the entry's value, written as `$.a[0]`. */
function at(model, place) {
  const steps = [...place.matchAll(/\.([A-Za-z_$][\w$]*)|\[(\d+)\]/g)]
  return steps.reduce((value, [, name, index]) => value[name ?? index], model)
}
