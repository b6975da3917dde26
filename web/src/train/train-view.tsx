export function TrainView() {
  return (
    <header class="page-head">
      <h1 tabIndex={-1}>Train</h1>
    </header>
  )
}
