import type { Command } from 'commander'
import { verifyObjects } from '#platform/objects'
import type { Output } from '../output.ts'
import { withSystem } from '../with-system.ts'

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`

export function objectCommands(program: Command, output: Output): void {
  const commands = program.command('objects').description('models, datasets, the lake and exports')

  commands
    .command('verify')
    .description('read every object that has a manifest, and compare its SHA-256; fails on damage')
    .option('--prefix <prefix>', 'only keys that begin so, such as models/', '')
    .action(({ prefix }: { prefix: string }) =>
      withSystem(async ({ objects }) => {
        const report = await verifyObjects(objects, {
          prefix,
          onProgress: ({ good, goodBytes }) =>
            output.progress(`${good} objects, ${megabytes(goodBytes)}`),
        })
        const { good, goodBytes, damaged, withoutManifest } = report
        output.line(`${good} objects are as they were put (${megabytes(goodBytes)}).`)
        if (withoutManifest > 0) output.line(`${withoutManifest} more have no manifest.`)
        if (damaged.length > 0) output.line(`${damaged.length} are damaged:`)
        output.table(damaged.map(({ key, fault, problem }) => [key, fault, problem]))
        output.result(report)
        if (damaged.length > 0) process.exitCode = 1
      }),
    )
}
