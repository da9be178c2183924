/** A text inside of HTML, between tags as well as in a quoted attribute. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** A table of two columns. */
export function factTable(facts: [name: string, value: string][]): string {
  const rows = facts.map(
    ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`
  )
  return `<table class="facts">${rows.join('')}</table>`
}
