'use client'

/** The client's half of a case, which tells the adapter's browser what it has. */

import { useEffect } from 'react'

export const clientOf = (program) =>
  function Client({ received }) {
    useEffect(() => {
      const tools = () => import('./tools.js')
      globalThis.useServerConformance({ program, received, tools })
    }, [received])
    return null
  }
