import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { formatAmount } from '../model/format.js'

/** Unix milliseconds and the value; `null` breaks the line. */
export type LinePoint = readonly [atMs: number, value: number | null]

export interface LineChartProps {
  /** Oldest first. */
  readonly points: readonly LinePoint[]
  /** What a screen reader says. */
  readonly label: string
  readonly unit: string
}

const height = 240
const secondsPerDay = 86_400

/** One line over time, drawn on a canvas; new points are added without drawing the rest of the page. */
export function LineChart({ points, label, unit }: LineChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | undefined>(undefined)

  useEffect(() => {
    const element = box.current!
    const create = (): void => {
      const data = chart.current?.data ?? [[], []]
      chart.current?.destroy()
      chart.current = new uPlot(options(element, unit), data as uPlot.AlignedData, element)
    }
    create()
    const resize = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height }))
    resize.observe(element)
    const scheme = window.matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', create)
    window.addEventListener('themechange', create)
    return () => {
      resize.disconnect()
      scheme.removeEventListener('change', create)
      window.removeEventListener('themechange', create)
      chart.current?.destroy()
      chart.current = undefined
    }
  }, [unit])

  useEffect(() => {
    chart.current?.setData([points.map(([atMs]) => atMs / 1000), points.map(([, value]) => value)])
  }, [points])

  return <div ref={box} class="chart" role="img" aria-label={label} />
}

function options(element: HTMLElement, unit: string): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    font: '12px system-ui, sans-serif',
  }
  return {
    width: element.clientWidth,
    height,
    cursor: { y: false, points: { size: 6 } },
    legend: { show: false },
    scales: { x: { time: true }, y: { range: padded } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    axes: [
      { ...axis, values: (_chart, ticks) => times(ticks) },
      { ...axis, size: 72, values: (_chart, ticks) => labels(ticks) },
    ],
    series: [
      {},
      { label: unit, stroke: colour('--accent'), width: 2, fill: colour('--accent-soft'), points: { show: false } },
    ],
  }
}

/** Of day in UTC, with seconds where ticks are close; the day itself at midnight. */
function times(ticks: readonly number[]): string[] {
  const close = ticks.length > 1 && ticks[1]! - ticks[0]! < 60
  return ticks.map((tick) => {
    const text = new Date(tick * 1000).toISOString()
    return tick % secondsPerDay === 0 ? text.slice(5, 10) : text.slice(11, close ? 19 : 16)
  })
}

/** Decimals enough to tell neighbouring ticks apart. */
function labels(ticks: readonly number[]): string[] {
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : 1
  const decimals = Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)))
  return ticks.map((tick) => formatAmount(tick, decimals))
}

/** A flat line needs room too. */
function padded(_chart: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1]
  const room = Math.max((high - low) * 0.1, Math.abs(high) * 1e-7, 1e-6)
  return [low - room, high + room]
}
