import type { TransformSettings } from 'alexnet'
import { change, recipe } from './settings.ts'

/** Kinds that can be switched on with one click, with the settings that suit pictures of 32×32. */
const offered: readonly { readonly label: string; readonly transform: TransformSettings }[] = [
  { label: 'random crops', transform: { kind: 'random-crop', padding: 2 } },
  { label: 'mirror images', transform: { kind: 'mirror' } },
  { label: 'vertical flips', transform: { kind: 'vertical-flip' } },
  { label: 'rotation up to 25°', transform: { kind: 'rotation', degrees: 25 } },
  { label: 'scaling by up to a fifth', transform: { kind: 'scaling', scale: [0.8, 1.2] } },
  { label: 'translation by up to a tenth', transform: { kind: 'translation', share: 0.1 } },
  { label: 'RandAugment', transform: { kind: 'rand-augment', operations: 2, magnitude: 9 } },
  {
    label: 'colour jitter',
    transform: { kind: 'colour-jitter', brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0 },
  },
  {
    label: 'random erasing',
    transform: { kind: 'random-erasing', probability: 0.5, scale: [0.02, 0.33], ratio: [0.3, 3.3], fill: 'mean' },
  },
  { label: 'Gaussian noise', transform: { kind: 'gaussian-noise', deviation: 12 } },
  { label: 'colour noise', transform: { kind: 'colour-noise', deviation: 0.1 } },
]

export function AugmentationSettings() {
  const { augmentation } = recipe.value.data
  return (
    <fieldset class="field">
      <legend>Augmentation</legend>
      {offered.map(({ label, transform }) => (
        <label class="check" key={label}>
          <input
            type="checkbox"
            checked={augmentation.some(({ kind }) => kind === transform.kind)}
            onChange={(event) => {
              const others = augmentation.filter(({ kind }) => kind !== transform.kind)
              change('data', { augmentation: event.currentTarget.checked ? [...others, transform] : others })
            }}
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}
