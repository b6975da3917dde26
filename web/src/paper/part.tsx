import type { ComponentChildren } from 'preact'
import { linkTo } from '../shell/router.ts'

interface PartProps {
  readonly id: string
  readonly title: string
  /** Where the paper says it. */
  readonly source: string
  /** The explanation, with its formula. */
  readonly text: ComponentChildren
  /** The figure. */
  readonly children: ComponentChildren
}

/** One part of the paper: words and formula on one side, something to play with on the other. */
export function Part({ id, title, source, text, children }: PartProps) {
  return (
    <section class="part" id={`part-${id}`} aria-labelledby={`title-${id}`}>
      <header class="part-head">
        <h2 id={`title-${id}`} tabIndex={-1}>
          <a href={linkTo('paper', id)}>{title}</a>
        </h2>
        <p class="source">{source}</p>
      </header>
      <div class="part-text">{text}</div>
      <div class="panel">{children}</div>
    </section>
  )
}
