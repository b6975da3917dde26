import type { LabelProbability, LayerActivations, WebClassifier } from 'alexnet/web'
import { useEffect, useState } from 'preact/hooks'
import { percent } from '../ui/numbers.ts'
import { short } from '../ui/slider.tsx'
import { evidenceFor } from './evidence-terms.ts'

interface EvidenceProps {
  readonly classifier: WebClassifier
  readonly activations: readonly LayerActivations[]
  readonly answer: LabelProbability
}

const SHOWN = 10

/** What the score of the strongest class is made of. */
export function Evidence({ classifier, activations, answer }: EvidenceProps) {
  const [evidence, setEvidence] = useState<ReturnType<typeof evidenceFor> | null>(null)
  useEffect(() => {
    let current = true
    // The last layer is fully connected; what it works on is the answer of the layer before it.
    const last = activations.at(-1)!.layer
    const before = activations.at(-2)!
    Promise.all([classifier.parameter(`${last}.weight`), classifier.parameter(`${last}.bias`)]).then(
      ([weight, bias]) => {
        if (current) setEvidence(evidenceFor(answer.index, before.data, weight.data, bias.data[answer.index]))
      },
      () => {
        // A network that does not end with a fully connected layer has no such sum.
        if (current) setEvidence(null)
      },
    )
    return () => {
      current = false
    }
  }, [classifier, activations, answer.index])
  if (!evidence) return null
  const strongest = Math.abs(evidence.terms[0].value)
  return (
    <section class="panel" aria-label="Evidence">
      <div>
        <h2 class="h3">What the answer is made of</h2>
        <p class="small soft">
          <strong>{answer.label}</strong> has {percent(answer.probability)}. Its score is a sum over the units of the
          last hidden layer, answer times weight; these weigh most.
        </p>
      </div>
      <ul class="bars signed" aria-label={`Strongest evidence for and against ${answer.label}`}>
        {evidence.terms.slice(0, SHOWN).map(({ unit, value }) => (
          <li key={unit}>
            <span>unit {unit + 1}</span>
            <span class="track" aria-hidden="true">
              <span
                class={value >= 0 ? 'fill for' : 'fill against'}
                style={{ width: `${(50 * Math.abs(value)) / strongest}%` }}
              />
            </span>
            <span class="value">{short(value)}</span>
          </li>
        ))}
      </ul>
      <p class="small soft">
        All {evidence.terms.length} units and the bias: {short(evidence.score)}.
      </p>
    </section>
  )
}
