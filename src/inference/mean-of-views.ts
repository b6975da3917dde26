/** The mean over each picture's views: (N · views, classes) → (N, classes). */
export function meanOfViews(probabilities: Float32Array, views: number, classes: number): Float32Array {
  const means = new Float32Array(probabilities.length / views)
  for (let i = 0; i < means.length; i++) {
    const picture = Math.floor(i / classes)
    let sum = 0
    for (let view = 0; view < views; view++) sum += probabilities[(picture * views + view) * classes + (i % classes)]
    means[i] = sum / views
  }
  return means
}
