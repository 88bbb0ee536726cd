import { escapeHtml } from './escape-html.js'
import { createLinearScale, createLogScale, createTimeScale, formatTimeTick, type Scale } from './scale.js'

const [width, height] = [640, 260]
const margin = { left: 78, right: 28, top: 12, bottom: 40 }

export interface Series {
  readonly name: string
  /** A class of the page's style sheet. */
  readonly tone: 'first' | 'second'
  /** A `y` of `NaN` breaks a line. */
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly shape: 'line' | 'steps' | 'dots' | 'bars'
}

export interface ChartOptions {
  readonly title: string
  /** What the chart shows, in a sentence, for those who do not see it. */
  readonly description: string
  readonly xLabel: string
  readonly yLabel: string
  readonly series: readonly Series[]
  /** `time` takes Unix milliseconds. */
  readonly xScale?: 'linear' | 'log' | 'time'
  /** Values that the x axis reaches at least. */
  readonly xRange?: readonly [from: number, to: number]
  /** Width of a bar on the x axis; 1 by default. */
  readonly barSpan?: number
  /** Whether the y axis begins at zero; it does by default. */
  readonly fromZero?: boolean
  readonly formatX?: (value: number) => string
  readonly formatY?: (value: number) => string
  /** A vertical line with a name. */
  readonly mark?: { readonly x: number; readonly name: string }
  /** Draws y = x, for comparisons. */
  readonly diagonal?: boolean
}

const scales = { linear: createLinearScale, log: createLogScale, time: createTimeScale } as const

/** A chart as inline SVG in a figure; coloured by the page. */
export function createChart(options: ChartOptions): string {
  const { title, description, series, mark } = options
  const points = series.flatMap((each) => each.points)
  const caption = `<figcaption>${escapeHtml(title)}</figcaption>`
  if (points.length === 0) return `<figure>${caption}<p class="empty">Nothing to show.</p></figure>`
  // Bars of categories stand whole within the frame.
  const barSpan = options.barSpan ?? 1
  const room = series.some(({ shape }) => shape === 'bars') ? barSpan / 2 : 0
  const xs = [...points.flatMap(([x]) => [x - room, x + room]), ...(mark ? [mark.x] : []), ...(options.xRange ?? [])]
  const ys = points.map(([, y]) => y).filter((y) => !Number.isNaN(y))
  const x = scales[options.xScale ?? 'linear'](xs, margin.left, width - margin.right)
  const y = createLinearScale(options.fromZero === false ? ys : [0, ...ys], height - margin.bottom, margin.top)
  const legend = series.length > 1 ? createLegend(series) : ''
  return [
    `<figure>${caption}`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${title}. ${description}`)}">`,
    createAxes(x, y, options),
    options.diagonal === true ? createDiagonal(x, y) : '',
    mark ? createMark(x, mark) : '',
    ...series.map((each) => drawSeries(each, x, y, barSpan)),
    `</svg>${legend}</figure>`,
  ].join('\n')
}

function createAxes(x: Scale, y: Scale, options: ChartOptions): string {
  const { xLabel, yLabel, formatY = plain, xScale } = options
  const formatX = options.formatX ?? (xScale === 'time' ? formatTimeTick : plain)
  const bottom = height - margin.bottom
  const rows = y.ticks.map(
    (tick) =>
      `<path class="grid" d="M${margin.left} ${px(y.at(tick))}H${width - margin.right}"/>` +
      `<text class="tick" x="${margin.left - 6}" y="${px(y.at(tick) + 4)}" text-anchor="end">${escapeHtml(formatY(tick))}</text>`,
  )
  const columns = x.ticks.map(
    (tick) =>
      `<text class="tick" x="${px(x.at(tick))}" y="${bottom + 16}" text-anchor="middle">${escapeHtml(formatX(tick))}</text>`,
  )
  return [
    ...rows,
    ...columns,
    `<path class="axis" d="M${margin.left} ${px(Math.min(bottom, y.at(0)))}H${width - margin.right}"/>`,
    `<text class="label" x="${(margin.left + width) / 2}" y="${height - 6}" text-anchor="middle">${escapeHtml(xLabel)}</text>`,
    `<text class="label" transform="translate(14 ${height / 2 - 10}) rotate(-90)" text-anchor="middle">${escapeHtml(yLabel)}</text>`,
  ].join('')
}

function drawSeries({ shape, points, tone, name }: Series, x: Scale, y: Scale, barSpan: number): string {
  const title = `<title>${escapeHtml(name)}</title>`
  if (shape === 'dots')
    return `<g class="dots ${tone}">${title}${points.map(([px_, py]) => `<circle cx="${px(x.at(px_))}" cy="${px(y.at(py))}" r="2.5"/>`).join('')}</g>`
  if (shape === 'bars') {
    const barPx = Math.max(1, Math.min(48, 0.8 * (x.at(points[0]![0] + barSpan) - x.at(points[0]![0]))))
    const bars = points.map(([at, value]) => {
      const [top, bottom] = [y.at(Math.max(0, value)), y.at(Math.min(0, value))]
      return `<rect x="${px(x.at(at) - barPx / 2)}" y="${px(top)}" width="${px(barPx)}" height="${px(Math.max(0.5, bottom - top))}"/>`
    })
    return `<g class="bars ${tone}">${title}${bars.join('')}</g>`
  }
  const steps = points.map(([at, value], index) => {
    if (Number.isNaN(value)) return ''
    if (index === 0 || Number.isNaN(points[index - 1]![1])) return `M${px(x.at(at))} ${px(y.at(value))}`
    return shape === 'steps' ? `H${px(x.at(at))}V${px(y.at(value))}` : `L${px(x.at(at))} ${px(y.at(value))}`
  })
  return `<path class="line ${tone}" d="${steps.join('')}">${title}</path>`
}

function createDiagonal(x: Scale, y: Scale): string {
  const from = Math.max(x.ticks[0]!, y.ticks[0]!)
  const to = Math.min(x.ticks.at(-1)!, y.ticks.at(-1)!)
  if (from >= to) return ''
  return `<path class="guide" d="M${px(x.at(from))} ${px(y.at(from))}L${px(x.at(to))} ${px(y.at(to))}"/>`
}

function createMark(x: Scale, { x: at, name }: { readonly x: number; readonly name: string }): string {
  const position = px(x.at(at))
  return (
    `<path class="guide" d="M${position} ${margin.top}V${height - margin.bottom}"/>` +
    `<text class="tick" x="${px(x.at(at) + 5)}" y="${margin.top + 10}">${escapeHtml(name)}</text>`
  )
}

const createLegend = (series: readonly Series[]): string =>
  `<p class="legend">${series.map(({ name, tone }) => `<span class="${tone}">${escapeHtml(name)}</span>`).join('')}</p>`

const px = (value: number): string => String(Math.round(value * 10) / 10)
const plain = (value: number): string =>
  Math.abs(value) >= 10_000 ? value.toLocaleString('en-US') : String(Number(value.toPrecision(6)))
