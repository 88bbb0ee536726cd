import { escapeHtml } from './escape-html.js'

export interface Column<Row> {
  readonly name: string
  readonly of: (row: Row) => string | number
  /** Words, set to the left. */
  readonly isText?: boolean
  /** Coloured by its sign. */
  readonly isGain?: boolean
}

/** Rows as a table that scrolls by itself where the page is narrow. */
export function createTable<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): string {
  if (rows.length === 0) return '<p class="empty">Nothing to show.</p>'
  const head = columns.map(({ name, isText }) => `<th scope="col"${cssOf(isText && 'text')}>${escapeHtml(name)}</th>`)
  const body = rows.map((row) => `<tr>${columns.map((column) => createCell(column, row)).join('')}</tr>`)
  return `<div class="table" role="region" tabindex="0" aria-label="${escapeHtml(caption)}"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`
}

function createCell<Row>({ of, isText, isGain }: Column<Row>, row: Row): string {
  const value = of(row)
  const number = Number(value)
  const sign = isGain === true && number !== 0 ? (number < 0 ? 'loss' : 'gain') : undefined
  return `<td${cssOf(isText && 'text', sign)}>${escapeHtml(String(value))}</td>`
}

function cssOf(...names: readonly (string | false | undefined)[]): string {
  const given = names.filter((name) => typeof name === 'string')
  return given.length === 0 ? '' : ` class="${given.join(' ')}"`
}
