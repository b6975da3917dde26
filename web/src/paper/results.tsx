import { Part } from './part.tsx'

const rows: readonly (readonly [string, string])[] = [
  ['ILSVRC-2012 validation, one network, ten views', '40.7 / 18.2'],
  ['ILSVRC-2010 test, ten views', '37.5 / 17.0'],
  ['ILSVRC-2010 test, centre crop', '39.0 / 18.3'],
  ['without local response normalisation', '+1.4 / +1.2'],
  ['without overlapping pooling', '+0.4 / +0.3'],
  ['half-size network on one card', '+1.7 / +1.2'],
]

export function Results({ id }: { id: string }) {
  return (
    <Part
      id={id}
      title="What came of it"
      source="Sections 3 and 6"
      text={
        <>
          <p>
            The entry of seven averaged networks won the 2012 competition with 15.3 % top-5 error; the second best had
            26.2 %. A picture counts as right in the top-5 error when its class is among the network's five best
            guesses.
          </p>
          <p>
            Which of its ideas lasted: ReLU, dropout, augmentation, momentum and plain depth. Local response
            normalisation did not; batch normalisation took its place.
          </p>
        </>
      }
    >
      <table>
        <caption class="for-screen-readers">Published errors</caption>
        <thead>
          <tr>
            <th scope="col">Published</th>
            <th scope="col" class="number">
              Error, top-1 / top-5, %
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([what, error]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td class="number">{error}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  )
}
