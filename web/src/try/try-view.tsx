import { net } from '../net/net.ts'
import { NetPanel } from '../net/net-panel.tsx'
import { picture } from '../net/picture.ts'
import { PicturePanel } from '../net/picture-panel.tsx'
import { useLatest } from '../net/use-latest.ts'
import { linkTo } from '../shell/router.ts'
import { Bars } from '../ui/bars.tsx'
import { Picture } from '../ui/picture.tsx'
import { Problem } from '../ui/problem.tsx'

const TOP = 5

export function TryView() {
  const classifier = net.value?.classifier
  const image = picture.value
  const { value, busy, problem } = useLatest(
    [classifier, image],
    classifier && image
      ? async () => {
          const start = performance.now()
          const top = await classifier.predict(image, TOP)
          const milliseconds = performance.now() - start
          return { top, milliseconds, seen: await classifier.fitted(image) }
        }
      : undefined,
  )
  return (
    <>
      <header class="page-head">
        <h1 tabIndex={-1}>Try it on your own pictures</h1>
        <p>Drop a picture, paste one, or use the camera. It is classified here, in this tab, and leaves it never.</p>
      </header>
      <div class="try">
        <PicturePanel />
        <div class="train-live">
          <NetPanel />
          <section class="panel" aria-label="What the network says" aria-busy={busy}>
            <div class="panel-head">
              <h2 class="h3">What the network says</h2>
              {value && <span class="small soft">{value.milliseconds.toFixed(0)} ms</span>}
            </div>
            <Problem error={problem} />
            {value ? (
              <>
                <p class="answer" aria-live="polite">
                  {value.top[0].label}
                </p>
                <Bars
                  label="The most probable classes"
                  bars={value.top.map(({ label, probability }) => ({ label, share: probability }))}
                />
                <div class="seen">
                  <Picture pixels={value.seen} label="What the network sees" />
                  <p class="small soft">
                    What the network sees: the largest square in the middle, at {value.seen.width}×{value.seen.height}{' '}
                    pixels. <a href={linkTo('look')}>Look inside</a> shows what it makes of that.
                  </p>
                </div>
              </>
            ) : (
              <p class="soft">{missing(classifier !== undefined, image !== null)}</p>
            )}
          </section>
        </div>
      </div>
    </>
  )
}

function missing(hasNet: boolean, hasPicture: boolean): string {
  if (hasNet && hasPicture) return 'One moment …'
  if (hasNet) return 'Give it a picture.'
  return hasPicture ? 'It needs a network.' : 'It needs a network and a picture.'
}
