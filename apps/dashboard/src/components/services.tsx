import type { LiveModel } from '@cex-arbitrage/arbitrage-runner/live-model'
import { createContext, type ComponentChildren } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { ControlApi } from '../model/control-api.js'
import type { HistoryApi } from '../model/history-api.js'
import type { LiveState, LiveStore } from '../model/live-store.js'
import type { TokenStore } from '../model/token-store.js'

/** What the parts of the page work with. */
export interface Services {
  readonly store: LiveStore
  readonly api: ControlApi
  readonly history: HistoryApi
  readonly tokens: TokenStore
  readonly storage: Storage
  /** Unix milliseconds. */
  readonly now: () => number
}

const ServicesContext = createContext<Services | undefined>(undefined)

/** Hands the services to every part within. */
export function ServicesProvider({
  services,
  children,
}: {
  readonly services: Services
  readonly children: ComponentChildren
}) {
  return <ServicesContext.Provider value={services}>{children}</ServicesContext.Provider>
}

/** @throws Error outside of the page. */
export function useServices(): Services {
  const services = useContext(ServicesContext)
  if (services === undefined) throw new Error('This part belongs on the page.')
  return services
}

/** One part of the live state; draws anew only when that part has changed. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const { store } = useServices()
  const [value, setValue] = useState(() => select(store.state))
  useEffect(() => {
    const update = (): void => setValue(() => select(store.state))
    update()
    return store.subscribe(update)
  }, [store])
  return value
}

/** One section of the model; `undefined` until the engine has said hello. */
export function useSection<K extends keyof LiveModel>(section: K): LiveModel[K] | undefined {
  return useLive(({ model }) => model?.[section])
}
