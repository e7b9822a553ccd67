import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Stops the server (fast shutdown) when this process ends without having done so, even by SIGKILL:
 * a shell waits on a pipe that only this process holds open, so its end is ours.
 * Where there is no shell the server stays, and the next start adopts it.
 */
export function guardServer(pid: number): { release(): void } {
  if (process.platform === 'win32') return { release: () => undefined }
  const shell: ChildProcess = spawn(
    '/bin/sh',
    ['-c', 'read -r _; kill -INT "$1"', 'sh', String(pid)],
    { cwd: '/', env: {}, detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  )
  shell.on('error', () => undefined)
  shell.unref()
  if (shell.stdin && 'unref' in shell.stdin && typeof shell.stdin.unref === 'function') {
    shell.stdin.unref()
  }
  return { release: () => void shell.kill('SIGKILL') }
}
