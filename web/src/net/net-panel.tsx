import { useState } from 'preact/hooks'
import { loadCheckpoint, runs, served } from '../runs/api.ts'
import { linkTo } from '../shell/router.ts'
import { session } from '../train/session.ts'
import { FileButton } from '../ui/file-button.tsx'
import { count } from '../ui/numbers.ts'
import { Problem } from '../ui/problem.tsx'
import { Select } from '../ui/select.tsx'
import { net, opening, openNet } from './net.ts'

/** Which network is used, and where others come from. */
export function NetPanel() {
  const [problem, setProblem] = useState<unknown>(null)
  const attempt = (action: () => Promise<void>) => {
    setProblem(null)
    action().catch(setProblem)
  }
  const open = net.value
  return (
    <section class="panel" aria-label="Network">
      <div class="panel-head">
        <h2 class="h3">Network</h2>
        <span class="small soft" role="status">
          {opening.value ? 'Opening …' : (open?.classifier.engine ?? '')}
        </span>
      </div>
      {open ? (
        <p>
          <strong>{open.name}</strong>
          <span class="small soft block">
            {open.classifier.summary.model}, {count(open.classifier.summary.parameters)} parameters, tells{' '}
            {open.classifier.classes.length} classes apart: {listed(open.classifier.classes)}
          </span>
        </p>
      ) : (
        <p class="soft">
          None yet. <a href={linkTo('train')}>Train one in this tab</a>, or open the <code>best.safetensors</code> or{' '}
          <code>last.safetensors</code> of a run.
        </p>
      )}
      <div class="buttons">
        <FileButton
          accept=".safetensors"
          disabled={opening.value}
          onFiles={([file]) => attempt(async () => openNet(new Uint8Array(await file.arrayBuffer()), file.name))}
        >
          Open weights
        </FileButton>
        {session.value && (
          <button
            type="button"
            class="button"
            disabled={opening.value}
            onClick={() =>
              attempt(async () => openNet(await session.value!.training.checkpoint(), 'trained in this tab'))
            }
          >
            The one trained here
          </button>
        )}
      </div>
      {served.value && runs.value.length > 0 && (
        <Select
          label="From a run"
          value=""
          disabled={opening.value}
          options={[{ value: '', label: 'choose …' }, ...runs.value.map(({ name }) => ({ value: name, label: name }))]}
          onChange={(name) => {
            if (name) attempt(async () => openNet(await loadCheckpoint(name), name))
          }}
        />
      )}
      <Problem error={problem} />
    </section>
  )
}

function listed(classes: readonly string[]): string {
  return classes.length <= 12 ? `${classes.join(', ')}.` : `${classes.slice(0, 10).join(', ')} and others.`
}
