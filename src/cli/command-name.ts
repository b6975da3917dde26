/** What the user types to call this program: in a clone, or without installing it, that is `npx alexnet`. */
export const commandName = process.env.npm_command === 'exec' ? 'npx alexnet' : 'alexnet'
