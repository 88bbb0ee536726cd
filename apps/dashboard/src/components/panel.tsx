import type { ComponentChildren } from 'preact'

export interface PanelProps {
  /** Unique on the page; names the heading. */
  readonly id: string
  readonly title: string
  /** Beside the title. */
  readonly aside?: ComponentChildren
  readonly className?: string
  readonly children: ComponentChildren
}

/** A titled region of the page. */
export function Panel({ id, title, aside, className = '', children }: PanelProps) {
  return (
    <section class={`panel ${className}`} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  )
}
