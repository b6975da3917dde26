import { useEffect, useState } from 'preact/hooks'
import { linkTo, route } from '../shell/router.ts'
import { parts } from './parts.ts'

export function PaperView() {
  const { rest } = route.value
  const current = useCurrentPart()

  useEffect(() => {
    if (!rest) return
    const title = document.getElementById(`title-${rest}`)
    document.getElementById(`part-${rest}`)?.scrollIntoView()
    title?.focus({ preventScroll: true })
  }, [rest])

  return (
    <>
      <header class="page-head">
        <h1 tabIndex={-1}>The paper, part by part</h1>
        <p>
          <cite>ImageNet Classification with Deep Convolutional Neural Networks</cite> by Alex Krizhevsky, Ilya
          Sutskever and Geoffrey Hinton won the ImageNet challenge of 2012. Each idea of it stands here with its formula
          and a figure to play with; the figures are computed by this project's own operators.
        </p>
      </header>
      <div class="paper">
        <nav class="contents" aria-label="Parts of the paper">
          <ol>
            {parts.map(({ id, title }) => (
              <li key={id}>
                <a href={linkTo('paper', id)} aria-current={id === current ? 'location' : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <div class="parts">
          {parts.map(({ id, Content }) => (
            <Content key={id} id={id} />
          ))}
        </div>
      </div>
    </>
  )
}

/** The part that is being read: the last one whose top has passed the upper third of the window. */
function useCurrentPart(): string {
  const [current, setCurrent] = useState(parts[0].id)
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        const entered = entries.find(({ isIntersecting }) => isIntersecting)
        if (entered) setCurrent(entered.target.id.replace('part-', ''))
      },
      { rootMargin: '-20% 0px -70% 0px' },
    )
    for (const { id } of parts) observer.observe(document.getElementById(`part-${id}`)!)
    return () => observer.disconnect()
  }, [])
  return current
}
