export function TryView() {
  return (
    <header class="page-head">
      <h1 tabIndex={-1}>Try</h1>
    </header>
  )
}
