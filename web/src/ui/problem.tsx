import { AlexNetError, messageOf } from 'alexnet'

/** What went wrong, and what to do. */
export function Problem({ error }: { error: unknown }) {
  if (error === undefined || error === null) return null
  const hint = error instanceof AlexNetError ? error.hint : undefined
  return (
    <p class="notice warn" role="alert">
      {capitalised(messageOf(error))}.{hint ? ` ${hint}` : ''}
    </p>
  )
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
