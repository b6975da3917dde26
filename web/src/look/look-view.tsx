import { useState } from 'preact/hooks'
import { net } from '../net/net.ts'
import { NetPanel } from '../net/net-panel.tsx'
import { picture } from '../net/picture.ts'
import { PicturePanel } from '../net/picture-panel.tsx'
import { useLatest } from '../net/use-latest.ts'
import { Problem } from '../ui/problem.tsx'
import { Enlarged, type Enlargement } from './enlarged.tsx'
import { Evidence } from './evidence.tsx'
import { FeatureMaps } from './feature-maps.tsx'
import { FirstFilters } from './first-filters.tsx'
import { Occlusion } from './occlusion.tsx'

export function LookView() {
  const classifier = net.value?.classifier
  const image = picture.value
  const [enlarged, setEnlarged] = useState<Enlargement | null>(null)
  const { value, busy, problem } = useLatest(
    [classifier, image],
    classifier && image
      ? async () => ({
          classifier,
          image,
          activations: await classifier.activations(image),
          top: await classifier.predict(image, 5),
        })
      : undefined,
  )
  return (
    <>
      <header class="page-head">
        <h1 tabIndex={-1}>Look inside</h1>
        <p>
          What each layer makes of a picture, which part of it carries the answer, and what the answer is made of. Click
          a map to enlarge it.
        </p>
      </header>
      <div class="look-sources">
        <PicturePanel />
        <NetPanel />
      </div>
      <Problem error={problem} />
      {value ? (
        <div class="train-live" aria-busy={busy}>
          <div class="look-sources">
            <Occlusion classifier={value.classifier} image={value.image} answer={value.top[0]} />
            <Evidence classifier={value.classifier} activations={value.activations} answer={value.top[0]} />
          </div>
          <FirstFilters classifier={value.classifier} onEnlarge={setEnlarged} />
          <FeatureMaps activations={value.activations} onEnlarge={setEnlarged} />
        </div>
      ) : (
        <p class="panel soft">{classifier && image ? 'One moment …' : 'It needs a network and a picture.'}</p>
      )}
      <Enlarged what={enlarged} onClose={() => setEnlarged(null)} />
    </>
  )
}
