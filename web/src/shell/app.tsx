import { useEffect, useRef } from 'preact/hooks'
import { LookView } from '../look/look-view.tsx'
import { PaperView } from '../paper/paper-view.tsx'
import { RunsView } from '../runs/runs-view.tsx'
import { TrainView } from '../train/train-view.tsx'
import { TryView } from '../try/try-view.tsx'
import { linkTo, route, type View, views } from './router.ts'
import { ThemeSwitch } from './theme-switch.tsx'

const names: Record<View, string> = {
  train: 'Train',
  try: 'Try',
  look: 'Look inside',
  paper: 'The paper',
  runs: 'Runs',
}

const components = { train: TrainView, try: TryView, look: LookView, paper: PaperView, runs: RunsView }

export function App() {
  const { view } = route.value
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  const View = components[view]

  useEffect(() => {
    document.title = `${names[view]} · AlexNet`
    if (first.current) {
      first.current = false
      return
    }
    scrollTo(0, 0)
    main.current?.querySelector('h1')?.focus({ preventScroll: true })
  }, [view])

  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <div class="top-row">
          <a class="wordmark" href={linkTo('train')}>
            <img src="./icon.svg" alt="" width="24" height="24" /> AlexNet
          </a>
          <nav aria-label="Views">
            <ul class="views">
              {views.map((name) => (
                <li key={name}>
                  <a href={linkTo(name)} aria-current={name === view ? 'page' : undefined}>
                    {names[name]}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <ThemeSwitch />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <View />
      </main>
      <footer class="foot">
        Everything on this page is computed on this machine. Pictures and weights that you open never leave it. Neurons,
        epochs, loss: <a href="./primer.html">what the words mean</a>.
      </footer>
    </>
  )
}
