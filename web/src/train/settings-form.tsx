import { parseSchedule } from 'alexnet'
import { devices, formatRecipe } from 'alexnet/web'
import { Choice } from '../ui/choice.tsx'
import { FileButton } from '../ui/file-button.tsx'
import { count } from '../ui/numbers.ts'
import { saveFile } from '../ui/save-file.ts'
import { Select } from '../ui/select.tsx'
import { Slider, short } from '../ui/slider.tsx'
import { AugmentationSettings } from './augmentation-settings.tsx'
import { problem } from './session.ts'
import {
  change,
  chooseData,
  chooseModel,
  cifarFiles,
  dataOf,
  device,
  hasHeadOptions,
  modelOf,
  openCifar,
  recipe,
  startingPoint,
} from './settings.ts'

/** All that can be chosen before a training starts. */
export function SettingsForm({ disabled }: { disabled: boolean }) {
  const { model, training, optimizer, schedule } = recipe.value
  const fixed = disabled || startingPoint.value !== null
  return (
    <form class="panel settings" onSubmit={(event) => event.preventDefault()}>
      <h2 class="h3">Settings</h2>
      <fieldset class="plain" disabled={fixed}>
        <PicturesSettings />
        <Select
          label="Network"
          value={modelOf(recipe.value)}
          options={[
            { value: 'alexnet-cifar', label: 'AlexNet for 32×32' },
            { value: '80sec', label: 'cuda-convnet 80sec' },
            { value: '19pct', label: 'cuda-convnet 19pct' },
            { value: '18pct', label: 'cuda-convnet 18pct, with LRN' },
          ]}
          onChange={chooseModel}
        />
        <Slider
          label="Width"
          scale="log"
          min={0.125}
          max={1}
          value={model.width ?? 1}
          format={(value) => `× ${short(value)}`}
          disabled={fixed}
          onChange={(width) => change('model', { width })}
        />
        <Choice
          label="Neurons"
          value={model.activation ?? 'relu'}
          options={[
            { value: 'relu', label: 'ReLU' },
            { value: 'tanh', label: 'tanh' },
          ]}
          onChange={(activation) => change('model', { activation })}
        />
        <Choice
          label="Pooling"
          value={model.pooling ?? 'overlapping'}
          options={[
            { value: 'overlapping', label: 'overlapping' },
            { value: 'plain', label: 'plain' },
          ]}
          onChange={(pooling) => change('model', { pooling })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={model.lrn ?? model.name === '18pct'}
            onChange={(event) => change('model', { lrn: event.currentTarget.checked })}
          />
          Local response normalisation
        </label>
        {hasHeadOptions(recipe.value) && (
          <>
            <Slider
              label="Dropout"
              min={0}
              max={0.8}
              step={0.05}
              value={model.dropout ?? 0.5}
              format={(value) => value.toFixed(2)}
              disabled={fixed}
              onChange={(dropout) => change('model', { dropout })}
            />
            <Select
              label="Start of the weights"
              value={model.initial ?? 'fan-in'}
              options={[
                { value: 'he', label: 'He' },
                { value: 'fan-in', label: 'PyTorch' },
                { value: 'paper', label: 'the paper' },
                { value: 'ones', label: 'all biases 1' },
              ]}
              onChange={(initial) => change('model', { initial })}
            />
          </>
        )}
        <AugmentationSettings />
        <Select
          label="Batch"
          value={String(training.batchSize)}
          options={batchSizes(training.batchSize)}
          onChange={(value) => change('training', { batchSize: Number(value) })}
        />
      </fieldset>
      <fieldset class="plain" disabled={disabled}>
        <Slider
          label="Epochs"
          min={1}
          max={40}
          step={1}
          value={training.epochs}
          format={String}
          disabled={disabled}
          onChange={(epochs) => change('training', { epochs })}
        />
        <Slider
          label={schedule.kind === 'one-cycle' ? 'Highest rate ε' : 'Rate ε at the start'}
          scale="log"
          min={1e-4}
          max={0.1}
          value={optimizer.rate}
          disabled={disabled}
          onChange={(rate) => change('optimizer', { rate })}
        />
        <details>
          <summary>More</summary>
          <div class="plain">
            <Select
              label="The rate"
              value={schedule.kind === 'steps' || schedule.kind === 'plateau' ? 'drops' : schedule.kind}
              options={[
                { value: 'cosine', label: 'falls along a cosine' },
                { value: 'one-cycle', label: 'rises to ε first, then falls: one cycle' },
                { value: 'constant', label: 'stays' },
                { value: 'drops', label: 'a tenth after three quarters' },
              ]}
              onChange={(kind) => {
                recipe.value = {
                  ...recipe.value,
                  schedule: parseSchedule(
                    kind === 'drops' ? `drops:${Math.max(1, Math.round(0.75 * training.epochs))}` : kind,
                  ),
                }
              }}
            />
            {optimizer.kind === 'sgd' && (
              <Slider
                label="Momentum μ"
                min={0}
                max={0.99}
                step={0.01}
                value={optimizer.momentum}
                disabled={disabled}
                onChange={(momentum) => change('optimizer', { momentum })}
              />
            )}
            <Slider
              label={hasHeadOptions(recipe.value) ? 'Weight decay λ' : "Weight decay, times each layer's own"}
              min={0}
              max={hasHeadOptions(recipe.value) ? 0.01 : 2}
              step={hasHeadOptions(recipe.value) ? 0.0005 : 0.1}
              value={optimizer.weightDecay}
              disabled={disabled}
              onChange={(weightDecay) => change('optimizer', { weightDecay })}
            />
            <Slider
              label="Seed"
              min={1}
              max={20}
              step={1}
              value={training.seed}
              format={String}
              disabled={fixed}
              onChange={(seed) => change('training', { seed })}
            />
            {'gpu' in navigator && (
              <Choice
                label="Computed by"
                value={device.value}
                options={devices.map((value) => ({ value, label: value === 'cpu' ? 'processor' : 'graphics card' }))}
                onChange={(value) => {
                  device.value = value
                }}
              />
            )}
            <p class="small soft">
              The same training on the command line: save the recipe, then{' '}
              <code>npx alexnet train --recipe ./recipe.yaml</code>
            </p>
            <button
              type="button"
              class="button quiet"
              onClick={() => saveFile(formatRecipe(recipe.value), 'recipe.yaml')}
            >
              Save the recipe
            </button>
          </div>
        </details>
      </fieldset>
    </form>
  )
}

function PicturesSettings() {
  const data = dataOf(recipe.value)
  const opened = cifarFiles.value
  return (
    <>
      <Choice
        label="Pictures"
        value={data}
        options={[
          { value: 'shapes', label: 'shapes' },
          { value: 'cifar10', label: 'CIFAR-10' },
        ]}
        onChange={chooseData}
      />
      {data === 'cifar10' && (
        <div class="field">
          <FileButton
            accept=".bin"
            multiple
            onFiles={(files) => {
              problem.value = null
              openCifar(files).catch((error: unknown) => {
                problem.value = error
              })
            }}
          >
            Open the .bin files
          </FileButton>
          <span class="hint">
            {opened
              ? `${count(opened.train.reduce((sum, { bytes }) => sum + bytes.length / 3073, 0))} to learn from, ${count(opened.test.reduce((sum, { bytes }) => sum + bytes.length / 3073, 0))} for the test`
              : 'data_batch_1.bin … data_batch_5.bin and test_batch.bin of the binary version, together'}
          </span>
        </div>
      )}
    </>
  )
}

function batchSizes(own: number): { value: string; label: string }[] {
  return [...new Set([16, 32, 64, 128, 256, own])]
    .sort((a, b) => a - b)
    .map((size) => ({ value: String(size), label: `${size} pictures` }))
}
