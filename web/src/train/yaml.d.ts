/** See `recipes-as-data.ts`. */
declare module '*.yaml' {
  const data: unknown
  export default data
}
