import { readdirSync, readFileSync } from 'node:fs'

const NUMBER = /^\d+$/

/** The parent of each process, by pid. */
function parents(): Map<number, number> {
  const found = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => NUMBER.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      // The name in brackets may hold anything, spaces and brackets too.
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      found.set(Number(name), Number(parent))
    } catch {
      // It ended while we looked.
    }
  }
  return found
}

/** A process and everything it has started, parents first. */
export function processTree(root: number): number[] {
  const all = [...parents()]
  const tree = [root]
  for (const pid of tree) {
    for (const [child, parent] of all) if (parent === pid) tree.push(child)
  }
  return tree
}

/** Signals a process with all it has started: a server's own children do not always follow it. */
export function signalTree(root: number, signal: NodeJS.Signals): void {
  for (const pid of processTree(root)) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended by itself.
    }
  }
}
