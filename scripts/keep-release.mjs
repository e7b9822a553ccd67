// Keeps a released commit's server beside the migrations, so that any checkout, a shallow one
// included, can run it on today's schema: node scripts/keep-release.mjs <commit>
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const migrations = resolve(import.meta.dirname, '../server/migrations')
const git = (...args) =>
  execFileSync('git', ['-C', resolve(migrations, '../..'), ...args], { maxBuffer: 2 ** 26 })

const [commit] = process.argv.slice(2)
if (!commit) {
  console.error('usage: npm run release:keep -- <commit>')
  process.exit(2)
}
const name = git('rev-parse', '--verify', `${commit}^{commit}`).toString().trim()
// What its API needs to run; its tests and benchmarks are not run any more.
const kept = ['package.json', 'server/package.json', 'server/src', 'server/migrations']
const left = ['*.test.ts', 'server/src/bench', 'server/migrations/released.tgz']
writeFileSync(
  resolve(migrations, 'released.tgz'),
  git('archive', '--format=tgz', name, ...kept, ...left.map((path) => `:(exclude)${path}`)),
)
writeFileSync(resolve(migrations, 'RELEASED'), `${name}\n`)
console.log(`kept ${name}`)
