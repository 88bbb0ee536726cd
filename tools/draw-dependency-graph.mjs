// Draws which package uses which, from their package.json files: docs/dependency-graph.svg and .md.
// --check says whether the drawings are current and exits 1 when they are not.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readWorkspace } from './workspace-model.mjs'

/** @typedef {{ name: string, layer: string, uses: string[] }} GraphNode */

const rows = ['app', 'storage', 'trading', 'hummingbot', 'exchanges', 'networking', 'config', 'common']
const box = { width: 190, height: 44, gapX: 60, gapY: 46, margin: 30 }

/**
 * Packages with what they use directly, without what one of those uses already.
 *
 * @param {string} root
 * @returns {GraphNode[]}
 */
export function readGraph(root) {
  const packages = readWorkspace(root)
  const short = (/** @type {string} */ name) => name.replace(/^@[^/]+\//, '')
  const names = packages.map(({ name }) => name)
  const uses = new Map(packages.map(({ name, dependencies }) => [name, names.filter((other) => other in dependencies)]))
  const reaches = (/** @type {string} */ from, /** @type {string} */ to) =>
    (uses.get(from) ?? []).some((next) => next === to || reaches(next, to))
  return packages
    .map(({ name, layer }) => {
      const direct = uses.get(name) ?? []
      const needed = direct.filter((other) => !direct.some((via) => via !== other && reaches(via, other)))
      return { name: short(name), layer, uses: needed.map(short).toSorted() }
    })
    .toSorted((a, b) => rowOf(a) - rowOf(b) || a.name.localeCompare(b.name))
}

/** @param {GraphNode} node */
const rowOf = (node) => (node.layer === 'simulator' ? rows.indexOf('networking') : rows.indexOf(node.layer))

/**
 * @param {GraphNode[]} nodes
 * @returns {string}
 */
export function renderMermaid(nodes) {
  const edges = nodes.flatMap(({ name, uses }) => uses.map((other) => `  ${name} --> ${other}`))
  return `# Who uses whom

Generated from the package.json files by \`npm run graph\`. An arrow that follows from two others is left out.

![Dependencies of the packages](dependency-graph.svg)

\`\`\`mermaid
flowchart TD
${nodes.map(({ name }) => `  ${name}`).join('\n')}
${edges.join('\n')}
\`\`\`
`
}

/**
 * @param {GraphNode[]} nodes
 * @returns {string}
 */
export function renderSvg(nodes) {
  const placed = place(nodes)
  const width = Math.max(...[...placed.values()].map(({ x }) => x)) + box.width + box.margin
  const height = Math.max(...[...placed.values()].map(({ y }) => y)) + box.height + box.margin
  const boxes = nodes.map(({ name, layer }) => {
    const { x, y } = placed.get(name) ?? { x: 0, y: 0 }
    const fill = layer === 'simulator' ? '#fff4e0' : layer === 'app' ? '#e5f4ea' : '#eaf1fb'
    return `  <rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="8" fill="${fill}" stroke="#3b4a5e"/>
  <text x="${x + box.width / 2}" y="${y + box.height / 2 + 5}" text-anchor="middle">${name}</text>`
  })
  const arrows = nodes.flatMap(({ name, uses }) => uses.map((other) => arrow(placed.get(name), placed.get(other))))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="15" role="img" aria-label="Dependencies of the packages">
  <defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" fill="#3b4a5e"/></marker></defs>
  <rect width="100%" height="100%" fill="#ffffff"/>
${[...arrows, ...boxes].join('\n')}
</svg>
`
}

/** @param {GraphNode[]} nodes */
function place(nodes) {
  const placed = new Map()
  const used = [...new Set(nodes.map(rowOf))].toSorted((a, b) => a - b)
  for (const node of nodes) {
    const column = nodes.filter((other) => rowOf(other) === rowOf(node) && other.layer !== 'simulator').indexOf(node)
    const x = node.layer === 'simulator' ? 1 : column
    placed.set(node.name, {
      x: box.margin + x * (box.width + box.gapX),
      y: box.margin + used.indexOf(rowOf(node)) * (box.height + box.gapY),
    })
  }
  return placed
}

/**
 * @param {{ x: number, y: number } | undefined} from
 * @param {{ x: number, y: number } | undefined} to
 */
function arrow(from, to) {
  if (from === undefined || to === undefined) return ''
  const right = (/** @type {{ x: number }} */ { x }) => x + box.width
  const middle = (/** @type {{ y: number }} */ { y }) => y + box.height / 2
  const centre = from.x + box.width / 2
  const bottom = from.y + box.height
  let path = `M${centre} ${bottom} V${to.y}`
  // Around what stands between: on the left in one column, else through the gap between the columns.
  if (from.x === to.x && to.y - bottom > box.gapY)
    path = `M${from.x} ${middle(from)} C${from.x - box.margin} ${bottom} ${to.x - box.margin} ${to.y} ${to.x} ${middle(to)}`
  if (from.x < to.x)
    path = `M${right(from)} ${middle(from)} C${right(from) + box.gapX} ${middle(from)} ${to.x - box.gapX} ${middle(to)} ${to.x} ${middle(to)}`
  if (from.x > to.x)
    path = `M${centre} ${bottom} C${centre} ${middle(to)} ${right(to) + box.gapX} ${middle(to)} ${right(to)} ${middle(to)}`
  return `  <path d="${path}" fill="none" stroke="#3b4a5e" marker-end="url(#tip)"/>`
}

/**
 * Writes the drawings, or with `check` names those that are not current.
 *
 * @param {string} root
 * @param {boolean} check
 * @returns {string[]}
 */
export function drawDependencyGraph(root, check) {
  const nodes = readGraph(root)
  const drawings = [
    ['dependency-graph.svg', renderSvg(nodes)],
    ['dependency-graph.md', renderMermaid(nodes)],
  ]
  const stale = []
  for (const [name = '', text = ''] of drawings) {
    const file = join(root, 'docs', name)
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
    stale.push(`docs/${name}`)
    if (check) continue
    mkdirSync(join(root, 'docs'), { recursive: true })
    writeFileSync(file, text)
  }
  return stale
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check')
  const stale = drawDependencyGraph(fileURLToPath(new URL('..', import.meta.url)), check)
  for (const name of stale) console.log(check ? `${name} is not current; run npm run graph` : `wrote ${name}`)
  if (check && stale.length > 0) process.exitCode = 1
}
