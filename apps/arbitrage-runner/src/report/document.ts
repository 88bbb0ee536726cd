import { escapeHtml } from './escape-html.js'
import { styleSheet } from './style-sheet.js'

/** What every report is made of; the parts are HTML but for title, notes and numbers. */
export interface DocumentParts {
  readonly title: string
  /** One line of HTML below the title. */
  readonly subtitle: string
  readonly notes: readonly string[]
  readonly numbers: readonly (readonly [name: string, value: string])[]
  readonly charts: readonly string[]
  readonly sections: readonly (readonly [heading: string, body: string])[]
}

/** A report as one HTML document that needs nothing else: no script, no font, no network. */
export function createDocument({ title, subtitle, notes, numbers, charts, sections }: DocumentParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${styleSheet}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="muted">${subtitle}</p>
<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>
<dl class="numbers">${numbers.map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')}</dl>
<h2>Charts</h2>
<div class="charts">
${charts.join('\n')}
</div>
${sections.map(([heading, body]) => `<section><h2>${escapeHtml(heading)}</h2>${body}</section>`).join('\n')}
</main>
</body>
</html>
`
}
