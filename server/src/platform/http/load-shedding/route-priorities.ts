import type { RouteOptions } from 'fastify'
import type { Priority } from './admission.ts'

/** What is known of a route before the router has seen the request. */
export interface KnownRoute {
  method: string
  url: string
  priority: Priority
}

/** The routes whose paths have no variable part, which are nearly all, by method and path. */
export function routePriorities() {
  const routes = new Map<string, KnownRoute>()
  return {
    add({ method, url, config }: Pick<RouteOptions, 'method' | 'url' | 'config'>): void {
      if (/[:*]/.test(url)) return
      const { priority = 'normal' } = config ?? {}
      for (const one of [method].flat()) {
        routes.set(`${one} ${url}`, { method: one, url, priority })
      }
    },
    /** Undefined when the router must be asked. */
    find(method: string, target: string): KnownRoute | undefined {
      const query = target.indexOf('?')
      return routes.get(`${method} ${query === -1 ? target : target.slice(0, query)}`)
    },
  }
}
