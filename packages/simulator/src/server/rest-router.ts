/** What a route was found with: its pattern and the text of its `:parameters`. */
export interface RouteMatch<T> {
  readonly pattern: string
  readonly handler: T
  readonly params: Readonly<Record<string, string>>
}

interface Route<T> {
  readonly pattern: string
  readonly segments: readonly string[]
  readonly handler: T
}

/** Finds handlers by method and path; `:name` stands for one segment. Routes without parameters win. */
export class RestRouter<T> {
  private readonly routes = new Map<string, Route<T>[]>()

  /** @param pattern - For example `DELETE /spot/orders/:order_id`. */
  add(pattern: string, handler: T): this {
    const [method = '', path = ''] = pattern.split(' ')
    const list = this.routes.get(method) ?? []
    list.push({ pattern, segments: path.split('/'), handler })
    list.sort((a, b) => parameters(a) - parameters(b))
    this.routes.set(method, list)
    return this
  }

  find(method: string, path: string): RouteMatch<T> | undefined {
    const segments = path.split('/')
    for (const route of this.routes.get(method) ?? []) {
      const params = matchSegments(route.segments, segments)
      if (params !== undefined) return { pattern: route.pattern, handler: route.handler, params }
    }
    return undefined
  }

  /** Whether another method is served at `path`. */
  hasPath(path: string): boolean {
    return [...this.routes.keys()].some((method) => this.find(method, path) !== undefined)
  }
}

const parameters = (route: Route<unknown>): number => route.segments.filter((part) => part.startsWith(':')).length

function matchSegments(route: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (route.length !== path.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, part] of route.entries()) {
    const text = path[i]!
    if (part.startsWith(':')) params[part.slice(1)] = text
    else if (part !== text) return undefined
  }
  return params
}
