/* Runs before the first paint, so that a chosen theme never flashes. */
'use strict'
try {
  const theme = localStorage.getItem('theme')
  if (theme) document.documentElement.dataset.theme = theme
} catch {
  /* Storage may be forbidden; the system's colours will do. */
}
