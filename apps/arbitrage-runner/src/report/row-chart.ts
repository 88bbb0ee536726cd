import { escapeHtml } from './escape-html.js'

const width = 640
const rowHeight = 24
const barHeight = 14
const nameWidth = 170
const valueWidth = 90

export interface RowChartOptions {
  readonly title: string
  /** What the chart shows, in a sentence, for those who do not see it. */
  readonly description: string
  /** What the values count. */
  readonly unit: string
  readonly rows: readonly (readonly [name: string, value: number])[]
  readonly format?: (value: number) => string
}

/** A bar a row, each with its name and its value, as inline SVG in a figure; for categories. Negative values go to the left. */
export function createRowChart({ title, description, unit, rows, format = short }: RowChartOptions): string {
  const caption = `<figcaption>${escapeHtml(title)}${unit === '' ? '' : `, ${escapeHtml(unit)}`}</figcaption>`
  if (rows.length === 0) return `<figure>${caption}<p class="empty">Nothing to show.</p></figure>`
  const values = rows.map(([, value]) => value)
  const low = Math.min(0, ...values)
  const span = Math.max(0, ...values) - low || 1
  const room = width - nameWidth - valueWidth
  const at = (value: number): number => nameWidth + ((value - low) / span) * room
  const bars = rows.map(([name, value], index) => {
    const top = index * rowHeight
    const [left, right] = [at(Math.min(0, value)), at(Math.max(0, value))]
    const middle = top + rowHeight / 2 + 4
    return (
      `<text class="tick" x="${nameWidth - 8}" y="${middle}" text-anchor="end">${escapeHtml(name)}</text>` +
      `<rect x="${px(left)}" y="${top + (rowHeight - barHeight) / 2}" width="${px(Math.max(1, right - left))}" height="${barHeight}"/>` +
      `<text class="tick" x="${px(at(Math.max(0, value)) + 6)}" y="${middle}">${escapeHtml(format(value))}</text>`
    )
  })
  const height = rows.length * rowHeight
  return (
    `<figure>${caption}<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${title}. ${description}`)}">` +
    `<g class="bars second">${bars.join('\n')}</g><path class="axis" d="M${px(at(0))} 0V${height}"/></svg></figure>`
  )
}

const px = (value: number): string => String(Math.round(value * 10) / 10)
const short = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en-US') : String(Number(value.toPrecision(4)))
